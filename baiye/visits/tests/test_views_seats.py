"""One seat by hand at the desk: own, other's, none; given, moved, given up, each once; and what the pages cost."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import DistrictFactory
from baiye.core import clock
from baiye.registry.tests.factories import AccreditedHostFactory
from baiye.schools.tests.factories import PupilFactory, SchoolClassFactory
from baiye.visits.models import Seat
from baiye.visits.tests.factories import SeatFactory, VisitFactory
from baiye.visits.tests.people import holder

pytestmark = pytest.mark.django_db


class Town:
    """A district with a host, a class, a visit next week and its coordinator."""

    def __init__(self):
        self.district = DistrictFactory()
        self.host = AccreditedHostFactory(unit__parent=self.district)
        self.school_class = SchoolClassFactory(school__unit__parent=self.district)
        self.coordinator = holder("coordinator", self.district)
        self.visit = self.sitting()

    def sitting(self, **fields):
        return VisitFactory(version__course__host=self.host, **fields)

    def pupil(self, **fields):
        return PupilFactory(school_class=self.school_class, **fields)

    def seat(self, **fields):
        return SeatFactory(**{"visit": self.visit, "pupil": self.pupil(), **fields})


@pytest.fixture
def town():
    return Town()


def at(name, row):
    return reverse(f"visits:{name}", args=[row.pk])


def pages(town):
    """Every page of a seat in ``town``."""
    seat = town.seat()
    return [at("seats", town.visit), at("seat-move", seat), at("seat-giving-up", seat)]


def test_pages_of_seats_are_the_coordinators_own(town, client):
    addresses, other = pages(town), Town()

    for person, status in ((town.coordinator, 200), (other.coordinator, 404)):
        client.force_login(person)
        assert [client.get(address).status_code for address in addresses] == [status] * 3


@pytest.mark.parametrize("role", ["host_manager", "school_coordinator", "district_officer"])
def test_pages_of_seats_are_not_found_by_who_assigns_none(town, client, role):
    unit = {"host_manager": town.host.unit, "school_coordinator": town.school_class.school.unit}
    client.force_login(holder(role, unit.get(role, town.district)))

    assert [client.get(address).status_code for address in pages(town)] == [404] * 3


def test_a_pupil_is_given_a_seat_once_by_one_request(town, client):
    pupil = town.pupil(name="林小满")
    client.force_login(town.coordinator)
    said = {"pupil": pupil.pk, "pupil-words": "林小满", "request": str(uuid.uuid4())}

    answers = [client.post(at("seats", town.visit), said) for _n in range(2)]

    assert answers[0].status_code == 302
    assert [(seat.pupil, seat.origin) for seat in Seat.objects.all()] == [(pupil, "assigned")]
    assert "林小满" in client.get(at("seats", town.visit)).content.decode()


def test_pupils_are_found_by_sound_and_only_ones_own_who_are_still_there_and_not_on_the_visit(town, client):
    mine = town.pupil(name="林小满", pinyin="lin xiao man")
    SeatFactory(visit=town.visit, pupil=town.pupil(name="林小雨", pinyin="lin xiao yu"))
    town.pupil(name="林小风", pinyin="lin xiao feng", joined_on="2020-01-01", left_on="2020-02-01")
    PupilFactory(name="林小雪", pinyin="lin xiao xue")
    client.force_login(town.coordinator)

    found = client.post(at("seats", town.visit), {"choose": "pupil", "q": "lxm"}).json()["rows"]
    all_lin = client.post(at("seats", town.visit), {"choose": "pupil", "q": "林小"}).json()["rows"]

    assert [row["key"] for row in found] == [row["key"] for row in all_lin] == [mine.pk]
    assert not Seat.objects.filter(pupil=mine).exists()


def test_a_pupil_of_another_district_is_not_taken_by_their_key(town, client):
    client.force_login(town.coordinator)

    answer = client.post(at("seats", town.visit), {"pupil": PupilFactory().pk, "request": str(uuid.uuid4())})

    assert (answer.status_code, Seat.objects.count()) == (422, 0)


def test_a_full_visit_says_so(town, client):
    SeatFactory(visit=town.sitting(seats=1), pupil=town.pupil())
    full = Seat.objects.get().visit
    client.force_login(town.coordinator)

    page = client.get(at("seats", full)).content.decode()
    said = {"pupil": town.pupil().pk, "request": str(uuid.uuid4())}

    assert "这一场没有空名额了" in page
    assert client.post(at("seats", full), said).status_code == 422


def test_a_seat_is_moved_once_by_one_request_and_the_old_one_kept_on_record(town, client):
    seat, to = town.seat(), town.sitting(starts_at=town.visit.starts_at)
    client.force_login(town.coordinator)
    said = {"to": to.pk, "because": "家里有事，换一天", "request": str(uuid.uuid4())}

    answers = [client.post(at("seat-move", seat), said) for _n in range(2)]

    assert [(answer.status_code, answer.headers.get("Location")) for answer in answers] == [(302, at("seats", to))] * 2
    seat.refresh_from_db()
    assert (seat.given_up_because, seat.given_up_by) == ("家里有事，换一天", town.coordinator)
    assert Seat.objects.get(given_up_at=None).visit == to


def test_a_seat_is_kept_where_the_new_one_cannot_be_had(town, client):
    seat, later = town.seat(), town.visit.starts_at + timedelta(days=2)
    SeatFactory(visit=town.sitting(starts_at=later), pupil=seat.pupil)
    clashing = town.sitting(starts_at=later + timedelta(minutes=30))
    client.force_login(town.coordinator)
    said = {"to": clashing.pk, "because": "想换", "request": str(uuid.uuid4())}

    answer = client.post(at("seat-move", seat), said)

    assert answer.status_code == 422
    assert all(words in answer.content.decode() for words in ("不能同时去两处", "想换</textarea>"))
    seat.refresh_from_db()
    assert seat.given_up_at is None


def test_sittings_to_move_to_are_ones_own_coming_and_free_the_same_course_first(town, client):
    seat = town.seat()
    other = town.sitting(starts_at=town.visit.starts_at + timedelta(days=1))
    same = town.sitting(version=town.visit.version, starts_at=town.visit.starts_at + timedelta(days=3))
    SeatFactory(visit=town.sitting(seats=1))
    town.sitting(starts_at=clock.now() - timedelta(days=1))
    VisitFactory()
    client.force_login(town.coordinator)

    page = client.get(at("seat-move", seat)).content.decode()

    offered = re.findall(r'<option value="(\d+)">', page)
    assert [int(key) for key in offered] == [same.pk, other.pk]


def test_a_seat_is_given_up_with_a_reason(town, client):
    seat = town.seat()
    client.force_login(town.coordinator)

    nameless = client.post(at("seat-giving-up", seat), {"because": " "})
    done = client.post(at("seat-giving-up", seat), {"because": "病了"})
    again = client.post(at("seat-giving-up", seat), {"because": "病了"})

    assert [answer.status_code for answer in (nameless, done, again)] == [422, 302, 422]
    seat.refresh_from_db()
    assert seat.given_up_because == "病了"


def test_a_visit_that_has_begun_offers_no_change(town, client):
    begun = town.sitting(starts_at=clock.now() - timedelta(minutes=5))
    seat = SeatFactory(visit=begun, pupil=town.pupil())
    client.force_login(town.coordinator)

    page = client.get(at("seats", begun)).content.decode()

    assert "名额不能再改" in page
    assert at("seat-move", seat) not in page
    assert client.post(at("seat-giving-up", seat), {"because": "病了"}).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_seats_cost_as_many_queries_for_three_as_for_one(town, client, django_assert_num_queries, count):
    for _n in range(count):
        town.seat()
    client.force_login(town.coordinator)
    client.get(at("seats", town.visit))

    with django_assert_num_queries(QUERIES):
        client.get(at("seats", town.visit))


QUERIES = 7


def test_the_list_of_visits_leads_a_coordinator_to_their_seats_and_a_manager_not(town, client):
    for person, leads in ((town.coordinator, True), (holder("host_manager", town.host.unit), False)):
        client.force_login(person)
        page = client.get(reverse("visits:visit-list")).content.decode()

        assert (at("seats", town.visit) in page) == leads
