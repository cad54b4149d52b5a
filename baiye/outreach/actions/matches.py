"""A match run: asked for once, frozen, computed from the frozen files alone, checked, and published by two people."""

import logging
import secrets
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from baiye_placement.problem import ProblemError
from baiye_placement.talks import (
    Result,
    campaign_sha256,
    match_talks,
    read_campaign,
    verify_talks,
    write_campaign,
    write_result,
)
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, clock, folders, jobs
from baiye.core.refusals import Refused
from baiye.mentors.refusals import MentorRefused, in_words
from baiye.outreach import talk_files
from baiye.outreach.half_days import span_of
from baiye.outreach.models import Campaign, Match, MatchedTalk, Talk, TalkOffer, TalkRequest, TalkTopic
from baiye.outreach.talk_scope import require_desk
from baiye.outreach.talk_words import TALKS

SECONDS = 180.0  # a safety net: what the district asks for takes seconds
log = logging.getLogger(__name__)


class MatchRefused(Refused):
    """The match may not be asked for, set aside or published now."""


@transaction.atomic
def ask_match(*, campaign: Campaign, by: User, at: datetime) -> Match:
    """Freeze what is offered and asked, hash it, then draw the seed, and queue the run.

    Once a match is published, a further one is for the requests without a talk alone; the others stand.

    Raises
    ------
    PermissionDenied
        ``by`` does not plan the campaign.
    MatchRefused
        It is too early or too late, a run is under way, or nothing is left to match.
    """
    require_desk(by, campaign)
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    _refuse_unless_due(campaign, at)
    frozen = talk_files.problem_of(campaign, at)
    if not frozen.requests or not any(offer.most_talks for offer in frozen.offers):
        raise MatchRefused(_("没有要匹配的：每项需求都有讲座了，或者没有主讲人还能来。"))
    sha256, seed = campaign_sha256(frozen), secrets.token_hex(16)
    match = Match.objects.create(
        campaign=campaign,
        again=campaign.matches.filter(approved_at__isnull=False).exists(),
        asked_by=by,
        asked_at=at,
        input_zip=folders.packed_by(lambda folder: write_campaign(frozen.with_seed(seed), folder)),
        input_sha256=sha256,
        seed=seed,
    )
    audit.record("match.asked", by=by, on=match, at_unit=campaign.unit.path, input_sha256=sha256, seed=seed)
    jobs.later("outreach.match", lock=f"campaign-{campaign.pk}", match_id=str(match.pk))
    return match


def _refuse_unless_due(campaign: Campaign, at: datetime) -> None:
    on = clock.day_of(at)
    if campaign.announced_at is None or on < campaign.match_from:
        raise MatchRefused(_("学校还在提需求。截止以后再匹配，先算会漏掉后提的学校。"))
    if on >= campaign.last_on:
        raise MatchRefused(_("讲座的日子已经过了，不能再匹配。"))
    if campaign.matches.filter(finished_at=None, failed_because="", discarded_at=None).exists():
        raise MatchRefused(_("已有一次匹配在进行，请等它结束。"))
    if campaign.matches.filter(proposed_at__isnull=False, approved_at=None, discarded_at=None).exists():
        raise MatchRefused(_("有一份结果在等复核。先公布、或撤回提请以后再算。"))


def run_match(*, match: Match) -> None:
    """Compute a run from its frozen files and keep the result; a run that has ended is left alone.

    It may be started again after a crash: files, seed and versions are the same, so is the result.
    """
    if match.finished_at or match.failed_because or match.discarded_at:
        return
    try:
        with folders.unpacked(match.input_zip) as folder:
            _keep(match, _computed(folder))
    except jobs.CONNECTION_BROKE:
        raise  # the queue does the job again, once the database is back
    except Exception as error:  # noqa: BLE001 - whatever it was, it must not block the campaign
        _fail(match, error)


