"""A report, a complaint and a pledge of a world's own, by the names that addresses use."""

from baiye.accounts.models import User
from baiye.core import crypto
from baiye.core.models import File
from baiye.incidents.models import IncidentPhoto
from baiye.incidents.tests.factories import ComplaintFactory, IncidentFactory
from baiye.partners.tests.factories import LongTermFactory, PledgeFactory
from baiye.rounds.tests.factories import District
from baiye.schools.models import Term


def incident_keys(base: District, reporter: User | None) -> dict[str, object]:
    """The keys; the report is ``reporter``'s, the complaint the guardian's."""
    host = base.hosts[0]
    incident = IncidentFactory(host=host, visit=None, reported_by=reporter)
    paper = File.objects.create(
        name="现场.jpg", media_type="image/jpeg", size=1, sha256="0" * 64, sealed=crypto.encrypt_bytes(b"x")
    )
    photo = IncidentPhoto.objects.create(incident=incident, file=paper)
    complaint = ComplaintFactory(host=host, made_by=base.guardian, token=f"{base.unit.pk:032d}")
    term = Term.objects.first() or LongTermFactory()
    pledge = PledgeFactory(host=host, term=term, kind="equipment", title="焊台")
    return {
        "incident_id": incident.pk,
        "incidents:photo.photo_id": photo.pk,
        "complaint_id": complaint.pk,
        "incidents:followed.token": f"{base.unit.pk:032d}",
        "pledge_id": pledge.pk,
    }
