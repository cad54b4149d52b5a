from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "baiye.outreach"

    def ready(self) -> None:
        """Fill the hooks of the front page, of merged hosts, of calendars, and the list of kinds of messages."""
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415

        from baiye.core import messages_kinds  # noqa: PLC0415
        from baiye.outreach import talk_calendar, talk_public  # noqa: PLC0415
        from baiye.outreach.merging import move_station  # noqa: PLC0415 (models are there only now)
        from baiye.outreach.public import opens  # noqa: PLC0415
        from baiye.registry import landing, merges  # noqa: PLC0415
        from baiye.visits import calendar_entries  # noqa: PLC0415

        messages_kinds.declare({"talk": messages_kinds.Kind(_("进校园讲座"))})
        for provider in (talk_calendar.of_speaker, talk_calendar.of_school):
            calendar_entries.PROVIDERS.add(f"outreach.{provider.__name__}", provider)
        landing.OPENS += [opens, talk_public.opens]
        merges.follow("outreach.Station", "host", move_station)
