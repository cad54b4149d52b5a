"""Which class travels on which day to which host: a deterministic fill, without database or clock.

First whole schools are put where the fill stays lowest, so that seats are used evenly and classes of a school travel
together; then single trips are moved or swapped until each host's day keeps between `FEWEST` and `MOST` seats for each
pupil. Nobody is sent where there is no seat.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

FEWEST, MOST = 1.05, 1.30  # seats ÷ pupils of a half-day: below is too tight to place everyone, above is waste
REPAIRS = 5000  # a bound on steps, never reached by a district


@dataclass(frozen=True, slots=True, order=True)
class HostDay:
    """A host on a day."""

    on: date
    host: int


@dataclass(frozen=True, slots=True)
class Class:
    """A class that goes: its pupils, the days it may travel, the trips that stay as they are."""

    pk: int
    school: int
    pupils: int
    days: frozenset[date]
    fixed: tuple[HostDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """``trips`` are new ones only; ``missing`` says how many days each class still lacks."""

    trips: tuple[tuple[int, HostDay], ...]
    missing: Mapping[int, int]


Step = tuple[int, HostDay, HostDay]  # class, from, to


@dataclass(slots=True)
class _Desk:
    """What is filled so far."""

    seats: Mapping[HostDay, int]
    classes: Mapping[int, Class]
    load: dict[HostDay, int]
    trips: dict[int, list[HostDay]]  # of each class
    guests: dict[HostDay, list[int]]  # the movable classes at each place

    def put(self, pk: int, place: HostDay) -> None:
        self.trips[pk].append(place)
        self.load[place] += self.classes[pk].pupils
        if place not in self.classes[pk].fixed:
            self.guests[place].append(pk)

    def take(self, pk: int, place: HostDay) -> None:
        self.trips[pk].remove(place)
        self.load[place] -= self.classes[pk].pupils
        self.guests[place].remove(pk)

    def may_go(self, pk: int, place: HostDay, leaving: HostDay | None = None) -> bool:
        """Whether a class may travel there: its day, no second trip that day, no second time to the host."""
        if place.on not in self.classes[pk].days:
            return False
        return not any(place.on == other.on or place.host == other.host for other in self.trips[pk] if other != leaving)

    def strain(self, place: HostDay, more: int = 0) -> float:
        """How far a host's day with ``more`` pupils is outside its margins, as a share of its seats.

        Too many weighs ten times as much as too few, and beyond the last seat a hundred times.
        """
        load, seats = self.load[place] + more, self.seats.get(place, 0)
        if not seats:
            return 0.0  # only a fixed trip stands here, and that stays
        over, under = load - floor(seats / FEWEST), ceil(seats / MOST) - load
        return (10 * max(over, 0) + 100 * max(load - seats, 0) + max(under, 0)) / seats


def fill(classes: Iterable[Class], seats: Mapping[HostDay, int], days: int) -> Plan:
    """Give each class ``days`` days at as many different hosts, beside the fixed trips.

    Parameters
    ----------
    seats : pupils
        What each host's day holds: the smaller of its morning and its afternoon.

    Notes
    -----
    The order of ``classes`` does not matter, and the same input gives the same plan.
    """
    going = sorted((one for one in classes if one.pupils), key=lambda one: one.pk)
    desk = _desk(going, {place: n for place, n in sorted(seats.items()) if n > 0})
    for school in _by_school(going):
        _send(desk, school, days)
    _crowd(desk, days)
    _repair(desk)
    _give_up(desk)
    made = [(pk, place) for place, guests in desk.guests.items() for pk in guests]
    lacking = {pk: days - len(places) for pk, places in desk.trips.items()}
    return Plan(tuple(sorted(made)), {pk: n for pk, n in lacking.items() if n > 0})


def _desk(going: Sequence[Class], seats: Mapping[HostDay, int]) -> _Desk:
    places = sorted(set(seats) | {place for one in going for place in one.fixed})
    desk = _Desk(
        seats,
        {one.pk: one for one in going},
        dict.fromkeys(places, 0),
        {one.pk: [] for one in going},
        {place: [] for place in places},
    )
    for one in going:
        for place in one.fixed:
            desk.put(one.pk, place)
    return desk


def _by_school(classes: Sequence[Class]) -> list[list[Class]]:
    """Classes of each school, the largest school first: it is the hardest to keep together."""
    schools: dict[int, list[Class]] = {}
    for one in classes:
        schools.setdefault(one.school, []).append(one)
    return sorted(schools.values(), key=lambda school: (-sum(one.pupils for one in school), school[0].school))


def _send(desk: _Desk, group: Sequence[Class], days: int) -> None:
    """Send a group together as far as there is room, and each half of it on its own where there is none."""
    while wanting := [one for one in group if len(desk.trips[one.pk]) < days]:
        place = _roomiest(desk, wanting)
        if place is None:
            break
        for one in wanting:
            desk.put(one.pk, place)
    if len(group) > 1:
        middle = (len(group) + 1) // 2
        _send(desk, group[:middle], days)
        _send(desk, group[middle:], days)


def _roomiest(desk: _Desk, group: Sequence[Class], *, within_margin: bool = True) -> HostDay | None:
    """Where the whole group may go and the fill stays lowest, or None."""
    pupils = sum(one.pupils for one in group)

    def fill_of(place: HostDay) -> tuple[float, HostDay]:
        return (desk.load[place] + pupils) / desk.seats[place], place

    fitting = (
        place
        for place, seats in desk.seats.items()
        if (not within_margin or desk.load[place] + pupils <= floor(seats / FEWEST))
        and all(desk.may_go(one.pk, place) for one in group)
    )
    return min(fitting, key=fill_of, default=None)


def _crowd(desk: _Desk, days: int) -> None:
    """Send whoever found no room where it is least crowded all the same; the repair makes room, or they stay home."""
    for pk, one in desk.classes.items():
        while len(desk.trips[pk]) < days:
            place = _roomiest(desk, [one], within_margin=False)
            if place is None:
                break
            desk.put(pk, place)


def _repair(desk: _Desk) -> None:
    """Take the step that eases strain most, again and again, at the most strained place that can be eased."""
    for _ in range(REPAIRS):
        strained = sorted((place for place in desk.seats if desk.strain(place)), key=lambda p: (-desk.strain(p), p))
        steps = next(filter(None, (_easing(desk, place) for place in strained)), None)
        if steps is None:
            return
        for pk, source, target in steps:
            desk.take(pk, source)
            desk.put(pk, target)


def _easing(desk: _Desk, place: HostDay) -> tuple[Step, ...] | None:
    """The best move or swap between ``place`` and any other, or None when nothing helps."""
    best: tuple[float, tuple[Step, ...]] | None = None
    for other in desk.seats:
        if other == place:
            continue
        stands = desk.strain(place) + desk.strain(other)
        for steps, change in _exchanges(desk, place, other):
            gain = stands - desk.strain(place, change) - desk.strain(other, -change)
            if gain > 1e-9 and (best is None or gain > best[0] + 1e-9):
                best = gain, steps
    return best[1] if best else None


def _exchanges(desk: _Desk, place: HostDay, other: HostDay) -> Iterator[tuple[tuple[Step, ...], int]]:
    """Every move and swap between two places, with the pupils that ``place`` gains by it."""
    size = desk.classes
    leaving = [pk for pk in desk.guests[place] if desk.may_go(pk, other, leaving=place)]
    coming = [pk for pk in desk.guests[other] if desk.may_go(pk, place, leaving=other)]
    for pk in leaving:
        yield ((pk, place, other),), -size[pk].pupils
    for pk in coming:
        yield ((pk, other, place),), size[pk].pupils
    for out in leaving:
        for into in coming:
            yield ((out, place, other), (into, other, place)), size[into].pupils - size[out].pupils


def _give_up(desk: _Desk) -> None:
    """No place gets more pupils than seats: the smallest classes that free enough stay at home, and are named."""
    for place, seats in desk.seats.items():
        while desk.load[place] > seats and desk.guests[place]:
            excess = desk.load[place] - seats
            by_size = sorted(desk.guests[place], key=lambda pk: (desk.classes[pk].pupils, pk))
            desk.take(next((pk for pk in by_size if desk.classes[pk].pupils >= excess), by_size[-1]), place)
