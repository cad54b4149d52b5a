from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "baiye.outreach"

    def ready(self) -> None:
        """Put what is on in the streets on the public front page, and have stations follow a host that is merged."""
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415

        from baiye.core import messages_kinds  # noqa: PLC0415
        from baiye.outreach.merging import move_station  # noqa: PLC0415 (models are there only now)
        from baiye.outreach.public import opens  # noqa: PLC0415
        from baiye.registry import landing, merges  # noqa: PLC0415

        messages_kinds.declare({"talk": messages_kinds.Kind(_("进校园讲座"))})
        landing.OPENS.append(opens)
        merges.follow("outreach.Station", "host", move_station)
