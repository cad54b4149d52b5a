from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "baiye.accounts"

    def ready(self) -> None:
        """Publish what kinds of message there are, and that school coordinators read a digest."""
        from baiye.accounts.deliveries import school_coordinators_among  # noqa: PLC0415 (models load after the app)
        from baiye.accounts.message_kinds import KINDS  # noqa: PLC0415
        from baiye.core import messages_kinds  # noqa: PLC0415

        messages_kinds.declare(KINDS)
        messages_kinds.READERS.append(school_coordinators_among)
