"""The list of applications as an Excel file: what is shown, and nothing else."""

import io

import openpyxl
import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory
from baiye.registry.tests.applying import KeptStandardFactory, checked, handed_in, reviewer_of

pytestmark = pytest.mark.django_db
EXPORT = "registry:application-export"


def lines(client, **asked):
    """The rows of the file, each as header → cell."""
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse(EXPORT), asked).content))
    header, *rows = book.active.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_applications_come_as_a_file_with_what_stands_in_the_list(client):
    application, officer = checked()
    client.force_login(officer)

    (line,) = lines(client)

    assert (line["单位"], line["统一社会信用代码"], line["标准"]) == (
        application.name,
        application.credit_code,
        str(application.standard),
    )
    assert (line["受理人"], line["状态"], line["申报类别"]) == (officer.name, "材料初审", "首次申报")
    assert "13800000000" not in str(line)


def test_applications_come_as_a_file_by_the_filter_and_in_the_order_that_is_shown(client):
    standard = KeptStandardFactory()
    for name in ("乙馆", "甲馆", "丙店"):
        handed_in(standard=standard, name=name, credit_code="")
    client.force_login(reviewer_of(standard))
    asked = {"q": "馆", "sort": "-name"}

    shown = client.get(reverse("registry:application-list"), asked)
    exported = client.get(reverse(EXPORT) + shown.context["export"])

    rows = openpyxl.load_workbook(io.BytesIO(exported.content)).active.iter_rows(min_row=2, max_col=1, values_only=True)
    assert [name for (name,) in rows] == [one.name for one in shown.context["page"]]
    assert sorted(one["单位"] for one in lines(client, **asked)) == ["乙馆", "甲馆"]


def test_applications_of_another_office_are_not_in_the_file(client):
    handed_in()
    client.force_login(reviewer_of(KeptStandardFactory()))

    assert lines(client) == []


def test_applications_as_a_file_are_not_found_by_who_reviews_nothing(client):
    client.force_login(GrantFactory(role="host_manager").user)

    assert client.get(reverse(EXPORT)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_applications_as_a_file_cost_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    standard = KeptStandardFactory()
    for number in range(count):
        handed_in(standard=standard, name=f"示例{number}", credit_code="")
    client.force_login(reviewer_of(standard))
    client.get(reverse(EXPORT))

    with django_assert_num_queries(4):  # session, user, grants, applications with all they name
        client.get(reverse(EXPORT))
