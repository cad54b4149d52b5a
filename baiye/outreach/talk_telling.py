"""What speakers, schools and organisers read about talks, once each."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission
from baiye.accounts.queries import people_with
from baiye.core import clock, messages
from baiye.core.templatetags.text import han_date
from baiye.mentors.models import Mentor
from baiye.outreach.models import Campaign, Match, MatchedTalk, Talk
from baiye.outreach.queries.talks import talks_to_come
from baiye.schools.models import School


def tell_announced(*, campaign: Campaign) -> int:
    """Tell every speaker with an account, and every school, what is planned; how many were written to."""
    district = campaign.unit.lineage()[0]
    speakers = Mentor.objects.filter(
        unit__path__startswith=district, kinds__contains=["craftsman"], user__isnull=False, left_on=None
    ).select_related("user")
    subject = _("%(title)s：可以报讲座了") % {"title": campaign.title}
    body = _("%(from)s 起报讲座，%(until)s 前截止。") % {
        "from": han_date(campaign.offer_from, "day"),
        "until": han_date(campaign.match_from, "day"),
    }
    told = _send(
        [mentor.user for mentor in speakers if mentor.user],
        f"campaign-{campaign.pk}-announced",
        subject,
        body,
        reverse("outreach:my-talks"),
    )
    schools = School.objects.filter(unit__path__startswith=district).select_related("unit").order_by("pk")
    subject = _("%(title)s：学校可以提需求") % {"title": campaign.title}
    body = _("%(from)s 起提需求，%(until)s 前截止。按班、按志愿提。") % {
        "from": han_date(campaign.ask_from, "day"),
        "until": han_date(campaign.match_from, "day"),
    }
    for school in schools:
        key = f"campaign-{campaign.pk}-school-{school.pk}"
        told += _send(_school(school.unit), key, subject, body, reverse("outreach:school-campaign", args=[campaign.pk]))
    return told


def tell_matched(*, match: Match) -> int:
    """Tell each speaker of their talks, or that none was found; each school of its talks, or why not."""
    lines = list(match.lines.select_related("ask__school__unit", "offer"))
    by_school: dict[School, list[MatchedTalk]] = defaultdict(list)
    for line in lines:
        by_school[line.ask.school].append(line)
    told = 0
    for school, own in sorted(by_school.items(), key=lambda item: item[0].pk):
        met = sum(line.offer_id is not None for line in own)
        subject = _("%(title)s：%(met)d 项需求排到了讲座") % {"title": match.campaign.title, "met": met}
        whys = sorted({str(line.get_why_display()) for line in own if line.why})
        body = _("没有排到的原因：%s。还可以再匹配。") % "；".join(whys) if whys else _("请等主讲人答复，再确认礼堂。")
        url = reverse("outreach:school-campaign", args=[match.campaign_id])
        told += _send(_school(school.unit), f"match-{match.pk}-school-{school.pk}", subject, body, url)
    return told + _tell_speakers(match)


def _tell_speakers(match: Match) -> int:
    asked = set(Talk.objects.filter(match=match).values_list("speaker", flat=True))
    offers = match.campaign.offers.filter(withdrawn_at=None, speaker__user__isnull=False)
    told = 0
    url = reverse("outreach:my-talks")
    for offer in offers.select_related("speaker__user").order_by("pk"):
        user = offer.speaker.user
        assert user is not None
        if offer.speaker_id in asked:
            subject = _("%s：有学校请您去讲，请答复") % match.campaign.title
            body = _("时间、学校和班级都在「我的讲座」里，请接受或谢绝。")
        elif not match.again:
            subject = _("%s：这次没有排到您的讲座") % match.campaign.title
            body = _("填您题目的学校少，或半天对不上。谢谢您愿意来，再匹配时还会算上您。")
        else:
            continue
        told += _send([user], f"match-{match.pk}-speaker-{offer.speaker_id}", subject, body, url)
    return told


def tell_talk(*, talk: Talk, what: str) -> int:
    """Tell the other side what became of a talk; organisers too where it ended, for it may be matched again."""
    campaign = talk.offer.campaign
    when = {"when": han_date(talk.starts_at), "topic": talk.topic.title, "school": talk.school.unit.name}
    speaker = [talk.speaker.user] if talk.speaker.user else []
    school = list(_school(talk.school.unit))
    url = reverse("outreach:talk", args=[talk.pk])
    key = f"talk-{talk.pk}-{what}"
    if what == "accepted":
        body = _("请确认礼堂和在场老师。")
        return _send(school, key, _("主讲人接受了：%(topic)s，%(when)s") % when, body, url)
    if what == "confirmed":
        body = _("地点：%(hall)s。学校在场：%(staff)s。") % {"hall": talk.hall, "staff": talk.staff}
        key = f"{key}-{talk.confirmed_at:%Y%m%d%H%M%S}"  # said anew each time it is confirmed anew
        return _send(speaker, key, _("说定了：%(school)s，%(when)s") % when, body, url)
    if what == "held":
        return _send(speaker, key, _("谢谢您来讲：%(school)s") % when, _("请花一分钟说说怎么样。感谢信也在那里。"), url)
    if what == "ended":
        body = _("原因：%(why)s。") % {"why": talk.ended_because}
        desk = people_with(Permission.TALK_MANAGE, campaign.unit, clock.today())
        people = {user.pk: user for user in [*speaker, *school, *desk] if user.pk != talk.ended_by_id}
        return _send(people.values(), key, _("取消了：%(topic)s，%(when)s") % when, body, url)
    raise ValueError(what)


def tell_of_the_day(*, at: datetime) -> int:
    """Remind speakers and schools of tomorrow's talks; tell organisers whose speaker may no longer speak. Once each.

    The organisers read no reason, for others stand behind them; the campaign's page says it to who may know.
    """
    told = 0
    for talk in talks_to_come(at):
        when = {"when": han_date(talk.starts_at), "topic": talk.topic.title, "school": talk.school.unit.name}
        url, day = reverse("outreach:talk", args=[talk.pk]), f"{clock.day_of(talk.starts_at)}"
        if getattr(talk, "code"):  # noqa: B009 - annotated
            desk = people_with(Permission.TALK_MANAGE, talk.offer.campaign.unit, clock.day_of(at))
            subject = _("要换主讲人：%(school)s，%(when)s") % when
            body = _("这一场的主讲人那天不能接触学生。请补办手续，或取消以后再匹配。")
            told += _send(desk, f"talk-{talk.pk}-hindered-{day}", subject, body, url)
        elif day == str(clock.day_of(at) + timedelta(days=1)) and talk.state == "confirmed":
            people = [talk.speaker.user] if talk.speaker.user else []
            subject, body = _("明天讲座：%(topic)s，%(when)s") % when, f"{when['school']} {talk.hall}"
            told += _send([*people, *_school(talk.school.unit)], f"talk-{talk.pk}-eve-{day}", subject, body, url)
    return told


def _school(unit: Unit) -> Iterable[User]:
    return people_with(Permission.TALK_ASK, unit, clock.today())


def _send(to: Iterable[User], key: str, subject: str, body: str, url: str) -> int:
    return messages.send(to=to, kind="talk", key=key, subject=subject, body=body, url=url)
