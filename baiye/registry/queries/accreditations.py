"""Reads of accreditations at the desk: whose they are, what was done about them, the whole history of one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.core.templatetags.text import han_date
from baiye.registry.models import Accreditation, Appeal, Decision, Inspection, Measure, Proposal, Step
from baiye.registry.queries.verdicts import holding, state_on

RENEWAL = timedelta(days=90)  # so long before its end a renewal is offered


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history: dated, signed, with what was said."""

    at: datetime
    title: str
    who: tuple[str, ...] = ()
    text: str = ""
    kind: str = ""  # ok, due, bad


def accreditations_for(user: User) -> QuerySet[Accreditation]:
    """Accreditations by standards that ``user`` reviews, and those of hosts that ``user`` manages; by host and end."""
    scope = within(user, Permission.HOST_ACCREDIT, "standard__keeper")
    scope |= within(user, Permission.HOST_MANAGE, "host__unit")
    found = Accreditation.objects.filter(scope).select_related("host__unit", "standard__keeper", "decision")
    return found.order_by("host__unit__pinyin", "-valid_until", "pk")


def reviewed_accreditations(user: User) -> QuerySet[Accreditation]:
    """Those of `accreditations_for` about which ``user`` may do something for the office."""
    return accreditations_for(user).filter(within(user, Permission.HOST_ACCREDIT, "standard__keeper"))


def in_state(found: QuerySet[Accreditation], state: str, on: date) -> QuerySet[Accreditation]:
    """Those of ``found`` that hold, end within 90 days, are suspended, revoked or expired on a day."""
    going = Q(valid_until__gte=on, revoked_on=None)
    filters = {
        "holds": holding(on),
        "soon": holding(on) & Q(valid_until__lte=on + RENEWAL),
        "suspended": going & Q(suspended_on__isnull=False),
        "revoked": Q(revoked_on__isnull=False),
        "expired": Q(valid_until__lt=on, revoked_on=None),
    }
    return found.filter(filters[state]) if state in filters else found


def state_of(accreditation: Accreditation, on: date) -> str:
    """What an accreditation is on a day: as `in_state` names it, or ``later`` before it begins."""
    if (state := state_on(accreditation, on)) != "accredited":
        return state
    if accreditation.valid_from > on:
        return "later"
    return "soon" if accreditation.valid_until <= on + RENEWAL else "holds"


def awake(on: date) -> QuerySet[Accreditation]:
    """Accreditations that hold on a day and were not told to stop; ``resumed_on`` is their last resumption."""
    resumed = Measure.objects.filter(accreditation=OuterRef("pk"), kind="resumption").order_by().values("accreditation")
    last = resumed.annotate(last=Max("on")).values("last")
    found = Accreditation.objects.filter(
        suspended_on=None, revoked_on=None, valid_from__lte=on, valid_until__gte=on
    ).annotate(resumed_on=last)
    return found.select_related("standard", "host__unit").order_by("pk")


def hearing_held(accreditation: Accreditation, on: date) -> bool:
    """Whether the day of an announced hearing has come, and no appeal against it was upheld."""
    upheld = Appeal.objects.filter(measure=OuterRef("pk"), upheld=True)
    return accreditation.measures.filter(~Exists(upheld), kind="hearing", on__lte=on).exists()


def measures_of(accreditation: Accreditation) -> QuerySet[Measure]:
    """What was done, newest first; signers and appeals loaded."""
    appeals = Prefetch("appeals", Appeal.objects.select_related("made_by", "answered_by").order_by("made_at"))
    found = accreditation.measures.select_related("by", "second_by").prefetch_related(appeals)
    return found.order_by("-at", "-pk")


def open_proposal(accreditation: Accreditation) -> Proposal | None:
    """The revocation that waits for its second signature."""
    found = accreditation.proposals.filter(measure=None, withdrawn_at=None)
    return found.select_related("proposed_by").first()


