"""The coordinator's desk: rounds, phases, sittings, trips, schools."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from baiye.accounts.tests.factories import GrantFactory, UnitFactory
from baiye.core import clock
from baiye.core.models import Message
from baiye.rounds import policies
from baiye.rounds.actions import wishes as actions
from baiye.rounds.models import PHASES, Round, RoundVisit, Trip
from baiye.rounds.tests.factories import RoundFactory, district, sittings, spans
from baiye.schools.tests.factories import PupilFactory, SchoolClassFactory, SchoolFactory
from baiye.visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return district()


def address(name, place, *more):
    return reverse(f"rounds:{name}", args=[place.round.pk, *more])


def cell(place, name="trip"):
    return reverse(f"rounds:{name}", args=[place.round.pk, place.school_class.pk, place.days[0]])


def text(response):
    return " ".join(response.content.decode().split())


def phases_posted(now_in="prepare"):
    posted = {}
    for kind, (starts_at, ends_at) in spans(now_in).items():
        posted[f"{kind}_from"] = f"{clock.local(starts_at):%Y-%m-%dT%H:%M}"
        posted[f"{kind}_to"] = f"{clock.local(ends_at):%Y-%m-%dT%H:%M}"
    return posted


def test_round_list_shows_the_rounds_of_ones_district(client, place):
    RoundFactory()
    client.force_login(place.officer)

    response = client.get(reverse("rounds:round-list"))

    assert [(round, phase.kind, opens) for round, phase, opens in response.context["rows"]] == [
        (place.round, "wish", True)
    ]
    assert "建一轮" not in text(response)


def test_round_list_of_a_school_leads_to_its_classes(client, place):
    client.force_login(GrantFactory(role="school_coordinator", unit=place.school.unit).user)

    response = client.get(reverse("rounds:round-list"))

    assert [(round, opens) for round, _phase, opens in response.context["rows"]] == [(place.round, False)]
    assert client.get(address("round", place)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_round_list_costs_as_many_queries_for_three_rounds_as_for_one(client, place, count, django_assert_num_queries):
    RoundFactory.create_batch(count - 1, unit=place.unit)
    client.force_login(place.coordinator)
    client.get(reverse("rounds:round-list"))

    with django_assert_num_queries(7):
        client.get(reverse("rounds:round-list"))


def test_round_create_makes_it_for_the_grade(client, place):
    client.force_login(place.coordinator)
    rules = {"unit": place.unit.pk, "name": "春季", "grade": 7, "half_days": 4, "wishes_max": 3, "points": "100，80 65"}
    rules["policy"] = "floor"

    response = client.post(reverse("rounds:round-create"), rules | phases_posted())

    made = Round.objects.get(name="春季")
    assert response["Location"] == reverse("rounds:round-visits", args=[made.pk])
    assert (made.grade(clock.today()), made.points, made.policy) == (7, [100, 80, 65], "floor")
    assert made.phases.count() == len(PHASES)


def test_round_create_out_of_order_says_so_and_keeps_what_was_typed(client, place):
    client.force_login(place.coordinator)
    rules = {"unit": place.unit.pk, "name": "春季", "grade": 7, "half_days": 4, "wishes_max": 3, "points": "100 80 65"}
    rules["policy"] = "points"
    wrong = phases_posted() | {"place_from": phases_posted()["wish_from"]}

    response = client.post(reverse("rounds:round-create"), rules | wrong)

    assert response.status_code == 422
    assert "「录取运算」要在「填志愿」结束以后开始。" in text(response)
    assert 'value="春季"' in text(response)


def test_round_create_defines_each_rule_in_a_sentence(client, place):
    client.force_login(place.coordinator)

    page = text(client.get(reverse("rounds:round-create")))

    assert [name for name in policies.NAMES if str(policies.SENTENCES[name]) not in page] == []


@pytest.mark.parametrize("who", ["officer", "teacher", "guardian", "pupil_user"])
def test_round_create_is_for_who_prepares_rounds(client, place, who):
    client.force_login(getattr(place, who))

    assert client.get(reverse("rounds:round-create")).status_code == 404


def test_round_shows_live_figures_and_what_needs_a_hand(client, place):
    for pupil in place.pupils:
        actions.record_wishes(
            round=place.round, pupil=pupil, courses=place.courses[:1], by=place.teacher, at=clock.now()
        )
    PupilFactory(school_class=SchoolClassFactory(school=SchoolFactory(unit=UnitFactory(parent=place.unit))))
    client.force_login(place.officer)

    response = client.get(address("round", place))

    figures = {stat.label: stat.value for stat in response.context["stats"]}
    assert figures == {"应填学生": 3, "已交志愿": 2, "告知书已读": 0, "名额": 160, "名额 ÷ 需求": "20.00"}
    (first, *_rest) = response.context["bars"]
    assert (first.value, first.limit) == (2, 40)
    titles = [hand.title for hand in response.context["hands"]]
    assert "有班级没排满出行日" in titles
    assert [title for title in titles if "100.0% 没交志愿" in title] != []


def test_round_names_a_course_asked_for_too_often_and_a_half_day_without_seats(client):
    place = district(pupils=4, seats=1)
    for pupil in place.pupils:
        actions.record_wishes(
            round=place.round, pupil=pupil, courses=place.courses[:1], by=place.teacher, at=clock.now()
        )
    client.force_login(place.coordinator)

    hands = client.get(address("round", place)).context["hands"]

    assert [hand.kind for hand in hands if "名额不够" in hand.title] == ["bad"] * 4
    assert [hand.note for hand in hands if "供需比 2.00" in hand.title] == ["第一志愿 4 人，名额 2"]


@pytest.mark.parametrize("who", ["teacher", "guardian", "pupil_user"])
def test_round_is_for_offices(client, place, who):
    client.force_login(getattr(place, who))

    for name in ("round", "round-visits", "trips", "school-export"):
        assert client.get(address(name, place)).status_code == 404


def test_round_of_another_district_is_not_there(client, place):
    client.force_login(GrantFactory(role="coordinator", unit=RoundFactory().unit).user)

    assert client.get(address("round", place)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_round_costs_as_many_queries_for_three_schools_as_for_one(client, place, count, django_assert_num_queries):
    for _ in range(count - 1):
        PupilFactory(school_class=SchoolClassFactory(school=SchoolFactory(unit=UnitFactory(parent=place.unit))))
    client.force_login(place.coordinator)
    client.get(address("round", place))

    with django_assert_num_queries(18):
        client.get(address("round", place))


def test_schools_can_be_sorted_searched_and_exported(client, place):
    other = SchoolFactory(unit=UnitFactory(parent=place.unit, name="乙校"))
    for _ in range(3):
        PupilFactory(school_class=SchoolClassFactory(school=other))
    client.force_login(place.officer)

    by_size = client.get(address("round", place), {"sort": "-pupils"}).context["schools"]
    found = client.get(address("round", place), {"q": "乙校"}).context["schools"]
    file = client.get(address("school-export", place), {"sort": "-pupils"})

    assert [school.pupils for school in by_size] == [3, 2]
    assert [school.name for school in found] == ["乙校"]
    sheet = load_workbook(io.BytesIO(file.content)).active
    assert [row[:3] for row in sheet.iter_rows(values_only=True)] == [
        ("学校", "班级", "应填"),
        ("乙校", 3, 3),
        (str(place.school), 1, 2),
    ]


def test_reminder_goes_to_the_chosen_schools(client, place):
    client.force_login(place.coordinator)

    response = client.post(address("reminder", place), {"pick": [place.school.pk]}, follow=True)

    assert Message.objects.count() == 2
    assert "提醒发给了 2 人。" in text(response)


def test_reminder_by_an_officer_is_not_there(client, place):
    client.force_login(place.officer)

    assert client.post(address("reminder", place), {"pick": [place.school.pk]}).status_code == 404
    assert not Message.objects.exists()


def test_phases_can_be_moved(client):
    place = district(phase="prepare")
    client.force_login(place.coordinator)
    later = {
        name: f"{clock.local(clock.now() + timedelta(days=5 * n)):%Y-%m-%dT%H:%M}"
        for n, name in enumerate(f"{kind}_{side}" for kind, _name in PHASES for side in ("from", "to"))
    }

    response = client.post(address("phases", place), later)

    assert response.status_code == 302
    assert (
        f"{clock.local(Round.objects.get(pk=place.round.pk).phase('close').ends_at):%Y-%m-%dT%H:%M}"
        == later["close_to"]
    )


def test_phases_out_of_order_are_refused(client, place):
    client.force_login(place.coordinator)

    response = client.post(address("phases", place), phases_posted("wish") | {"run_from": "2020-01-01T00:00"})

    assert response.status_code == 422
    assert "「到岗体验」要在「复核公示」结束以后开始。" in text(response)


def test_sittings_puts_a_hosts_courses_on_the_chosen_days(client):
    place = district(phase="schedule")
    client.force_login(place.coordinator)
    page = client.get(address("sittings", place, place.hosts[0].pk))
    form = page.context["form"]
    version, days = form.versions[0], [value for value, _label in form.fields["days"].choices][:2]
    venue = form.fields[f"venue{version.pk}"].choices[0][0]
    others = {f"venue{v.pk}": venue for v in form.versions} | {f"seats{v.pk}": 20 for v in form.versions}

    response = client.post(
        address("sittings", place, place.hosts[0].pk),
        others | {f"take{version.pk}": "on", "days": days, "halves": ["am", "pm"]},
    )

    assert response.status_code == 302
    assert Visit.objects.filter(version=version, seats=20).count() == 2 + 4
    assert RoundVisit.objects.filter(round=place.round).count() == len(place.visits) + 4


def test_sittings_without_a_course_or_a_day_says_so(client):
    place = district(phase="schedule")
    client.force_login(place.coordinator)

    response = client.post(address("sittings", place, place.hosts[0].pk), {"halves": ["am"]})

    assert response.status_code == 422
    assert "至少选一天。" in text(response)
    assert "至少勾选一个项目。" in text(response)


def test_visit_removal_takes_courses_out(client):
    place = district(phase="schedule")
    client.force_login(place.coordinator)

    client.post(address("visit-removal", place), {"pick": [place.courses[0].pk], "because": "设备检修"})

    assert RoundVisit.objects.filter(round=place.round).count() == len(place.visits) - 2


def test_visit_removal_without_a_reason_changes_nothing(client):
    place = district(phase="schedule")
    client.force_login(place.coordinator)

    response = client.post(address("visit-removal", place), {"pick": [place.courses[0].pk]}, follow=True)

    assert "请写原因，基地会看到。" in text(response)
    assert RoundVisit.objects.filter(round=place.round).count() == len(place.visits)


@pytest.mark.parametrize("count", [1, 3])
def test_round_visits_cost_as_many_queries_for_three_courses_as_for_one(client, count, django_assert_num_queries):
    place = district()
    sittings(place.round, place.hosts[0], place.days[0], courses=count)
    client.force_login(place.coordinator)
    client.get(address("round-visits", place))

    with django_assert_num_queries(11):
        client.get(address("round-visits", place))


def test_trips_shows_classes_by_day_with_how_full_each_is(client, place):
    client.force_login(place.officer)

    grid = client.get(address("trips", place)).context["grid"]

    assert [day.on for day in grid.days] == place.days
    (row,) = grid.rows
    assert [cell.trip.host for cell in row.cells] == place.hosts
    assert [(cell.fill.pupils, cell.fill.seats) for cell in row.cells] == [(2, 40), (2, 40)]


def test_trips_can_show_only_classes_that_lack_days(client, place):
    lacking = SchoolClassFactory(school=place.school)
    PupilFactory(school_class=lacking)
    client.force_login(place.coordinator)

    grid = client.get(address("trips", place), {"lacking": "on"}).context["grid"]

    assert [(row.school_class, row.lacking) for row in grid.rows] == [(lacking, 2)]


@pytest.mark.parametrize("count", [1, 3])
def test_trips_cost_as_many_queries_for_three_classes_as_for_one(client, place, count, django_assert_num_queries):
    for _ in range(count - 1):
        PupilFactory(school_class=SchoolClassFactory(school=place.school))
    client.force_login(place.coordinator)
    client.get(address("trips", place))

    with django_assert_num_queries(18):
        client.get(address("trips", place))


def test_trip_is_set_by_its_small_form(client):
    place = district(phase="schedule", trips=False)
    client.force_login(place.coordinator)

    response = client.post(
        cell(place), {"host": place.hosts[0].pk, "bus": "沪A", "leaves_at": "08:10", "is_locked": "on"}
    )

    assert response.status_code == 302
    trip = Trip.objects.get()
    assert (trip.host, trip.bus, f"{trip.leaves_at:%H:%M}", trip.is_locked) == (place.hosts[0], "沪A", "08:10", True)


def test_trip_that_cannot_be_says_why(client):
    place = district(phase="schedule", trips=False)
    client.force_login(place.coordinator)

    response = client.post(cell(place), {"host": place.hosts[1].pk})

    assert response.status_code == 422
    assert "没有上下午都开的场次" in text(response)


def test_trip_after_wishes_opened_asks_for_a_reason(client):
    place = district(trips=False)
    client.force_login(place.coordinator)

    refused = client.post(cell(place), {"host": place.hosts[0].pk})
    client.post(cell(place), {"host": place.hosts[0].pk, "forced_because": "基地停电"})

    assert "请写明原因" in text(refused)
    assert Trip.objects.get().forced_because == "基地停电"


def test_trip_removal_frees_the_day(client):
    place = district(phase="schedule")
    client.force_login(place.coordinator)

    client.post(cell(place, "trip-removal"))

    assert list(Trip.objects.values_list("on", flat=True)) == [place.days[1]]
    assert client.post(cell(place, "trip-removal")).status_code == 404


def test_trip_filling_fills_and_clearing_takes_back(client):
    place = district(phase="schedule", trips=False)
    client.force_login(place.coordinator)

    filled = client.post(address("trip-filling", place), follow=True)
    asked = client.get(address("trip-clearing", place))
    cleared = client.post(address("trip-clearing", place), follow=True)

    assert "自动排了 2 个班次。" in text(filled)
    assert "没锁定的 2 个班次会空出来" in text(asked)
    assert "收回了 2 个班次。" in text(cleared)
    assert not Trip.objects.exists()


def test_trip_pages_are_for_who_prepares_rounds(client, place):
    client.force_login(place.officer)

    assert client.get(cell(place)).status_code == 404
    assert client.post(address("trip-filling", place)).status_code == 404
    assert client.post(address("trip-clearing", place)).status_code == 404
