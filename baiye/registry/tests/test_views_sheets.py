"""The pages of 从表格导入: who gets in, a file from upload to import, and what comes back to be mended."""

import io
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory
from baiye.core import jobs
from baiye.core.models import Event, Upload
from baiye.core.sheets import paper
from baiye.core.sheets.columns import headings
from baiye.core.sheets.header import find_header, label
from baiye.core.sheets.kinds import SHEETS
from baiye.core.sheets.rows import read_rows
from baiye.core.sheets.tables import read_tables
from baiye.core.tests.sheets import book, handed_in
from baiye.registry.models import Venue
from baiye.registry.tests.factories import HostFactory, VenueFactory

pytestmark = pytest.mark.django_db
PAGES = ("sheet", "sheet-template", "sheet-export")
HEAD = ["基地", "场地名称", "同时容纳学生"]
ROLES = {
    "coordinator": {"hosts", "venues", "mentors", "courses"},
    "host_manager": {"venues", "mentors", "courses"},
    "agency_officer": {"mentors"},
    "district_officer": set(),
    "school_coordinator": {"wecom"},
}


@pytest.fixture
def district():
    return DistrictFactory()


@pytest.fixture
def host(district):
    return HostFactory(unit=UnitFactory(parent=district, kind="host", name="示例面点馆"))


@pytest.fixture
def manager(host, client):
    user = GrantFactory(role="host_manager", unit=host.unit).user
    client.force_login(user)
    return user


def send(client, data, name="场地.xlsx", kind="venues"):
    given = {"request": uuid.uuid4(), "file": SimpleUploadedFile(name, data)}
    response = client.post(reverse("core:sheet", args=[kind]), given)
    jobs.run_due()
    return response


def address(name, upload):
    return reverse(f"core:{name}", args=[upload.pk])


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_to_its_own_sheets_and_no_others(client, district, host, role):
    units = {"agency_officer": UnitFactory(parent=district, kind="agency", name="示例团委"), "host_manager": host.unit}
    units["school_coordinator"] = UnitFactory(parent=district, kind="school", name="示例学校")
    client.force_login(GrantFactory(role=role, unit=units.get(role, district)).user)

    pages = {kind: [client.get(reverse(f"core:{name}", args=[kind])).status_code for name in PAGES] for kind in SHEETS}

    assert pages == {kind: [200] * 3 if kind in ROLES[role] else [404] * 3 for kind in SHEETS}


def test_a_file_goes_in_by_the_pages_alone(client, host, manager):
    response = send(client, book(HEAD, [host.unit.name, "面点工坊", 30], [host.unit.name, "小间", "多"]))
    upload = Upload.objects.get()
    assert response.url == address("upload", upload)
    text = client.get(address("upload", upload)).content.decode()
    assert "导入 1 行" in text
    assert "同时容纳学生（C3）“多”：要填数字" in text

    client.post(address("upload-application", upload))
    assert "正在写入" in client.get(address("upload", upload)).content.decode()
    jobs.run_due()

    assert "原文件已清空" in client.get(address("upload", upload)).content.decode()
    assert Venue.objects.get().name == "面点工坊"


def test_changes_are_shown_field_by_field(client, host, manager):
    VenueFactory(host=host, name="面点工坊", capacity=20)

    send(client, book(HEAD, [host.unit.name, "面点工坊", 30]))

    text = client.get(address("upload", Upload.objects.get())).content.decode()
    assert "同时容纳学生：20 → 30" in text


def test_the_file_comes_back_with_what_to_change_beside_each_row(client, host, manager):
    send(client, book(["场地一览"], HEAD, [host.unit.name, "面点工坊", "多"]))

    data = client.get(address("upload-notes", Upload.objects.get())).content

    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    assert rows[1] == (*HEAD, "需要改的地方")
    assert rows[2] == (host.unit.name, "面点工坊", "多", "同时容纳学生（C3）“多”：要填数字")


def test_an_upload_of_somebody_else_is_not_found(client, district, host, manager):
    other = GrantFactory(role="host_manager", unit=host.unit).user
    upload = handed_in("venues", book(HEAD, [host.unit.name, "面点工坊", "多"]), other)

    answers = [client.get(address(name, upload)).status_code for name in ("upload", "upload-state", "upload-notes")]

    assert [*answers, client.post(address("upload-application", upload)).status_code] == [404] * 4
    assert not Venue.objects.exists()


def test_a_file_that_cannot_be_taken_is_told_at_the_form(client, manager):
    response = send(client, b"%PDF-1.7", name="场地.pdf")

    assert response.status_code == 422
    assert "只收 .xlsx 和 .csv 文件" in response.content.decode()
    assert not Upload.objects.exists()


def test_an_export_is_noted_and_holds_only_what_is_ones_own(client, district, host, manager):
    VenueFactory(host=host, name="自家工坊")
    VenueFactory(host=HostFactory(unit=UnitFactory(parent=district, kind="host", name="别家")), name="别家工坊")

    data = client.get(reverse("core:sheet-export", args=["venues"])).content

    rows = list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["场地名称", "自家工坊"]
    assert Event.objects.get(kind="sheet.exported").facts == {"sheet": "venues"}


def test_a_kind_that_does_not_exist_is_not_found(client, manager):
    assert client.get(reverse("core:sheet", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_dry_run_looks_up_three_rows_as_it_looks_up_one(host, manager, django_assert_num_queries, count):
    for n in range(count):
        VenueFactory(host=host, name=f"工坊{n}", capacity=20)
    data = book(HEAD, *([host.unit.name, f"工坊{n}", 20] for n in range(count)))
    entries = read_rows(read_tables("表.xlsx", data), SHEETS["venues"]).entries

    with django_assert_num_queries(4):  # grants, hosts, streets, venues
        worker = SHEETS["venues"].worker(manager, entries)
        assert all(worker.find(entry).pk for entry in entries)


@pytest.mark.parametrize("kind", ["hosts", "venues", "mentors", "courses"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_template_of_either_language_is_read_in_the_other(kind, language):
    sheet = SHEETS[kind]
    with translation.override(language):
        labels = [label(str(column.label)) for column in sheet.columns]
        data = paper.filled(str(sheet.title), sheet.columns, ())
    first = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].rows]

    header = find_header(first, headings(sheet.columns, known_by=sheet.known_by))

    assert len(set(labels)) == len(sheet.columns)
    assert header.columns == {column.name: n for n, column in enumerate(sheet.columns)}
