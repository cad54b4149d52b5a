"""Lines under everything that may happen to them: an independent account of each is kept beside, and must agree."""

import uuid
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.bookings.actions import cancellations, easing, lines, offers, swaps
from baiye.bookings.actions.presses import press
from baiye.bookings.actions.promotions import promote
from baiye.bookings.models import Booking, Opening
from baiye.bookings.tests.factories import published, pupil_of
from baiye.core import clock, invariants
from baiye.core.refusals import Refused
from baiye.schools.models import school_year
from baiye.schools.tests.factories import GuardianshipFactory, SchoolClassFactory
from baiye.visits.models import Seat, Visit
from baiye.visits.tests.factories import VisitFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PUPILS, OLD = 7, 3  # the first three are of the last grade
pupils, openings = st.integers(0, PUPILS - 1), st.integers(0, 2)
START = clock.local(clock.now() + DAY).replace(hour=9, minute=0, second=0, microsecond=0)


class World:
    """Three openings, of which the first two overlap; one keeps a seat for the last grade; at first one seat a term."""

    def __init__(self) -> None:
        days = [START + 8 * DAY, START + 8 * DAY + HOUR, START + 9 * DAY]
        reserve = {
            "opening__reserved": 1,
            "opening__reserved_from_grade": 9,
            "opening__reserved_until": START + 3 * DAY,
        }
        visits = [{"starts_at": days[0], "seats": 2, **reserve}, {"starts_at": days[1], "seats": 1}]
        visits.append({"starts_at": days[2], "seats": 2, "opening__waiting_most": 3})
        self.openings = published(visits=visits, most_open=2, most_a_term=1)
        year = school_year(clock.day_of(days[0]))
        district = self.openings[0].release.unit
        classes = [SchoolClassFactory(school__unit__parent=district, entry_year=year - n) for n in (3, 1)]
        self.pupils = [pupil_of(self.openings[0], school_class=classes[n >= OLD]) for n in range(PUPILS)]
        self.guardian = UserFactory(kind="guardian")
        for pupil in self.pupils:
            GuardianshipFactory(user=self.guardian, pupil=pupil)
        self.coordinator = GrantFactory(role="coordinator", unit=district).user
        here = self.openings[0].visit
        self.elsewhere = VisitFactory(version=here.version, venue=here.venue, starts_at=days[0] + 2 * HOUR, seats=99)


