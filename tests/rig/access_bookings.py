"""The world's bookings: an open release, a draft, a ranked one, a booking of its pupil; and what is drawn."""

from datetime import timedelta

from baiye.bookings.actions.draws import draw
from baiye.bookings.models import Opening, Release
from baiye.bookings.tests.factories import OpeningFactory, ReleaseFactory, pressed, publish
from baiye.core import clock
from baiye.rounds.tests.factories import District
from baiye.visits.tests.factories import VisitFactory

DAY = timedelta(days=1)
DRAFT = ("release-rules", "additions", "preview", "publication", "release-discard")


def booking_keys(base: District) -> dict[str, object]:
    """Keys for the addresses of bookings; every release is the district's own."""
    open_one = _opening(base, 30)
    ranked = _opening(base, 60, mode="ranked")
    drawn = _opening(base, 90, mode="draw")
    for opening in (open_one, ranked, drawn):
        publish(opening.release)
    booking = pressed(open_one, base.pupil)
    pressed(drawn)
    draw(release=drawn.release, at=drawn.release.draw_until)
    draft = _opening(base, 120, opens_at=clock.now() + DAY)
    return {
        "release_id": open_one.release_id,
        "opening_id": open_one.pk,
        "booking_id": booking.pk,
        "bookings:swap.opening_id": _beside(open_one).pk,
        "bookings:settings.opening_id": draft.pk,
        "bookings:removal.opening_id": draft.pk,
        "bookings:ranks.release_id": ranked.release_id,
        "bookings:rank-order.release_id": ranked.release_id,
        "bookings:draw.release_id": drawn.release_id,
        "bookings:draw-file.release_id": drawn.release_id,
        "bookings:draw-file.name": "frozen",
    } | {f"bookings:{name}.release_id": draft.release_id for name in DRAFT}


def _opening(base: District, days: int, **rules: object) -> Opening:
    """An opening of a draft of the district, at a venue of its first host, so many days from now."""
    release: Release = ReleaseFactory(unit=base.unit, **rules)
    return _at(base.visits[0], release, days)


def _beside(opening: Opening) -> Opening:
    """Another opening of a published release, for which the first can be given up."""
    release: Release = ReleaseFactory(unit=opening.release.unit)
    made = _at(opening.visit, release, 31)
    publish(release)
    return made


def _at(like: object, release: Release, days: int) -> Opening:
    starts = clock.now() + days * DAY
    visit = VisitFactory(version=like.version, venue=like.venue, starts_at=starts)  # type: ignore[attr-defined]
    made: Opening = OpeningFactory(release=release, visit=visit)
    return made
