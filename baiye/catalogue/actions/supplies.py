"""What a draft needs and what papers belong to its steps; what a venue has."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.catalogue.actions.content import CourseRefused
from baiye.catalogue.actions.courses import lock, require_open
from baiye.catalogue.models import Author, CourseVersion, Material, Supply, VenueStock
from baiye.core import audit, files
from baiye.registry.models import Venue

MOST_MATERIALS = 24  # of one version


@dataclass(frozen=True, slots=True)
class Needed:
    """A thing a course needs: so many for each pupil, or for the whole group."""

    name: str
    kind: str
    quantity: int
    share: str


@transaction.atomic
def set_supplies(*, version: CourseVersion, supplies: Sequence[Needed], by: User) -> None:
    """Have a draft need exactly ``supplies``; what stood there before and is not named goes.

    Raises
    ------
    PermissionDenied
        ``by`` writes no courses at the host.
    CourseRefused
        The version is published or in review, or a thing is named twice.
    """
    unit = version.course.host.unit
    require(by, Permission.COURSE_MANAGE, unit)
    locked = require_open(version)
    if twice := sorted(_twice(need.name for need in supplies)):
        raise CourseRefused(_("有两行写的是同一样：%(names)s。请并成一行。") % {"names": "、".join(twice)})
    locked.supplies.all().delete()
    Supply.objects.bulk_create(Supply(version=locked, **asdict(need)) for need in supplies)
    Author.objects.get_or_create(version=locked, user=by)
    audit.record("course_version.supplied", by=by, on=locked, at_unit=unit.path, supplies=len(supplies))


@transaction.atomic
def set_stock(*, venue: Venue, counts: Sequence[tuple[str, int]], by: User, at: datetime) -> None:
    """Have ``venue`` list exactly these things with their counts; a line that did not change keeps its day.

    Raises
    ------
    PermissionDenied
        ``by`` writes no courses at the venue's host.
    CourseRefused
        A thing is named twice.
    """
    unit = venue.host.unit
    require(by, Permission.COURSE_MANAGE, unit)
    if twice := sorted(_twice(name for name, _count in counts)):
        raise CourseRefused(_("有两行写的是同一样：%(names)s。请并成一行。") % {"names": "、".join(twice)})
    Venue.objects.select_for_update(no_key=True).get(pk=venue.pk)
    standing = dict(VenueStock.objects.filter(venue=venue).values_list("name", "count"))
    if standing == dict(counts):
        return
    gone = [name for name, count in standing.items() if dict(counts).get(name) != count]
    VenueStock.objects.filter(venue=venue, name__in=gone).delete()
    VenueStock.objects.bulk_create(
        VenueStock(venue=venue, name=name, count=count, counted_at=at, counted_by=by)
        for name, count in counts
        if standing.get(name) != count
    )
    audit.record("venue_stock.counted", by=by, on=venue, at_unit=unit.path, things=len(counts))


@transaction.atomic
def add_material(
    *, version: CourseVersion, step: str, reader: str, file: "UploadedFile[bytes]", request: UUID, by: User
) -> Material:
    """Put a paper to a step of a draft; the same request is the same paper.

    Raises
    ------
    PermissionDenied
        ``by`` writes no courses at the host.
    CourseRefused
        The version is published or in review, or has too many papers.
    FileRefused
        It is no PDF and no photo, or too large.
    """
    unit = version.course.host.unit
    require(by, Permission.COURSE_MANAGE, unit)
    lock(version.course_id)
    if found := Material.objects.filter(version=version, request=request).first():
        return found
    locked = require_open(version)
    if locked.materials.count() >= MOST_MATERIALS:
        raise CourseRefused(_("材料最多 %(n)d 份。请先删掉用不着的。") % {"n": MOST_MATERIALS})
    kept = files.keep(file, by=by)
    made = Material.objects.create(version=locked, step=step, reader=reader, file=kept, request=request)
    Author.objects.get_or_create(version=locked, user=by)
    audit.record("material.added", by=by, on=made, at_unit=unit.path, version=locked.pk)
    return made


@transaction.atomic
def remove_material(*, material: Material, by: User) -> None:
    """Take a paper out of a draft; its bytes go unless another version has it too."""
    unit = material.version.course.host.unit
    require(by, Permission.COURSE_MANAGE, unit)
    require_open(material.version)
    file = material.file
    audit.record("material.removed", by=by, on=material, at_unit=unit.path, version=material.version_id)
    material.delete()
    if not Material.objects.filter(file=file).exists():
        file.delete()


def _twice(names: Iterable[str]) -> set[str]:
    return {name for name, n in Counter(names).items() if n > 1}
