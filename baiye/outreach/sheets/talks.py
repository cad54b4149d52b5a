"""Lists of a campaign as Excel files: what is offered, what is asked, the talks."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core import audit, clock, excel
from baiye.core.templatetags.text import han_date
from baiye.outreach.half_days import name_of
from baiye.outreach.models import Campaign, Talk, TalkOffer, TalkRequest
from baiye.outreach.queries.talks import SchoolNeed
from baiye.outreach.talk_words import STATES
from baiye.schools.models import STAGES


def talk_sheet(campaign: Campaign, talks: Iterable[Talk], *, by: User) -> HttpResponse:
    header = [_("日期"), _("时间"), _("学校"), _("地点"), _("班数"), _("题目"), _("主讲人"), _("单位")]
    header += [_("第几志愿"), _("状态"), _("学校在场"), _("听讲人数"), _("取消原因")]
    rows = [
        (
            *(f"{clock.day_of(talk.starts_at)}", han_date(talk.starts_at, "time"), talk.school.unit.name, talk.hall),
            *(len(talk.ask.classes.all()), talk.topic.title, talk.speaker.name, talk.speaker.unit.name),
            *(talk.rank or _("志愿外"), STATES[talk.state], talk.staff, talk.heard or "", talk.ended_because),
        )
        for talk in talks
    ]
    return _given(campaign, _("讲座"), header, rows, by)


def offer_sheet(campaign: Campaign, offers: Iterable[TalkOffer], *, by: User) -> HttpResponse:
    header = [_("主讲人"), _("单位"), _("题目"), _("学段"), _("最多场数"), _("一场班数"), _("已排"), _("半天")]
    rows = [
        (
            *(offer.speaker.name, offer.speaker.unit.name, "、".join(topic.title for topic in offer.topics.all())),
            *(stages(offer.stages), offer.most_talks, offer.most_classes),
            *(getattr(offer, "talks_n"), "；".join(name_of(half) for half in offer.half_days)),  # noqa: B009 - annotated
        )
        for offer in offers
    ]
    return _given(campaign, _("报来的讲座"), header, rows, by)


def request_sheet(campaign: Campaign, requests: Iterable[TalkRequest], *, by: User) -> HttpResponse:
    header = [_("学校"), _("学段"), _("班级"), _("志愿"), _("什么都欢迎"), _("地点"), _("半天"), _("讲座")]
    rows = [
        (
            *(ask.school.unit.name, stages([ask.stage]), "、".join(str(each) for each in ask.classes.all())),
            "；".join(f"{wish.rank} {wish_name(wish)}" for wish in ask.wishes.all()),
            *(_("是") if ask.takes_any else _("否"), ask.hall, "；".join(name_of(half) for half in ask.half_days)),
            "、".join(talk.topic.title for talk in getattr(ask, "live_talks")),  # noqa: B009 - prefetched
        )
        for ask in requests
    ]
    return _given(campaign, _("学校需求"), header, rows, by)


def school_sheet(campaign: Campaign, schools: Iterable[SchoolNeed], *, by: User) -> HttpResponse:
    header = [_("学校"), _("学生"), _("交流次数"), _("需要"), _("需求"), _("讲座")]
    rows = [
        (each.school.unit.name, each.pupils, each.encounters, each.need, each.requests, each.talks) for each in schools
    ]
    return _given(campaign, _("各校需要"), header, rows, by)


def wish_name(wish: object) -> str:
    """The occupation, or the speaker."""
    offer, occupation = getattr(wish, "offer", None), getattr(wish, "occupation", None)
    return str(offer.speaker.name if offer else occupation)


def stages(held: Iterable[str]) -> str:
    names = dict(STAGES)
    return "、".join(names[stage] for stage in held)


def _given(
    campaign: Campaign, name: str, header: list[str], rows: Sequence[Sequence[object]], by: User
) -> HttpResponse:
    audit.record("talks.exported", by=by, on=campaign, at_unit=campaign.unit.path, rows=len(rows))
    return excel.download(f"{campaign.title} {name}", excel.workbook(name, header, rows))
