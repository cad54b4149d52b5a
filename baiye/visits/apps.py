from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "baiye.visits"

    def ready(self) -> None:
        """Tell the catalogue which courses are held, and the registry when a host last received pupils."""
        from baiye.catalogue import using  # noqa: PLC0415 (models are there only now)
        from baiye.visits.held import courses_held_since  # noqa: PLC0415

        using.HELD.append(courses_held_since)
        from baiye.registry import dormancy  # noqa: PLC0415
        from baiye.visits.host_days import last_visits  # noqa: PLC0415

        dormancy.LAST_VISITS.append(last_visits)
