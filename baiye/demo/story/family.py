"""The named pupils and guardian of the demonstration: one child in each round, so that every page shows something."""

from datetime import timedelta

from baiye.accounts.models import User
from baiye.core import clock
from baiye.rounds.models import Round
from baiye.rounds.queries.rounds import pupils_due
from baiye.schools.actions import make_guardianship
from baiye.schools.models import Pupil


def named_child(round: Round) -> Pupil:
    """The first pupil of the round's first class: the same one each time."""
    return pupils_due(round).order_by("school_class__school__code", "school_class", "pk")[0]


def classmates(pupil: Pupil) -> list[Pupil]:
    """The others of the same class, the same ones each time."""
    return list(Pupil.objects.filter(school_class=pupil.school_class, left_on=None).exclude(pk=pupil.pk).order_by("pk"))


def make_named_family(finished: Round, opened: Round) -> None:
    """A pupil's own account in each round, a guardian of both, and a named class teacher."""
    elder, younger = named_child(finished), named_child(opened)
    contact = elder.contacts.first()
    guardian = _account("guardian", "guardian", contact.name if contact else "家长")
    for pupil, username in ((elder, "pupil7"), (younger, "pupil6")):
        if pupil.user is None:
            pupil.user = _account(username, "pupil", pupil.name)
            Pupil.objects.filter(pk=pupil.pk).update(user=pupil.user)
        if not pupil.guardianships.exists():
            make_guardianship(user=guardian, pupil=pupil, made_by=None, at=clock.now() - timedelta(days=200))


def _account(username: str, kind: str, name: str) -> User:
    user = User.objects.filter(username=username).first()
    return user or User.objects.create_user(username, None, name=name, kind=kind)
