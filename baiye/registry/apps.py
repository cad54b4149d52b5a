from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "baiye.registry"

    def ready(self) -> None:
        """Say which of our lists come as sheets."""
        from baiye.core.sheets import kinds  # noqa: PLC0415 (models are there only now)
        from baiye.registry.sheets import hosts, venues  # noqa: PLC0415

        kinds.offer(hosts.SHEET, venues.SHEET)
