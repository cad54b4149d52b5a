"""The roster as a sheet: what comes in, who may bring it, what never comes from a sheet, and the way out and back."""

import pytest

from baiye.catalogue.tests.factories import OccupationFactory
from baiye.core import clock, crypto
from baiye.core.models import Event
from baiye.core.tests.sheets import book, counts, exported, handed_in, put_in, whys
from baiye.mentors.models import Appointment, Check, Mentor, Title
from baiye.mentors.tests.factories import UncheckedFactory
from baiye.mentors.tests.people import Town

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "所在单位", "身份", "聘任单位", "手机", "语言", "职业", "一学期最多几次"]
NOTHING_BUT_SAME = {"added": 0, "changed": 0, "same": 1, "errors": 0}


@pytest.fixture
def town():
    return Town()


def test_a_mentor_comes_in_with_what_the_row_says_and_nothing_of_checks(town):
    occupation = OccupationFactory(name="中式面点师")
    row = [
        "林示例",
        town.host.name,
        "校外辅导员，司机",
        town.league.name,
        "１３９０００００００１",
        "沪语",
        "中式面点师",
        "8次",
    ]

    upload = put_in("mentors", book(HEAD, row), town.coordinator())

    mentor = Mentor.objects.get()
    assert counts(upload) == {"added": 1, "changed": 0, "same": 0, "errors": 0}
    assert (mentor.unit, mentor.appointed_by, mentor.kinds) == (town.host, town.league, ["counsellor", "driver"])
    assert (mentor.phone, mentor.languages, mentor.most_a_term) == ("13900000001", ["shanghainese"], 8)
    assert list(mentor.occupations.all()) == [occupation]
    assert [model.objects.count() for model in (Check, Title, Appointment)] == [0, 0, 0]


def test_the_same_file_again_changes_nothing(town):
    row = ["林示例", town.host.name, "基地带教", "", "13900000001", "普通话", "", ""]
    put_in("mentors", book(HEAD, row), town.coordinator())

    again = put_in("mentors", book(HEAD, row), town.coordinator())

    assert counts(again) == NOTHING_BUT_SAME
    assert not Event.objects.filter(kind="mentor.changed").exists()


def test_the_roster_goes_out_and_comes_back_without_a_change(town):
    mentor = UncheckedFactory(
        unit=town.host, appointed_by=town.league, phone_sealed=crypto.encrypt("13900000001"), free_slots=["6am", "1pm"]
    )
    mentor.occupations.set([OccupationFactory(code="9-2"), OccupationFactory(code="9-1")])

    assert counts(handed_in("mentors", exported("mentors", town.coordinator()), town.coordinator())) == NOTHING_BUT_SAME


def test_an_officer_changes_whom_their_agency_appoints_and_nobody_else(town):
    mine = UncheckedFactory(name="林示例", unit=town.host, appointed_by=town.league, most_a_term=20)
    other = UncheckedFactory(name="周示例", unit=town.host, appointed_by=town.union, most_a_term=20)
    rows = [[one.name, town.host.name, "", "", "", "", "", 5] for one in (mine, other)]

    upload = put_in("mentors", book(HEAD, *rows), town.officer(town.league))

    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.most_a_term, other.most_a_term) == (5, 20)
    assert whys(upload) == [(3, "B3", "您管的单位里没有这一家，请写登记的全名")]


def test_a_manager_of_one_host_may_leave_the_unit_empty(town):
    put_in("mentors", book(HEAD, ["林示例", "", "司机", "", "", "", "", ""]), town.manager())

    assert Mentor.objects.get().unit == town.host


def test_two_of_one_name_are_told_apart_by_their_phone(town):
    first, second = (
        UncheckedFactory(name="林示例", unit=town.host, phone_sealed=crypto.encrypt(phone), most_a_term=20)
        for phone in ("13900000001", "13900000002")
    )
    rows = [["林示例", town.host.name, "", "", phone, "", "", 3] for phone in ("13900000002", "")]

    upload = put_in("mentors", book(HEAD, *rows), town.coordinator())

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.most_a_term, second.most_a_term) == (20, 3)
    assert whys(upload) == [(3, "A3", "这家单位有几位同名的，请写登记的手机号，或到页面里改")]


@pytest.mark.parametrize(
    ("field", "value", "cell"),
    [
        ("身份", "厨师", "C2"),
        ("聘任单位", "没有的单位", "D2"),
        ("职业", "大典里没有的", "G2"),
        ("手机", "139", "E2"),
        ("身份", "", "C2"),
    ],
)
def test_a_wrong_cell_is_named(town, field, value, cell):
    row = dict(zip(HEAD, ["林示例", town.host.name, "司机", "", "", "", "", ""], strict=True)) | {field: value}

    upload = handed_in("mentors", book(HEAD, list(row.values())), town.coordinator())

    assert [each[1] for each in whys(upload)] == [cell]


def test_who_has_left_does_not_come_back_by_a_sheet(town):
    by = town.coordinator()
    UncheckedFactory(name="林示例", unit=town.host, left_on=clock.today(), left_by=by)

    upload = handed_in("mentors", book(HEAD, ["林示例", town.host.name, "司机", "", "", "", "", ""]), by)

    assert whys(upload) == [(2, "A2", "这位已经登记离任。如果回来了，请到页面里重新登记")]
