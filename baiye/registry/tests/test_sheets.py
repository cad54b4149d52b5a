"""Hosts and venues as sheets: out, filled, in again; what is new, changed, wrong; nothing twice and nothing deleted."""

import io
import uuid
from datetime import timedelta

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory
from baiye.core import clock, jobs
from baiye.core.models import Event
from baiye.core.refusals import Refused
from baiye.core.sheets import paper, queries, uploads
from baiye.core.sheets.kinds import SHEETS
from baiye.core.tests.sheets import book, counts, exported, handed_in, put_in, whys
from baiye.registry import credit_code
from baiye.registry.models import Accreditation, Host, Venue
from baiye.registry.tests.factories import HostFactory, VenueFactory

pytestmark = pytest.mark.django_db
CODE = "5231010700000000" + "1"
CODE += credit_code.check_character(CODE)


@pytest.fixture
def district():
    return DistrictFactory()


@pytest.fixture
def coordinator(district):
    return GrantFactory(role="coordinator", unit=district).user


def host_in(district, name="示例面点馆", **fields):
    return HostFactory(unit=UnitFactory(parent=district, kind="host", name=name), **fields)


HOSTS = ["单位名称", "统一社会信用代码", "类型", "地址", "能体验的职业", "营利性单位"]


def test_hosts_come_in_as_leads_and_never_with_an_accreditation(coordinator, district):
    upload = put_in("hosts", book(HOSTS, ["示例茶馆", CODE, "企业", "示例路１号", "茶艺师，评茶员", "是"]), coordinator)

    host = Host.objects.get(unit__name="示例茶馆")
    assert counts(upload) == {"added": 1, "changed": 0, "same": 0, "errors": 0}
    assert (host.evidence, host.grounds, host.credit_code, host.is_commercial) == ("lead", "candidate", CODE, True)
    assert (host.address, host.occupations, host.unit.parent) == ("示例路1号", ["茶艺师", "评茶员"], district)
    assert not Accreditation.objects.exists()


def test_a_dry_run_writes_nothing(coordinator):
    upload = handed_in("hosts", book(HOSTS, ["示例茶馆", CODE, "企业", "", "", ""]), coordinator)

    assert counts(upload)["added"] == 1
    assert not Host.objects.exists()
    assert not Event.objects.filter(kind__in=["host.made", "unit.made", "sheet.imported"], object_type="registry.host")


def test_a_second_upload_of_the_same_file_changes_nothing(coordinator):
    data = book(HOSTS, ["示例茶馆", CODE, "企业", "示例路 1 号", "茶艺师", "否"])
    put_in("hosts", data, coordinator)

    again = put_in("hosts", data, coordinator)

    assert counts(again) == {"added": 0, "changed": 0, "same": 1, "errors": 0}
    assert Host.objects.count() == 1
    assert Event.objects.filter(kind="host.edited").count() == 1


def test_changes_are_told_field_by_field_and_an_empty_cell_changes_nothing(coordinator, district):
    host = host_in(district, address="旧路 2 号", about="老馆", contact="林老师")

    upload = put_in("hosts", book([*HOSTS, "简介"], [host.unit.name, "", "", "新路 3 号", "", "", ""]), coordinator)

    host.refresh_from_db()
    (line,) = queries.findings_of(upload)["changed"]
    assert line["fields"] == [["地址", "旧路 2 号", "新路 3 号"]]
    assert (host.address, host.about, host.contact) == ("新路 3 号", "老馆", "林老师")


def test_a_host_is_known_by_its_code_and_a_wrong_pair_is_refused(coordinator, district):
    first = host_in(district, "示例甲馆", credit_code=CODE)
    host_in(district, "示例乙馆")
    rows = [["示例甲馆", CODE, "", "一路", "", ""], ["示例乙馆", CODE, "", "二路", "", ""]]

    upload = put_in("hosts", book(HOSTS, *rows), coordinator)

    first.refresh_from_db()
    assert first.address == "一路"
    assert whys(upload) == [
        (3, "B3", "这个代码是「示例甲馆」的，请核对名称和代码"),
    ]


def test_every_wrong_cell_of_a_row_is_named(coordinator):
    upload = handed_in("hosts", book([*HOSTS, "经度"], ["示例茶馆", "123", "企业", "", "", "也许", "东"]), coordinator)

    assert [(cell, why[:6]) for _row, cell, why in whys(upload)] == [
        ("B2", "统一社会信用"),
        ("F2", "请填“是”或"),
        ("G2", "要填数字"),
    ]


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (["示例茶馆", "", "", "", "", ""], "C2"),
        (["示例茶馆", "", "茶楼", "", "", ""], "C2"),
        (["示例茶馆", "523101070000000000", "企业", "", "", ""], "B2"),
        (["", CODE, "企业", "", "", ""], "A2"),
    ],
)
def test_what_only_the_database_or_an_action_would_refuse_is_found_in_the_dry_run(coordinator, row, cell):
    upload = handed_in("hosts", book(HOSTS, row), coordinator)

    assert [each[1] for each in whys(upload)] == [cell]


