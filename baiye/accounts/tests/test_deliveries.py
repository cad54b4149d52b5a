"""Who sees what did not arrive, masked, and sends it again."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from baiye.accounts import deliveries
from baiye.accounts.actions.deliveries import RetryRefused, retry_delivery
from baiye.accounts.tests.factories import GrantFactory, UnitFactory, UserFactory
from baiye.core import clock, crypto, jobs
from baiye.core.models import Delivery, Event
from baiye.core.tests.factories import DeliveryFactory, MessageFactory
from baiye.schools.tests.factories import ClassTeacherFactory, PupilFactory
from baiye.schools.tests.people import guardian_of

pytestmark = pytest.mark.django_db
LIST = "accounts:delivery-list"


def lost(to=None, **fields):
    """A mail that failed, as a copy for ``to``."""
    known = {"channel": "mail", "address": crypto.encrypt("someone@example.org"), "error": "SMTP 550"}
    message = MessageFactory(to=to) if to else None
    return DeliveryFactory(message=message, failed_at=clock.now(), tries=1, **known | fields)


def seen(user, **fields):
    return set(deliveries.failed_for(user, at=clock.now(), **fields))


@pytest.fixture
def pupil():
    return PupilFactory()


def test_those_who_look_after_a_family_see_what_it_did_not_get(pupil):
    delivery, other = lost(guardian_of(pupil)), lost(guardian_of(PupilFactory()))
    school = pupil.school_class.school.unit

    teacher = ClassTeacherFactory(school_class=pupil.school_class).user
    coordinator = GrantFactory(role="school_coordinator", unit=school).user
    centre = GrantFactory(role="coordinator", unit=school.parent).user

    assert [seen(user) for user in (teacher, coordinator, centre)] == [{delivery}] * 3
    assert other not in seen(centre)


def test_a_host_sees_its_own_peoples_and_the_centre_all_hosts():
    host = UnitFactory(kind="host")
    manager = GrantFactory(role="host_manager", unit=host).user
    delivery = lost(GrantFactory(role="host_instructor", unit=host).user)
    letter = lost(unit_path=host.parent.path)
    school = lost(GrantFactory(role="teacher", unit=UnitFactory(parent=host.parent)).user)
    centre = GrantFactory(role="coordinator", unit=host.parent).user

    assert seen(manager) == {delivery}
    assert seen(centre) == {delivery, letter, school}
    assert seen(centre, to_hosts=True) == {delivery, letter}


def test_codes_to_phones_and_what_failed_long_ago_are_nobodys():
    host = UnitFactory(kind="host")
    centre = GrantFactory(role="coordinator", unit=host.parent).user
    lost(channel="sms", address=crypto.encrypt("15400000001"))
    lost(GrantFactory(role="host_manager", unit=host).user)

    Delivery.objects.filter(message__isnull=False).update(failed_at=clock.now() - timedelta(days=31))

    assert seen(centre) == set()


@pytest.mark.parametrize("role", ["guardian", "pupil", "teacher", "mentor", "auditor"])
def test_there_is_no_page_for_who_looks_after_nobody(client, role, pupil):
    user = UserFactory(kind=role) if role in {"guardian", "pupil"} else GrantFactory(role=role).user
    client.force_login(user)

    assert client.get(reverse(LIST)).status_code == 404
    assert client.post(reverse("accounts:retrial", args=[lost(UserFactory()).pk])).status_code == 404


def test_the_page_masks_the_address_and_says_why(client, pupil):
    guardian = guardian_of(pupil)
    lost(guardian)
    client.force_login(ClassTeacherFactory(school_class=pupil.school_class).user)

    shown = client.get(reverse(LIST)).content.decode()

    assert "s***@example.org" in shown
    assert "someone@example.org" not in shown
    assert guardian.name not in shown
    assert "对方邮局说没有这个邮箱" in shown
    assert "各通道 24 小时" not in shown


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_as_many_queries_for_three_as_for_one(client, count, django_assert_num_queries):
    unit = UnitFactory(kind="host")
    for _ in range(count):
        lost(GrantFactory(role="host_instructor", unit=unit).user)
    client.force_login(GrantFactory(role="coordinator", unit=unit.parent).user)

    with django_assert_num_queries(7):  # session, user, grants, classes, count, page, health
        response = client.get(reverse(LIST))

    assert len(response.context["lost"]) == count


def test_the_page_shows_how_each_channel_does(client):
    district = UnitFactory(kind="host").parent
    DeliveryFactory(delivered_at=clock.now())
    DeliveryFactory()
    lost(unit_path=district.path)
    client.force_login(GrantFactory(role="coordinator", unit=district).user)

    health = client.get(reverse(LIST)).context["health"]

    assert [(one.label, one.value, one.note) for one in health] == [
        ("短信", 1, "没送到 0，等着发 1"),
        ("邮件", 0, "没送到 1，等着发 0"),
        ("企业微信", 0, "没有开通"),
    ]


def test_the_page_narrows_to_a_channel_and_to_hosts(client):
    unit = UnitFactory(kind="host")
    mail = lost(GrantFactory(role="host_manager", unit=unit).user)
    text = lost(GrantFactory(role="teacher", unit=UnitFactory(parent=unit.parent)).user, channel="sms")
    client.force_login(GrantFactory(role="coordinator", unit=unit.parent).user)

    def listed(query):
        return {one.delivery for one in client.get(reverse(LIST) + query).context["lost"]}

    assert [listed("?show=sms"), listed("?show=hosts"), listed("?show=pigeon")] == [{text}, {mail}, {mail, text}]


def test_retry_sends_it_again_once(client):
    unit = UnitFactory(kind="host")
    delivery = lost(GrantFactory(role="host_instructor", unit=unit).user)
    client.force_login(GrantFactory(role="host_manager", unit=unit).user)

    for _ in range(2):
        client.post(reverse("accounts:retrial", args=[delivery.pk]))
    jobs.run_due()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("delivered", 1)
    assert Event.objects.filter(kind="delivery.retried").count() == 1


def test_retry_by_two_who_both_saw_it_failed_is_one():
    unit = UnitFactory(kind="host")
    delivery = lost(GrantFactory(role="host_instructor", unit=unit).user)
    seen_by_both, manager = Delivery.objects.get(), GrantFactory(role="host_manager", unit=unit).user

    for one in (delivery, seen_by_both):
        retry_delivery(delivery=one, by=manager, at=clock.now())

    assert Event.objects.filter(kind="delivery.retried").count() == 1


def test_retry_of_somebody_elses_is_denied_and_of_what_is_not_kept_refused():
    unit = UnitFactory(kind="host")
    delivery = lost(GrantFactory(role="host_instructor", unit=unit).user)
    with pytest.raises(PermissionDenied):
        retry_delivery(delivery=delivery, by=GrantFactory(role="host_manager").user, at=clock.now())

    Delivery.objects.update(body="")
    with pytest.raises(RetryRefused, match="不再保存"):
        retry_delivery(delivery=delivery, by=GrantFactory(role="host_manager", unit=unit).user, at=clock.now())

    assert Delivery.objects.get().failed_at is not None


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("SMTP 550", "对方邮局说没有这个邮箱"),
        ("SMTP 451", "对方邮局暂时不收"),
        ("WeCom token 40001", "企业微信的应用密钥不对，请找系统管理员"),
        ("WeCom 60111", "企业微信里没有这个账号"),
        ("URLError", "通道出错：URLError"),
    ],
)
def test_why_it_failed_is_said_in_words(error, why):
    assert deliveries.shown(lost(UserFactory(), error=error)).why == why
