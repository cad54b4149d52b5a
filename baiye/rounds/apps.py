from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "baiye.rounds"

    def ready(self) -> None:
        """Put what is open on the public front page."""
        from baiye.registry.landing import OPENS  # noqa: PLC0415 (models are there only now)
        from baiye.rounds.public import opens  # noqa: PLC0415

        OPENS.append(opens)