def _computed(folder: Path) -> dict[str, Any]:
    began = time.monotonic()
    problem = read_campaign(folder)
    result = match_talks(problem, time_budget_s=SECONDS)
    out = folder / "out"
    write_result(result, problem, out)
    violations = verify_talks(folder, out)
    return {
        "result": result,
        "output_zip": folders.packed(out),
        "figures": _figures(result, violations) | {"seconds": round(time.monotonic() - began, 2)},
    }


def _figures(result: Result, violations: list[str]) -> dict[str, Any]:
    met = [talk for talk in result.talks if talk.offer]
    return {
        "requests": len(result.talks),
        "met": len(met),
        "ranks": {str(rank): n for rank, n in sorted(Counter(talk.rank for talk in met).items())},
        "whys": dict(sorted(Counter(talk.why for talk in result.talks if talk.why).items())),
        "minutes": sum(talk.minutes for talk in met),
        "speakers": len({talk.offer for talk in met}),
        "aims": [{"aim": proof.aim, "value": proof.value, "bound": proof.bound} for proof in result.proofs],
        "exact": result.exact,
        "verified": not violations,
        "violations": violations[:20],
    }


@transaction.atomic
def _keep(match: Match, found: dict[str, Any]) -> None:
    locked = Match.objects.select_for_update(of=("self",)).select_related("campaign__unit").get(pk=match.pk)
    if locked.finished_at or locked.failed_because or locked.discarded_at:
        return  # another worker was first; its result is the same
    MatchedTalk.objects.bulk_create(
        MatchedTalk(
            match=locked,
            ask_id=int(talk.request[1:]),
            offer_id=int(talk.offer[1:]) if talk.offer else None,
            half_day=talk.slot,
            rank=talk.rank,
            travel_min=talk.minutes,
            why=talk.why,
        )
        for talk in found["result"].talks
    )
    locked.output_zip, locked.figures = found["output_zip"], found["figures"]
    locked.finished_at = clock.now()
    locked.save(update_fields=["output_zip", "figures", "finished_at"])
    audit.record("match.finished", by=None, on=locked, at_unit=locked.campaign.unit.path, met=locked.figures["met"])


@transaction.atomic
def _fail(match: Match, error: Exception) -> None:
    """End the run as failed; what the error itself says stays in the log's stack alone."""
    log.error("match %s failed", match.pk, exc_info=error)
    said = "；".join(error.messages[:2])[:200] if isinstance(error, ProblemError) else ""
    why = said or _("算到一半出了意外，这不是你的操作造成的。可以再算一次。编号 %s。") % str(match.pk)[:8]
    under_way = Match.objects.filter(pk=match.pk, finished_at=None, failed_because="", discarded_at=None)
    if under_way.update(failed_because=why):
        audit.record("match.failed", by=None, on=match, at_unit=match.campaign.unit.path, error=type(error).__name__)


@transaction.atomic
def discard_match(*, match: Match, by: User, at: datetime) -> None:
    """Set a draft aside; a proposed or published one stays."""
    require_desk(by, match.campaign)
    if match.proposed_at is not None:
        raise MatchRefused(_("这份结果已提请公布。先撤回提请，再作废。"))
    if Match.objects.filter(pk=match.pk, discarded_at=None, proposed_at=None).update(discarded_at=at):
        audit.record("match.discarded", by=by, on=match, at_unit=match.campaign.unit.path)


@transaction.atomic
def propose_match(*, match: Match, by: User, at: datetime) -> None:
    """Ask that a run's result be published; twice changes nothing."""
    unit = match.campaign.unit
    require(by, Permission.TALK_PUBLISH, unit)
    locked = Match.objects.select_for_update().get(pk=match.pk)
    if not locked.finished_at or locked.discarded_at or not locked.figures["verified"]:
        raise MatchRefused(_("只有算完、没作废、并通过独立核对的结果才能提请公布。"))
    waiting = Match.objects.filter(campaign=match.campaign_id, proposed_at__isnull=False, approved_at=None)
    if waiting.exclude(pk=match.pk).filter(discarded_at=None).exists():
        raise MatchRefused(_("这次活动已有一份结果在等复核。"))
    if locked.proposed_at is None:
        Match.objects.filter(pk=match.pk).update(proposed_at=at, proposed_by=by)
        audit.record("match.proposed", by=by, on=match, at_unit=unit.path)