def test_a_row_that_does_not_say_whose_it_is_is_told_so_beside_its_other_mistakes(coordinator):
    columns = ["基地", "场地名称", "同时容纳学生"]

    upload = handed_in("venues", book(columns, ["", " ", "多"]), coordinator)

    assert whys(upload) == [(2, "A2", "这一格要填"), (2, "B2", "这一格要填"), (2, "C2", "要填数字")]


def test_the_same_host_twice_in_a_file_is_refused_once(coordinator):
    rows = [["示例茶馆（总馆）", "", "企业", "", "", ""], ["示例茶馆(总馆)", "", "企业", "", "", ""]]

    upload = handed_in("hosts", book(HOSTS, *rows), coordinator)

    assert counts(upload) == {"added": 1, "changed": 0, "same": 0, "errors": 1}
    assert whys(upload) == [(3, "A3", "和第 2 行说的是同一家，请只留一行")]


def test_a_host_of_another_district_is_not_touched(coordinator):
    other = host_in(DistrictFactory(), "外区馆", address="外区路")

    upload = put_in("hosts", book(HOSTS, ["外区馆", "", "", "本区路", "", ""]), coordinator)

    other.refresh_from_db()
    assert other.address == "外区路"
    assert whys(upload) == [(2, "A2", "名录里有同名或同代码的单位，但不归您管")]


def test_a_host_that_took_in_its_double_is_still_known_by_its_name(coordinator, district):
    host = host_in(district, "示例馆（上海）", address="旧路")
    merged = {"merged_into": host, "merged_at": clock.now(), "merged_by": coordinator}
    host_in(district, "示例馆(上海)", credit_code="", **merged)

    put_in("hosts", book(HOSTS, [host.unit.name, "", "", "新路", "", ""]), coordinator)

    host.refresh_from_db()
    assert host.address == "新路"


def test_of_two_hosts_with_one_name_the_code_says_which_and_nothing_is_guessed(coordinator, district):
    host = host_in(district, "示例馆（上海）", address="旧路", credit_code=CODE)
    double = host_in(district, "示例馆(上海)", address="另一条路", credit_code="")
    guessed = [host.unit.name, "", "", "新路", "", ""]
    said = [host.unit.name, CODE, "", "新路", "", ""]

    upload = put_in("hosts", book(HOSTS, guessed, said), coordinator)

    host.refresh_from_db()
    double.refresh_from_db()
    assert (host.address, double.address) == ("新路", "另一条路")
    assert whys(upload) == [(2, "A2", "有几家基地叫这个名字，请写统一社会信用代码")]


def test_an_export_of_hosts_comes_back_without_a_change(coordinator, district):
    fields = {"occupations": ["面点师", "茶艺师"], "about": "两行\n简介", "lon": 121.39512345678, "lat": 31.2}
    host_in(district, "示例馆（一）", credit_code=CODE, is_commercial=True, **fields)
    host_in(district, "示例馆三", credit_code="523101070000000000", credit_confirmed_by=coordinator)
    host_in(district, "示例馆二", kind="说不清的类型", address="全角１２号（后门）")

    data = exported("hosts", coordinator)

    assert counts(handed_in("hosts", data, coordinator)) == {"added": 0, "changed": 0, "same": 3, "errors": 0}


def test_an_export_holds_no_phone(coordinator, district):
    from baiye.core import crypto

    host_in(district, phone_sealed=crypto.encrypt("13900001234"))

    data = exported("hosts", coordinator)

    cells = [
        cell for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True) for cell in row
    ]
    assert "13900001234" not in cells


def test_who_manages_one_host_imports_no_hosts(district):
    manager = GrantFactory(role="host_manager", unit=host_in(district).unit).user

    with pytest.raises(PermissionDenied):
        handed_in("hosts", book(HOSTS, ["示例茶馆", "", "企业", "", "", ""]), manager)


VENUES = ["基地", "场地名称", "同时容纳学生", "面积", "无障碍"]


def test_a_manager_brings_in_the_venues_of_their_own_host(district):
    host = host_in(district)
    manager = GrantFactory(role="host_manager", unit=host.unit).user

    upload = put_in("venues", book(VENUES, [host.unit.name, "面点工坊", "３０人", 120, "有电梯、无台阶"]), manager)

    venue = Venue.objects.get()
    assert counts(upload)["added"] == 1
    assert (venue.host, venue.name, venue.capacity, venue.area_m2) == (host, "面点工坊", 30, 120)
    assert venue.access == ["step_free", "lift"]


def test_the_venue_of_another_host_is_none_of_theirs(district):
    manager = GrantFactory(role="host_manager", unit=host_in(district).unit).user
    other = VenueFactory(host=host_in(district, "别家"), name="别家工坊", capacity=10)

    upload = put_in("venues", book(VENUES, ["别家", "别家工坊", 99, "", ""]), manager)

    other.refresh_from_db()
    assert other.capacity == 10
    assert whys(upload) == [(2, "A2", "您管的基地里没有这一家，请写登记的全名或统一社会信用代码")]


