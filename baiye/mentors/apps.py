from django.apps import AppConfig


class MentorsConfig(AppConfig):
    name = "baiye.mentors"

    def ready(self) -> None:
        """Say that the roster comes as a sheet."""
        from baiye.core.sheets import kinds  # noqa: PLC0415 (models are there only now)
        from baiye.mentors.sheets import roster  # noqa: PLC0415

        kinds.offer(roster.SHEET)
