from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "baiye.incidents"

    def ready(self) -> None:
        """A report names the host that was there, even once it is merged into another; a panel is told of both."""
        from baiye.incidents import conduct as ours  # noqa: PLC0415 (models are there only now)
        from baiye.registry import conduct, merges  # noqa: PLC0415

        for model in ("incidents.Incident", "incidents.Complaint"):
            merges.stay(model, "host")
        conduct.FINDERS.append(ours.known_of)
