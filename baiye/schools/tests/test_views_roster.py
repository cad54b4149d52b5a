import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from baiye.core import clock, jobs
from baiye.core.sheets.tables import read_tables
from baiye.schools.models import Pupil, RosterUpload
from baiye.schools.roster import actions, papers, queries
from baiye.schools.roster.columns import find_header
from baiye.schools.tests.factories import PupilFactory, SchoolFactory
from baiye.schools.tests.people import centre, coordinator_of, guardian_of, teacher_of
from baiye.schools.tests.rosters import HEADER, roster, row, xlsx

pytestmark = pytest.mark.django_db
LIST = reverse("schools:roster-list")


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def by(school, client):
    user = coordinator_of(school)
    client.force_login(user)
    return user


def send(client, data, name="名册.xlsx"):
    """The upload that the form made, after its check."""
    page = client.get(LIST).context["form"]
    given = {"school": page.fields["school"].choices[0][0], "for_year": page.fields["for_year"].choices[0][0]}
    response = client.post(LIST, given | {"file": SimpleUploadedFile(name, data)})
    jobs.run_due()
    return response, RosterUpload.objects.order_by("-pk").first()


def url(name, upload):
    return reverse(f"schools:{name}", args=[upload.pk])


def test_a_roster_goes_in_by_the_pages_alone(client, by):
    response, upload = send(client, roster(row(1), row(2), row(3, sex="?")))
    assert response.url == url("roster", upload)
    text = client.get(url("roster", upload)).content.decode()
    assert "导入 2 人" in text
    assert "性别（C5）“?”：性别请填“男”或“女”" in text

    client.post(url("roster-application", upload))
    assert "正在写入名册" in client.get(url("roster", upload)).content.decode()
    jobs.run_due()

    assert "已导入" in client.get(url("roster", upload)).content.decode()
    assert Pupil.objects.count() == 2


def test_a_second_time_there_is_nothing_to_import(client, by):
    _response, upload = send(client, roster(row(1)))
    client.post(url("roster-application", upload))
    jobs.run_due()

    _response, upload = send(client, roster(row(1)))

    assert "和现有名册一样，没有要导入的" in client.get(url("roster", upload)).content.decode()


def test_leavers_are_ticked_by_a_person(client, by):
    _response, upload = send(client, roster(row(1), row(2)))
    client.post(url("roster-application", upload))
    jobs.run_due()
    _response, upload = send(client, roster(row(1)))
    gone = Pupil.objects.get(name="示例丙")
    assert f'value="{gone.pk}"' in client.get(url("roster", upload)).content.decode()

    client.post(url("roster-application", upload), {"pick": [gone.pk]})
    jobs.run_due()

    gone.refresh_from_db()
    assert gone.left_on == clock.today()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.xlsm", b"PK\x03\x04", "文件里带宏"),
        ("a.xlsx", b"nonsense", "文件损坏，打不开"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "这是旧版 .xls 文件"),
        ("a.docx", b"text", "只收 .xlsx 和 .csv 文件"),
    ],
)
def test_a_file_that_cannot_come_in_is_said_beside_the_field(client, by, name, data, why):
    response, upload = send(client, data, name)

    assert response.status_code == 422
    assert why in response.context["form"].errors["file"][0]
    assert upload is None


def test_a_file_that_turns_out_unreadable_says_why(client, by):
    _response, upload = send(client, xlsx([["课程", "地点"]]))

    assert "没找到表头" in client.get(url("roster", upload)).content.decode()


def test_state_asks_for_the_page_again_once_the_check_is_done(client, by, school):
    upload = actions.upload_roster(
        school=school, file_name="a.xlsx", data=roster(row(1)), for_year=2026, by=by, at=clock.now()
    )
    RosterUpload.objects.update(rows_total=10, rows_done=4)

    waiting = client.get(url("roster-state", upload))
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    assert '看了 <span class="num">4</span> 行' in waiting.content.decode()
    assert "HX-Refresh" not in waiting
    jobs.run_due()

    assert client.get(url("roster-state", upload))["HX-Refresh"] == "true"