def proposals_for(user: User) -> QuerySet[Proposal]:
    """Proposed revocations by standards that ``user`` reviews."""
    scope = within(user, Permission.HOST_ACCREDIT, "accreditation__standard__keeper")
    return Proposal.objects.filter(scope).select_related("accreditation__standard__keeper")


def history(accreditation: Accreditation) -> list[Entry]:
    """Everything that happened to the host under this standard, oldest first: inspections, decisions, steps, measures.

    What happened at the same moment stands in that order. A fixed number of queries, however long it is.
    """
    inspections = Inspection.objects.filter(
        host=accreditation.host_id, standard__name=accreditation.standard.name
    ).select_related("inspector", "second_by")
    decisions = Decision.objects.filter(inspection__in=inspections).select_related("proposed_by")
    decisions = decisions.prefetch_related("signatures__by")
    steps = Step.objects.filter(application__inspections__in=inspections).distinct().select_related("by")
    about = Q(decision__in=decisions) | Q(measure__accreditation=accreditation)
    appeals = Appeal.objects.filter(about).select_related("made_by", "answered_by")
    kinds = [
        [_inspected(each) for each in inspections.order_by("pk") if each.signed_at and each.second_at],
        [_decided(each) for each in decisions.order_by("pk")],
        [_step(step) for step in steps.order_by("pk")],
        [_measured(each) for each in accreditation.measures.select_related("by", "second_by").order_by("pk")],
        [entry for appeal in appeals.order_by("pk") for entry in _appealed(appeal)],
    ]
    return sorted((entry for entries in kinds for entry in entries), key=lambda entry: entry.at)


def _step(step: Step) -> Entry:
    who = (step.by.name if step.by else _("申报单位"),)
    return Entry(step.at, _("申报：%(state)s") % {"state": step.get_state_display()}, who, step.note)


def _inspected(inspection: Inspection) -> Entry:
    assert inspection.second_at is not None
    names = (inspection.inspector.name, inspection.second_by.name if inspection.second_by else "")
    title = _("%(kind)s，两人签字") % {"kind": inspection.get_kind_display()}
    return Entry(inspection.second_at, title, names)


def _decided(decision: Decision) -> Entry:
    signed = [signature for signature in decision.signatures.all() if signature.agrees]
    names = tuple(signature.by.name for signature in signed)
    if decision.in_force_at is None:
        word = _("结论退回：%(outcome)s") if decision.withdrawn_at else _("结论待签：%(outcome)s")
        at = decision.withdrawn_at or decision.proposed_at
        against = "；".join(f"{s.by.name}：{s.note}" for s in decision.signatures.all() if not s.agrees)
        return Entry(at, word % {"outcome": decision.get_outcome_display()}, names, against)
    tone = {"pass": "ok", "conditions": "due", "fail": "bad"}[decision.outcome]
    title = _("评审结论：%(outcome)s") % {"outcome": decision.get_outcome_display()}
    return Entry(decision.in_force_at, title, names, decision.conditions or decision.opinion, tone)


def _measured(measure: Measure) -> Entry:
    names = tuple(person.name for person in (measure.by, measure.second_by) if person) or (_("系统"),)
    tone = {"suspension": "bad", "revocation": "bad", "dormancy": "bad", "warning": "due", "hearing": "due"}
    title = _("%(kind)s，%(on)s 起") if measure.kind != "hearing" else _("%(kind)s，听证日 %(on)s")
    facts = {"kind": measure.get_kind_display(), "on": han_date(measure.on, "date")}
    return Entry(measure.at, title % facts, names, measure.because, tone.get(measure.kind, ""))


def _appealed(appeal: Appeal) -> list[Entry]:
    made = Entry(appeal.made_at, _("申诉"), (appeal.made_by.name if appeal.made_by else _("申报单位"),), appeal.text)
    if appeal.answered_at is None or appeal.answered_by is None:
        return [made]
    word = _("申诉成立") if appeal.upheld else _("申诉不成立")
    tone = "ok" if appeal.upheld else ""
    return [made, Entry(appeal.answered_at, word, (appeal.answered_by.name,), appeal.answer, tone)]
