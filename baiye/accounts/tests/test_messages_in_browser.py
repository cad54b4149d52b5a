"""Messages, their settings, what did not arrive and the calendar in a real browser: nobody shut out."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from baiye.accounts.models import User
from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.core import clock, crypto, jobs, messages
from baiye.core.models import Delivery, Message
from baiye.core.tests.factories import DeliveryFactory, MessageFactory
from baiye.schools.tests.factories import ClassTeacherFactory, PupilFactory
from baiye.schools.tests.people import guardian_of
from tests.rig.browser import DESK, barriers, shut_nobody_out

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture(autouse=True)
def wecom(settings):
    """WeCom is open here, and keeps what it is handed."""
    settings.WECOM_ADAPTER = "baiye.core.channels_sms.LocalOutbox"


def some_of_everything():
    """A district's coordinator, a class teacher and a guardian, each with messages, one that did not arrive."""
    pupil = PupilFactory()
    school = pupil.school_class.school.unit
    guardian = guardian_of(pupil)
    User.objects.filter(pk=guardian.pk).update(email="family@example.org")
    people = [
        GrantFactory(role="coordinator", unit=school.parent, user=UserFactory(wecom_id="ChenYu")).user,
        ClassTeacherFactory(school_class=pupil.school_class).user,
        guardian,
    ]
    for person in people:
        message = MessageFactory(
            to=person, subject="改期了：木工体验，12 月 2 日 周三 9:00", body="原来：周二。现在：周三。"
        )
        address = crypto.encrypt("family@example.org")
        DeliveryFactory(
            message=message, channel="mail", address=address, failed_at=clock.now(), error="SMTP 550", tries=1
        )
        DeliveryFactory(message=message, channel="sms", delivered_at=clock.now())
    return people


def pages(user):
    """The addresses of every page that is built here."""
    message = Message.objects.get(to=user)
    found = [reverse(f"accounts:{name}") for name in ("inbox", "preferences")]
    found += [reverse("accounts:message", args=[message.pk]), reverse("visits:calendar")]
    found += [reverse("accounts:address", args=[channel]) for channel in ("mail", "wecom")]
    return found + ([reverse("accounts:delivery-list")] if user.kind == "staff" else [])


def test_pages_about_messages_shut_nobody_out_and_fit_a_phone(page_of):
    for user in some_of_everything():
        shut_nobody_out(page_of(user, DESK), pages(user))


def test_a_guardian_proves_a_mailbox_gets_a_copy_there_and_subscribes_to_the_calendar(page_of):
    guardian = guardian_of(PupilFactory())
    page = page_of(guardian)

    page.goto(reverse("accounts:inbox"))
    page.get_by_role("link", name="消息设置").click()
    page.get_by_role("link", name="添加 邮箱").or_(page.get_by_role("link", name="添加邮箱")).click()
    page.get_by_label("邮箱").fill("family@example.org")
    page.get_by_role("button", name="发验证码").click()
    page.get_by_label("验证码").fill(Delivery.objects.get().body.split("验证码 ")[1][:6])
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_text("地址已确认")).to_be_visible()
    page.get_by_label("从", exact=True).fill("00:00")
    page.get_by_label("到", exact=True).fill("00:00")
    page.get_by_role("button", name="保存").click()
    messages.send(to=[User.objects.get(pk=guardian.pk)], kind="round.published", key="k", subject="录取结果公布了")
    jobs.run_due()
    page.goto(reverse("accounts:inbox"))
    page.get_by_role("link", name="录取结果公布了").click()
    expect(page.get_by_text("f***@example.org")).to_be_visible()
    expect(page.get_by_text("已送出", exact=True)).to_be_visible()

    page.goto(reverse("visits:calendar"))
    page.get_by_role("button", name="开通日历链接").click()
    assert barriers(page) == []
    link = page.get_by_label("您的日历链接").input_value()
    assert page.request.get(link).headers["content-type"].startswith("text/calendar")


def test_a_class_teacher_sends_again_what_did_not_arrive(page_of):
    teacher = some_of_everything()[1]
    page = page_of(teacher)

    page.goto(reverse("accounts:inbox"))
    page.get_by_role("link", name="没送到的消息").click()
    expect(page.get_by_text("对方邮局说没有这个邮箱")).to_be_visible()
    page.get_by_role("button", name="再发一次").click()

    expect(page.get_by_text("已重新发送")).to_be_visible()
    expect(page.get_by_text("没有没送到的")).to_be_visible()
