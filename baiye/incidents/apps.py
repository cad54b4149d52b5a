from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "baiye.incidents"

    def ready(self) -> None:
        """A report names the host that was there, even once it is merged into another."""
        from baiye.registry import merges  # noqa: PLC0415 (models are there only now)

        for model in ("incidents.Incident", "incidents.Complaint"):
            merges.stay(model, "host")
