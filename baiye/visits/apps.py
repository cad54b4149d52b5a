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
        self._fill_hooks()

    def _fill_hooks(self) -> None:
        """What stands in calendars, and which messages about visits are asked again before they leave."""
        from baiye.core import messages_kinds  # noqa: PLC0415
        from baiye.visits import calendar_entries, calendar_own, reminders  # noqa: PLC0415

        for provider in (calendar_own.of_family, calendar_own.of_mentor, calendar_own.of_host, calendar_own.of_class):
            calendar_entries.PROVIDERS.add(f"visits.{provider.__name__}", provider)
        for kind in (reminders.FAMILY, reminders.ADULT, "visit.moved", "visit.moved_adults"):
            messages_kinds.STANDS.add(kind, reminders.stands)
