"""The world's standard, an inspection under way, a decision, an accreditation with a measure, a proposal, an appeal."""

import uuid
from datetime import timedelta

from baiye.registry.actions import appeals, findings, measures
from baiye.registry.links import token_of
from baiye.registry.tests.accrediting import AT, TODAY, Case
from baiye.registry.tests.applying import upload
from baiye.rounds.tests.factories import District


def accreditation_keys(base: District) -> dict[str, object]:
    """Rows of the world's first host, by standards that its district keeps."""
    open_case, failed, passed = (Case(keeper=base.unit, host=base.hosts[0]) for _n in range(3))
    inspection, decision, accreditation = open_case.planned(), failed.decided("fail"), passed.accredited()
    photo = findings.add_photo(
        inspection=inspection,
        photo_id=uuid.uuid4(),
        upload=upload(),
        no_faces=True,
        indicator=None,
        by=open_case.inspector,
        at=AT,
    )
    appeal = appeals.make_appeal(
        against=decision, text="不同意", request=uuid.uuid4(), by=failed.manager, at=AT, upload=upload()
    )
    facts = {"accreditation": accreditation, "because": "有广告", "by": passed.inspector}
    hearing = measures.take_measure(**facts, kind="hearing", at=AT, on=TODAY + timedelta(days=1))
    proposal = measures.propose_revocation(**facts, at=AT + timedelta(days=2))
    return {
        "standard_id": open_case.standard.pk,
        "registry:assessment.application_id": open_case.application.pk,
        "registry:inspection-plan.application_id": open_case.application.pk,
        "registry:penalty-check.application_id": open_case.application.pk,
        "inspection_id": inspection.pk,
        "registry:inspection-photo.photo_id": photo.pk,
        "registry:inspection-photo-emptying.photo_id": photo.pk,
        "decision_id": decision.pk,
        "accreditation_id": accreditation.pk,
        "measure_id": hearing.pk,
        "proposal_id": proposal.pk,
        "appeal_id": appeal.pk,
        "registry:apply-appeal.token": token_of(failed.application.request),
    }
