from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "baiye.accounts"

    def ready(self) -> None:
        """Publish the kinds of message, who reads a digest by grant, and that WeCom's userids come as a sheet."""
        from baiye.accounts.deliveries import school_coordinators_among  # noqa: PLC0415 (models load after the app)
        from baiye.accounts.message_kinds import KINDS  # noqa: PLC0415
        from baiye.accounts.sheets import wecom  # noqa: PLC0415
        from baiye.core import messages_kinds  # noqa: PLC0415
        from baiye.core.sheets import kinds  # noqa: PLC0415

        kinds.offer(wecom.SHEET)
        messages_kinds.declare(KINDS)
        messages_kinds.READERS.append(school_coordinators_among)
