"""What hosts, inspectors and panels read about an accreditation; whoever was told once is not told again."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.accounts.queries import people_with
from baiye.core import clock, messages
from baiye.core.templatetags.text import han_date
from baiye.registry.actions.appeals import host_of, standard_of
from baiye.registry.models import Appeal, Decision, Host, Inspection, Measure, Proposal, Standard
from baiye.registry.queries.appeals import signed_by
from baiye.registry.queries.hosts import managers_of


def tell_inspection(*, inspection_id: int) -> int:
    """Tell the inspector and the host that an inspection is planned; how many were written to."""
    found = Inspection.objects.select_related("host__unit", "inspector").get(pk=inspection_id)
    if found.cancelled_at is not None:
        return 0
    facts = {"host": str(found.host.unit), "day": han_date(found.planned_on, "day"), "kind": found.get_kind_display()}
    people = {found.inspector, *_managers(found.host)}
    subject = _("%(host)s：%(kind)s定在 %(day)s") % facts
    url = reverse("registry:inspection", args=[found.pk])
    return messages.send(to=people, kind="inspection.planned", key=f"inspection-{found.pk}", subject=subject, url=url)


def tell_inspection_signed(*, inspection_id: int) -> int:
    """Tell those who decide that two people signed an inspection; how many were written to."""
    found = Inspection.objects.select_related("host__unit", "standard__keeper").get(pk=inspection_id)
    if found.application_id is None:
        return 0
    subject = _("%(host)s：核查签完字了，等评审") % {"host": str(found.host.unit)}
    url = reverse("registry:assessment", args=[found.application_id])
    people = _office(found.standard)
    return messages.send(to=people, kind="inspection.signed", key=f"inspected-{found.pk}", subject=subject, url=url)


def tell_panel(*, decision_id: int) -> int:
    """Tell those who may sign that a decision waits for them, or who proposed it that it came back; how many."""
    rows = Decision.objects.select_related("inspection__host__unit", "inspection__standard__keeper", "proposed_by")
    found = rows.get(pk=decision_id)
    host, url = str(found.inspection.host.unit), reverse("registry:assessment", args=[found.inspection.application_id])
    if found.withdrawn_at is not None:
        subject = _("%(host)s：评审结论没有签成，退回来了") % {"host": host}
        key = f"decision-{found.pk}-back"
        return messages.send(to=[found.proposed_by], kind="decision.returned", key=key, subject=subject, url=url)
    signed = signed_by(found)
    people = [person for person in _office(found.inspection.standard) if person.pk not in signed]
    subject = _("%(host)s：有一份评审结论等您签字") % {"host": host}
    return messages.send(to=people, kind="decision.proposed", key=f"decision-{found.pk}", subject=subject, url=url)


def tell_decision(*, decision_id: int) -> int:
    """Tell the host what was decided, and that it may appeal; how many were written to."""
    found = Decision.objects.select_related("inspection__host__unit").get(pk=decision_id)
    facts = {"host": str(found.inspection.host.unit), "outcome": found.get_outcome_display()}
    subject = _("%(host)s 的认定结论：%(outcome)s") % facts
    body = _said(found) if found.outcome == "pass" else _("%(text)s\n不同意可以申诉。") % {"text": _said(found)}
    url = reverse("registry:decision", args=[found.pk])
    people, key = _managers(found.inspection.host), f"decided-{found.pk}"
    return messages.send(to=people, kind="decision.taken", key=key, subject=subject, body=body, url=url)


def _said(decision: Decision) -> str:
    if not decision.conditions:
        return decision.opinion
    facts = {"opinion": decision.opinion, "conditions": decision.conditions}
    if decision.due_on is None:
        return _("%(opinion)s\n附带条件：%(conditions)s") % facts
    return _("%(opinion)s\n%(day)s 前改好：%(conditions)s") % (facts | {"day": han_date(decision.due_on, "day")})


def tell_measure(*, measure_id: int) -> int:
    """Tell the host, and the office, what was done about an accreditation; how many were written to."""
    rows = Measure.objects.select_related("accreditation__host__unit", "accreditation__standard__keeper")
    found = rows.get(pk=measure_id)
    held = found.accreditation
    facts = {"host": str(held.host.unit), "kind": found.get_kind_display(), "day": han_date(found.on, "date")}
    subject = _("%(host)s：%(kind)s（%(day)s）") % facts
    people = {*_managers(held.host), *_office(held.standard)}
    url = reverse("registry:accreditation", args=[held.pk])
    key = f"measure-{found.pk}"
    return messages.send(to=people, kind="measure.taken", key=key, subject=subject, body=found.because, url=url)


def tell_proposal(*, proposal_id: int) -> int:
    """Tell who else may sign that a revocation was proposed; how many were written to."""
    rows = Proposal.objects.select_related("accreditation__host__unit", "accreditation__standard__keeper")
    found = rows.get(pk=proposal_id)
    people = [person for person in _office(found.accreditation.standard) if person.pk != found.proposed_by_id]
    subject = _("%(host)s：撤销认定等第二个人签字") % {"host": str(found.accreditation.host.unit)}
    url = reverse("registry:accreditation", args=[found.accreditation_id])
    key = f"proposal-{found.pk}"
    return messages.send(to=people, kind="revocation.proposed", key=key, subject=subject, body=found.because, url=url)


def tell_appeal(*, appeal_id: int) -> int:
    """Tell those who may answer that somebody appealed; how many were written to."""
    found = _appeal(appeal_id)
    against = found.decision or found.measure
    assert against is not None  # appeal_against_one_thing
    signed = signed_by(against)
    people = [person for person in _office(standard_of(against)) if person.pk not in signed]
    subject = _("%(host)s 提出了申诉，请您答复") % {"host": str(host_of(against).unit)}
    url = reverse("registry:appeal", args=[found.pk])
    return messages.send(to=people, kind="appeal.made", key=f"host-appeal-{found.pk}", subject=subject, url=url)


def tell_appeal_answered(*, appeal_id: int) -> int:
    """Tell the host how its appeal was answered; how many were written to."""
    found = _appeal(appeal_id)
    against = found.decision or found.measure
    if found.answered_at is None or against is None:
        return 0
    subject = _("申诉成立") if found.upheld else _("申诉不成立")
    key = f"host-appeal-{found.pk}-answered"
    people = _managers(host_of(against))
    if isinstance(against, Measure):
        url = reverse("registry:accreditation", args=[against.accreditation_id])
    else:
        url = reverse("registry:decision", args=[against.pk])
    return messages.send(to=people, kind="appeal.answered", key=key, subject=subject, body=found.answer, url=url)


def _appeal(pk: int) -> Appeal:
    rows = Appeal.objects.select_related(
        "decision__inspection__host__unit",
        "decision__inspection__standard__keeper",
        "measure__accreditation__host__unit",
        "measure__accreditation__standard__keeper",
    )
    return rows.get(pk=pk)


def _managers(host: Host) -> Iterable[User]:
    return managers_of(host, clock.today())


def _office(standard: Standard) -> Iterable[User]:
    if standard.keeper is None:
        return []
    return people_with(Permission.HOST_ACCREDIT, standard.keeper, clock.today())
