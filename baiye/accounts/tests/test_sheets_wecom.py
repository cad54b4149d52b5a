"""Userids of staff come as a sheet: who may bring them, what is written, what is refused, and the way back."""

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.actions.addresses import set_wecom
from baiye.accounts.models import User
from baiye.accounts.sheets import wecom
from baiye.accounts.tests.factories import GrantFactory, UnitFactory, UserFactory
from baiye.core.models import Event
from baiye.core.tests.sheets import book, counts, exported, put_in, whys

pytestmark = pytest.mark.django_db
HEAD = ["用户名", "姓名", "企业微信账号"]


@pytest.fixture
def school():
    return UnitFactory()


@pytest.fixture
def manager(school):
    return GrantFactory(role="school_coordinator", unit=school).user


@pytest.fixture
def teacher(school):
    return GrantFactory(role="teacher", unit=school, user=UserFactory(username="wang", name="王老师")).user


def test_a_userid_is_written_once(manager, teacher):
    data = book(HEAD, ["wang", "王老师", "WangMing"])

    first, again = put_in("wecom", data, manager), put_in("wecom", data, manager)

    assert User.objects.get(pk=teacher.pk).wecom_id == "WangMing"
    assert counts(first) == {"added": 0, "changed": 1, "same": 0, "errors": 0}
    assert counts(again) == {"added": 0, "changed": 0, "same": 1, "errors": 0}
    assert Event.objects.filter(kind="address.set").count() == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["nobody", "", "WangMing"], "您管的人里没有这个用户名"),
        (["wang", "李老师", "WangMing"], "这个用户名是别人的"),
        (["wang", "王老师", "王明"], "王老师的企业微信账号要由字母"),
    ],
)
def test_a_row_that_cannot_be_is_blamed_in_words(manager, teacher, row, why):
    upload = put_in("wecom", book(HEAD, row), manager)

    ((_row, _column, said),) = whys(upload)
    assert said.startswith(why)
    assert User.objects.get(pk=teacher.pk).wecom_id == ""


def test_it_goes_out_and_comes_back_without_a_change(manager, teacher):
    User.objects.filter(pk=teacher.pk).update(wecom_id="WangMing")

    upload = put_in("wecom", exported("wecom", manager), manager)

    assert counts(upload) == {"added": 0, "changed": 0, "same": 1, "errors": 0}


def test_somebody_elses_people_are_out_of_reach(manager):
    other = GrantFactory(role="teacher").user

    assert other.username not in {row["username"] for row in wecom.rows(manager)}
    with pytest.raises(PermissionDenied):
        set_wecom(person=other, wecom_id="Other", by=manager)


def test_only_who_manages_accounts_brings_them(manager, teacher):
    assert [wecom.may_import(user) for user in (manager, teacher)] == [True, False]
