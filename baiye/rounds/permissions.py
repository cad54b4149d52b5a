"""Which rounds and which pupils of a round a person may reach; the matrix itself is in accounts."""

from django.db.models import Q

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.rounds.models import Round
from baiye.schools.models import Pupil, SchoolClass
from baiye.schools.permissions import require_for_class, require_for_pupil


def require_prepare(user: User, round: Round) -> None:
    """Raise PermissionDenied unless ``user`` prepares rounds in the round's district; no query."""
    require(user, Permission.ROUND_PREPARE, round.unit)


def require_wishes(user: User, pupil: Pupil, *, from_paper: bool) -> None:
    """Raise PermissionDenied unless ``user`` may give (or, from paper, record) this pupil's wishes; one query."""
    require_for_pupil(user, Permission.WISH_RECORD if from_paper else Permission.WISH_GIVE, pupil)


def require_notice(user: User, pupil: Pupil, *, from_paper: bool) -> None:
    """Raise PermissionDenied unless ``user`` is the pupil's guardian, or records from paper; one query."""
    require_for_pupil(user, Permission.CONSENT_RECORD if from_paper else Permission.CONSENT_GIVE, pupil)


def require_class(user: User, school_class: SchoolClass) -> None:
    """Raise PermissionDenied unless ``user`` records wishes for the class; one query."""
    require_for_class(user, Permission.WISH_RECORD, school_class)


def classes_due(round: Round, prefix: str = "") -> Q:
    """A filter: classes (reached by ``prefix``) that go in the round, by stage, entry year and district."""
    return Q(
        **{
            f"{prefix}stage": round.stage,
            f"{prefix}entry_year": round.entry_year,
            f"{prefix}school__unit__path__startswith": round.unit.path,
        }
    )


def is_due(round: Round, school_class: SchoolClass) -> bool:
    """Whether a class goes in the round; no query when its school's unit is loaded."""
    same_grade = (school_class.stage, school_class.entry_year) == (round.stage, round.entry_year)
    return same_grade and school_class.school.unit.path.startswith(round.unit.path)