def test_a_venue_too_small_is_refused_in_the_words_of_its_action(coordinator, district):
    host = host_in(district)

    upload = handed_in("venues", book(VENUES, [host.unit.name, "小间", 30, 60, ""]), coordinator)

    assert [each[2] for each in whys(upload)] == ["60 平方米最多容纳 20 人"]


def test_an_export_of_venues_comes_back_without_a_change(coordinator, district):
    VenueFactory(host=host_in(district), name="工坊（二楼）", area_m2=300, access=["lift", "sign"], lon=121.4, lat=31.2)

    data = exported("venues", coordinator)

    assert counts(handed_in("venues", data, coordinator)) == {"added": 0, "changed": 0, "same": 1, "errors": 0}


@pytest.mark.parametrize("kind", ["hosts", "venues"])
def test_a_template_names_every_column_and_says_how_to_fill_it(kind):
    sheet = SHEETS[kind]

    filled, explained = openpyxl.load_workbook(io.BytesIO(paper.filled(str(sheet.title), sheet.columns, ()))).worksheets

    labels = [str(column.label) for column in sheet.columns]
    assert [cell.value for cell in filled[1]] == labels
    assert [row[0].value for row in explained.iter_rows()][: len(labels)] == labels


def test_what_changed_between_dry_run_and_import_stops_it(coordinator, district):
    host = host_in(district, address="旧路")
    upload = handed_in("hosts", book(HOSTS, [host.unit.name, "", "", "新路", "", ""]), coordinator)
    Host.objects.filter(pk=host.pk).update(address="又一条路")

    uploads.ask(upload=upload, by=coordinator, at=clock.now())
    jobs.run_due()

    upload.refresh_from_db()
    host.refresh_from_db()
    assert (host.address, upload.applied_at) == ("又一条路", None)
    assert upload.stopped == "核对之后内容又有了变动，这一次没有写入。已经重新核对，请再看一遍"
    assert queries.findings_of(upload)["changed"][0]["fields"] == [["地址", "又一条路", "新路"]]


def test_an_import_when_the_file_was_emptied_says_so_and_does_not_wait_for_ever(coordinator):
    upload = handed_in("hosts", book(HOSTS, ["示例茶馆", "", "企业", "", "", ""]), coordinator)
    uploads.tidy(at=clock.now() + timedelta(days=31))

    uploads.ask(upload=upload, by=coordinator, at=clock.now())
    jobs.run_due()

    upload.refresh_from_db()
    assert (upload.asked_at, upload.refused) == (None, "文件已经按规定清空，请重新上传")


def test_an_import_is_one_event_and_empties_the_file(coordinator):
    upload = put_in("hosts", book(HOSTS, ["示例茶馆", "", "企业", "", "", ""]), coordinator)

    uploads.ask(upload=upload, by=coordinator, at=clock.now())
    uploads.apply(upload=upload, at=clock.now())

    event = Event.objects.get(kind="sheet.imported")
    assert event.facts == {"sheet": "hosts", "counts": {"added": 1, "changed": 0, "same": 0, "errors": 0}}
    assert bytes(upload.file_sealed) == b""


def test_the_same_request_is_one_upload(coordinator):
    data, given = book(HOSTS, ["示例茶馆", "", "企业", "", "", ""]), {"sheet": SHEETS["hosts"], "request": uuid.uuid4()}
    given |= {"file_name": "表.xlsx", "by": coordinator, "at": clock.now()}

    assert uploads.take(data=data, **given) == uploads.take(data=data, **given)


def test_an_upload_is_asked_for_by_who_made_it_alone(coordinator, district):
    upload = handed_in("hosts", book(HOSTS, ["示例茶馆", "", "企业", "", "", ""]), coordinator)
    other = GrantFactory(role="coordinator", unit=district).user

    with pytest.raises(PermissionDenied):
        uploads.ask(upload=upload, by=other, at=clock.now())

    jobs.run_due()
    assert not Host.objects.exists()


def test_a_file_without_a_header_is_refused_with_what_it_needs(coordinator):
    upload = handed_in("venues", book(["课程", "老师"], ["面点", "林"]), coordinator)

    assert upload.refused == "没找到表头。表头里至少要有：场地名称、基地。可以下载模板对照"
    with pytest.raises(Refused):
        uploads.ask(upload=upload, by=coordinator, at=clock.now())


def test_a_csv_under_a_merged_title_of_another_maker_is_read(coordinator):
    data = "单位信息表,,\n单位名称*,类型（必填）,邮箱\n示例茶馆,企业,a@example.org\n".encode("gb18030")

    upload = handed_in("hosts", data, coordinator, name="表.csv")

    assert counts(upload) == {"added": 1, "changed": 0, "same": 0, "errors": 0}
