"""Whose part of the register something is: of the standards that one's own body keeps, or of one's own units."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, may, paths, within
from baiye.registry.models import Accreditation, Application, Host, HostDocument, Standard


def may_review(user: User, standard: Standard) -> bool:
    """Whether ``user`` reviews what is asked for under ``standard``: its keeper is theirs, or below them."""
    return standard.keeper is not None and may(user, Permission.HOST_ACCREDIT, standard.keeper)


def require_review(user: User, standard: Standard) -> None:
    """Raise PermissionDenied unless ``user`` reviews under ``standard``."""
    if not may_review(user, standard):
        raise PermissionDenied(f"{Permission.HOST_ACCREDIT} under standard {standard.pk}")


def serves(user: User, host: Host) -> bool:
    """Whether ``user`` holds an office at ``host`` itself, and so neither inspects it nor decides about it."""
    return host.unit.path in {path for _role, path in user.held}


def hosts_reviewed_by(user: User) -> Q:
    """A filter over hosts: those of ``user``'s own units, and those under a standard of theirs."""
    scope = within(user, Permission.HOST_ACCREDIT, "standard__keeper")
    asked = Application.objects.filter(scope, host=OuterRef("pk")).exclude(state="draft")
    held = Accreditation.objects.filter(scope, host=OuterRef("pk"))
    return within(user, Permission.HOST_ACCREDIT, "unit") | Q(Exists(asked)) | Q(Exists(held))


def hosts_seen_by(user: User) -> Q:
    """A filter over hosts: whose desk page ``user`` sees, since they manage or review there."""
    return within(user, Permission.HOST_MANAGE, "unit") | hosts_reviewed_by(user)


def reviews_host(user: User, host: Host) -> bool:
    """Whether ``user`` reviews the papers that ``host`` hands in by itself; one query at most."""
    if may(user, Permission.HOST_ACCREDIT, host.unit):
        return True
    return Host.objects.filter(hosts_reviewed_by(user), pk=host.pk).exists()


def may_judge(user: User, paper: HostDocument, of_host: bool | None = None) -> bool:
    """Whether ``user`` accepts and refuses a paper: by its host's unit, or by the standard it was handed in under.

    Where it was handed in under none, by reviewing its host: ``of_host`` where that is known, and then without a query.
    """
    if paper.host is not None and may(user, Permission.HOST_ACCREDIT, paper.host.unit):
        return True
    if paper.application is not None:
        return may_review(user, paper.application.standard)
    if paper.host is None:
        return False
    return reviews_host(user, paper.host) if of_host is None else of_host


def keeps(user: User, unit: Unit) -> bool:
    """Whether ``user`` keeps the register at ``unit``: both manages and accredits there, so no host by itself."""
    return may(user, Permission.HOST_MANAGE, unit) and may(user, Permission.HOST_ACCREDIT, unit)


def kept_paths(user: User) -> list[str]:
    """The paths of the units where ``user`` keeps the register; none for who only manages, or only accredits."""
    manages, accredits = paths(user, Permission.HOST_MANAGE), paths(user, Permission.HOST_ACCREDIT)
    both = {path for path in manages if path.startswith(tuple(accredits))}
    return sorted(both | {path for path in accredits if path.startswith(tuple(manages))})