class Lines(RuleBasedStateMachine):
    """What families, staff and time do to three lines; ``self.lines`` is what the test itself knows of their order."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.at = START
        self.lines: dict[int, list[int]] = {opening.pk: [] for opening in self.world.openings}
        self.coded = 0

    def teardown(self) -> None:
        found = [one for one in invariants.findings() if one.rows and "hinder" not in one.name]
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        assert found == []

    # ── what may happen ──

    @initialize(openings=st.permutations(range(3)))
    def opening_minute(self, openings: list[int]) -> None:
        """Lines to begin with, of which some who wait are at the cap already."""
        for opening in openings:
            self.press_all(opening)

    @rule(pupil=pupils, opening=openings)
    def press(self, pupil: int, opening: int) -> None:
        one, request = self.world.openings[opening], uuid.uuid4()
        said = [
            press(opening=one, pupil=self.world.pupils[pupil], request=request, by=self.world.guardian, at=self.at)
            for _ in range(2)
        ]
        assert (said[0].state, said[0].booking, said[0].place) == (said[1].state, said[1].booking, said[1].place)
        if said[0].state == "waiting" and said[0].reason == "":
            self.lines[one.pk].append(said[0].booking)

    @rule(opening=openings)
    def press_all(self, opening: int) -> None:
        """As in an opening minute: who may, gets a seat or a place."""
        for pupil in range(PUPILS):
            self.press(pupil, opening)

    @rule(pupil=pupils, opening=openings)
    def cancel(self, pupil: int, opening: int) -> None:
        if booking := self.live(pupil, opening):
            with suppress(Refused):
                cancellations.cancel(booking=booking, by=self.world.guardian, at=self.at)

    @rule(pupil=pupils, opening=openings, accepts=st.booleans())
    def answer(self, pupil: int, opening: int, accepts: bool) -> None:
        if booking := self.live(pupil, opening):
            act = offers.accept if accepts else offers.decline
            before = self.state(booking)
            try:
                act(booking=booking, by=self.world.guardian, at=self.at)
            except Refused:
                assert self.state(booking) == before
            else:
                assert self.state(booking) == ("booked" if accepts else "ended")

    @rule(pupil=pupils, drop=openings, take=openings)
    def swap(self, pupil: int, drop: int, take: int) -> None:
        held = self.live(pupil, drop)
        if held is None or drop == take:
            return
        before = self.state(held)
        try:
            got = swaps.swap(drop=held, take=self.fresh(take), request=uuid.uuid4(), by=self.world.guardian, at=self.at)
        except Refused:
            assert self.state(held) == before
        else:
            assert (self.state(held), self.state(got)) == ("ended", "booked")

    @rule(hours=st.integers(1, 12))
    def wait(self, hours: int) -> None:
        self.at += hours * HOUR

    @precondition(lambda self: self.at < START + 7 * DAY)
    @rule(opening=openings)
    def promote(self, opening: int) -> None:
        self.promoted_as_expected(opening)

    @rule()
    def minute(self) -> None:
        """What the job of every minute does; afterwards no seat is free that somebody in line could have."""
        offers.expire(at=self.at)
        lines.lapse(at=self.at)
        for opening in range(3):
            self.promoted_as_expected(opening)
        assert lines.offer_what_is_free(at=self.at) == 0
        assert not Booking.objects.filter(ended_at=None, offer_until__lte=self.at).exists()
        assert [self.expected(self.fresh(n)) for n in range(3)] == [set()] * 3

    @rule(n=st.integers(0, PUPILS - 1))
    def sit_elsewhere(self, n: int) -> None:
        """Staff give someone, who waits if anyone does, a seat that overlaps with two openings; or take it back."""
        waiting = Booking.objects.filter(
            opening__in=self.world.openings[:2], ended_at=None, seat=None, offer_until=None
        ).order_by("place", "pk")
        found = list(waiting.select_related("pupil")[:PUPILS])
        one = found[n % len(found)].pupil if found else self.world.pupils[n]
        held = Seat.objects.filter(pupil=one, visit=self.world.elsewhere, given_up_at=None)
        if held.update(given_up_at=self.at, given_up_by=self.world.coordinator):
            return
        span = (self.world.elsewhere.starts_at, self.world.elsewhere.ends_at)
        if not Seat.objects.filter(pupil=one, given_up_at=None, span__overlap=span).exists():
            self.coded += 1
            Seat.objects.create(
                pupil=one, visit=self.world.elsewhere, origin="assigned", code=f"X{self.coded:05d}", span=span
            )

    @rule(opening=openings, by=st.integers(-2, 2))
    def change_seats(self, opening: int, by: int) -> None:
        one = self.fresh(opening)
        with suppress(Refused):
            easing.change_seats(opening=one, seats=max(0, one.visit.seats + by), by=self.world.coordinator)

    @rule()
    def raise_the_cap(self) -> None:
        release = self.fresh(0).release
        more = {"most_a_term": release.most_a_term + 1, "most_open": release.most_open + 1}
        easing.ease_release(release=release, by=self.world.coordinator, **more)

    @rule()
    def end_the_reserve(self) -> None:
        one = self.fresh(0)
        easing.ease_opening(
            opening=one, reserved=0, reserved_until=one.reserved_until, waiting_most=None, by=self.world.coordinator
        )

    # ── what always holds ──

    @invariant()
    def every_seat_is_taken_offered_or_free(self) -> None:
        for opening in self.world.openings:
            visit = Visit.objects.get(pk=opening.visit_id)
            taken = Seat.objects.filter(visit=visit, given_up_at=None).count()
            offered = Booking.objects.filter(opening=opening, ended_at=None, offer_until__isnull=False).count()
            assert (visit.taken, visit.offered) == (taken, offered)
            assert visit.seats == taken + offered + visit.seats_left
            assert visit.seats_left >= 0

    @invariant()
    def lines_keep_the_order_in_which_they_were_joined(self) -> None:
        for opening, known in self.lines.items():
            stands = Booking.objects.filter(opening=opening, place__isnull=False).order_by("place")
            assert list(stands.values_list("pk", flat=True)) == known

    @invariant()
    def nobody_is_in_two_places_or_has_an_offer_where_they_sit(self) -> None:
        for pupil in self.world.pupils:
            spans = self.spans(pupil.pk)
            assert all(a[1] <= b[0] for a, b in pairwise(spans)), spans

    # ── the test's own account ──

    def promoted_as_expected(self, opening: int) -> None:
        """Offers go to those whom the rule names, and to nobody else."""
        one = self.fresh(opening)
        before, expected = self.offered(one), self.expected(one)
        made = promote(opening=one, at=self.at)
        assert (self.offered(one) - before, made) == (expected, len(expected))

    def fresh(self, n: int) -> Opening:
        return Opening.objects.select_related("release__unit", "visit__venue__host__unit").get(
            pk=self.world.openings[n].pk
        )

    def live(self, pupil: int, opening: int) -> Booking | None:
        found = Booking.objects.filter(pupil=self.world.pupils[pupil], opening=self.world.openings[opening])
        return found.filter(ended_at=None).select_related("opening__visit", "pupil").first()

    def state(self, booking: Booking) -> str:
        return Booking.objects.get(pk=booking.pk).state

    def spans(self, pupil: int) -> list[tuple]:
        """When the pupil sits, or was offered a seat before they sat elsewhere, in order."""
        seats = Seat.objects.filter(pupil=pupil, given_up_at=None).values_list("visit__starts_at", "visit__ends_at")
        return sorted(seats)

    def offered(self, opening: Opening) -> set[int]:
        out = Booking.objects.filter(opening=opening, ended_at=None, offer_until__isnull=False)
        return set(out.values_list("pk", flat=True))

    def expected(self, opening: Opening) -> set[int]:
        """Who must be offered a seat now, by the published rule, told from the rows alone."""
        visit, release = opening.visit, opening.release
        if self.at >= visit.starts_at - 24 * HOUR:
            return set()
        old = {pupil.pk for pupil in self.world.pupils[:OLD]}
        live = Booking.objects.filter(ended_at=None).select_related("opening__visit")
        served = {one.pk: one for one in live if one.seat_id or one.offer_until}
        here = [one for one in served.values() if one.opening_id == opening.pk]
        free = visit.seats - len(here) - Seat.objects.filter(visit=visit, given_up_at=None, booking=None).count()
        kept = 0
        if opening.reserved and self.at < opening.reserved_until:
            kept = max(0, opening.reserved - sum(one.pupil_id in old for one in here))
        chosen: set[int] = set()
        for one in sorted((one for one in live if one.opening_id == opening.pk and one.place), key=lambda x: x.place):
            mine = [other for other in served.values() if other.pupil_id == one.pupil_id]
            spans = self.spans(one.pupil_id) + [
                (other.opening.visit.starts_at, other.opening.visit.ends_at) for other in mine
            ]
            clashes = any(a < visit.ends_at and b > visit.starts_at for a, b in spans)
            if one.pk in served or clashes or len(mine) >= release.most_a_term or free <= 0:
                continue
            if one.pupil_id in old or free > kept:
                free, kept = free - 1, max(0, kept - (one.pupil_id in old))
                chosen.add(one.pk)
        return chosen


@pytest.mark.slow
@pytest.mark.django_db
def test_lines_keep_their_promises_whatever_happens():
    Lines.world = World()
    calm = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

    run_state_machine_as_test(
        Lines, settings=settings(max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=calm)
    )