def test_errors_come_back_in_the_same_file_with_a_column_of_what_to_change(client, by):
    lines = [["示例学校名册"], HEADER, row(1).values(), row(2, sex="?", phone="154").values()]
    _response, upload = send(client, xlsx(lines))

    response = client.get(url("roster-errors", upload))

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    back = [[cell.value for cell in each] for each in sheet.iter_rows()]
    assert back[1] == [*HEADER, "需要改的地方"]
    assert back[2] == [*row(1).values(), None]
    assert back[3][:-1] == row(2, sex="?", phone="154").values()
    assert back[3][-1] == "性别（C4）“?”：性别请填“男”或“女”；监护人手机（H4）“154”：手机号少了 8 位，请补全"


def test_errors_of_a_clean_or_emptied_file_are_not_there(client, by):
    _response, upload = send(client, roster(row(1)))
    assert client.get(url("roster-errors", upload)).status_code == 404

    _response, upload = send(client, roster(row(1, sex="?")))
    assert client.get(url("roster-errors", upload)).status_code == 200
    RosterUpload.objects.update(file_sealed=b"")
    assert client.get(url("roster-errors", upload)).status_code == 404


def test_the_template_reads_back_as_a_header(client, by):
    response = client.get(reverse("schools:roster-template"))

    tables = read_tables("a.xlsx", response.content)
    assert find_header(tables[0].rows).columns == {name: n for n, name in enumerate(papers.TEMPLATE)}
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert sheet.column_dimensions["A"].width > 20


@pytest.mark.parametrize("count", [1, 3])
def test_roster_list_costs_as_many_queries_for_three_files_as_for_one(
    client, by, school, django_assert_num_queries, count
):
    for _n in range(count):
        actions.upload_roster(school=school, file_name="a.csv", data=b"a", for_year=2026, by=by, at=clock.now())

    with django_assert_num_queries(7):  # session, user, grants, class teacher?, schools, count, uploads
        response = client.get(LIST)

    assert len(response.context["page"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_roster_costs_as_many_queries_for_three_rows_as_for_one(client, by, django_assert_num_queries, count):
    _response, upload = send(client, roster(*(row(n) for n in range(count))))

    with django_assert_num_queries(6):  # session, user, grants, upload, findings, class teacher?
        response = client.get(url("roster", upload))

    assert len(response.context["page"]) == count


def test_rosters_of_another_school_are_not_there(client, by, school):
    _response, upload = send(client, roster(row(1, sex="?")))
    client.force_login(coordinator_of(SchoolFactory()))

    for name in ("roster", "roster-state", "roster-errors"):
        assert client.get(url(name, upload)).status_code == 404
    assert client.post(url("roster-application", upload)).status_code == 404
    assert list(client.get(LIST).context["page"]) == []
    assert queries.find_upload(upload.pk).asked_at is None


def test_a_school_out_of_scope_cannot_be_chosen(client, by):
    given = {"school": SchoolFactory().pk, "for_year": 2026, "file": SimpleUploadedFile("a.xlsx", roster(row(1)))}

    response = client.post(LIST, given)

    assert response.status_code == 422
    assert not RosterUpload.objects.exists()


def test_rosters_are_not_there_for_who_imports_none(client):
    pupil = PupilFactory()

    for user in (guardian_of(pupil), teacher_of(pupil.school_class), centre()):
        client.force_login(user)
        assert client.get(LIST).status_code == 404
        assert client.get(reverse("schools:roster-template")).status_code == 404


def test_in_summer_a_roster_may_be_meant_for_the_coming_year(client, by, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2027, 7, 10))

    form = client.get(LIST).context["form"]

    assert [year for year, _label in form.fields["for_year"].choices] == [2026, 2027]