@transaction.atomic
def withdraw_match(*, match: Match, by: User) -> None:
    """Take a proposal back before anyone approved it."""
    unit = match.campaign.unit
    require(by, Permission.TALK_PUBLISH, unit)
    taken_back = Match.objects.filter(pk=match.pk, approved_at=None, proposed_at__isnull=False)
    if not taken_back.update(proposed_at=None, proposed_by=None):
        raise MatchRefused(_("结果已经公布、或没有提请，不能撤回。"))
    audit.record("match.withdrawn", by=by, on=match, at_unit=unit.path)


@transaction.atomic
def approve_match(*, match: Match, by: User, at: datetime) -> int:
    """Publish: every talk of the run is proposed to its speaker; how many (0 when already done).

    Raises
    ------
    MatchRefused
        ``by`` proposed it, nobody did, or a talk can no longer be: all or none.
    """
    locked = Match.objects.select_for_update(of=("self",)).select_related("campaign__unit").get(pk=match.pk)
    unit = locked.campaign.unit
    require(by, Permission.TALK_PUBLISH, unit)
    if locked.approved_at is not None:
        return 0
    if locked.proposed_at is None:
        raise MatchRefused(_("提请已撤回，没有可公布的结果。"))
    if locked.proposed_by_id == by.pk:
        raise MatchRefused(_("公布要两个人：请另一位有权限的同事来复核。"))
    if not locked.again and locked.campaign.matches.filter(approved_at__isnull=False).exists():
        raise MatchRefused(_("这次活动的结果已经公布过。"))
    made = _talks_of(locked, by, at)
    Match.objects.filter(pk=locked.pk).update(approved_at=at, approved_by=by)
    audit.record("match.approved", by=by, on=locked, at_unit=unit.path, talks=made)
    jobs.later("outreach.tell_matched", match_id=str(locked.pk))
    return made


def _talks_of(match: Match, by: User, at: datetime) -> int:
    # locked: who takes one of them back now waits, and finds its talk
    list(TalkRequest.objects.select_for_update(no_key=True).filter(pk__in=match.lines.values("ask")).order_by("pk"))
    list(TalkOffer.objects.select_for_update(no_key=True).filter(pk__in=match.lines.values("offer")).order_by("pk"))
    lines = match.lines.filter(offer__isnull=False).select_related("ask__school__unit", "offer__speaker")
    lines = lines.prefetch_related("ask__wishes", "offer__topics").order_by("ask")
    refused, made = [], 0
    for line in lines:
        ask, offer = line.ask, line.offer
        assert offer is not None
        if ask.withdrawn_at or offer.withdrawn_at:
            continue  # who took it back meanwhile is not asked again
        starts_at, ends_at = span_of(line.half_day, match.campaign.minutes)
        topic = topic_for(ask, offer, line.rank)
        about = {"hall": ask.hall, "made_at": at, "made_by": by, "is_example": match.campaign.is_example}
        talk = Talk(ask=ask, offer=offer, topic=topic, match=match, rank=line.rank, **about)
        talk.starts_at, talk.ends_at, talk.speaker, talk.school = starts_at, ends_at, offer.speaker, ask.school
        try:
            with in_words(TALKS):
                talk.save(force_insert=True)
            made += 1
        except MentorRefused as refusal:
            refused.append(f"{ask.school.unit}：{refusal}")
    if refused:
        said = {"n": len(refused), "first": refused[0]}
        raise MatchRefused(_("有 %(n)d 场现在排不成了，请作废重算。%(first)s") % said)
    return made


def topic_for(ask: TalkRequest, offer: TalkOffer, rank: int) -> TalkTopic:
    """What the talk is about: the occupation that was wished, else what the speaker named first."""
    topics = list(offer.topics.all())
    wish = next((wish for wish in ask.wishes.all() if wish.rank == rank), None)
    wished = (topic for topic in topics if wish and wish.occupation_id and topic.occupation_id == wish.occupation_id)
    return next(wished, topics[0])
