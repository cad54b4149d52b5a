from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "baiye.partners"

    def ready(self) -> None:
        """Have pledges follow a host that is merged with another."""
        from baiye.registry import merges  # noqa: PLC0415 (models are there only now)

        merges.follow("partners.Pledge", "host")
