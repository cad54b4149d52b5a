"""Applications by who applies: begun once, kept, handed in whole, taken back."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.core import jobs
from baiye.core.models import Delivery, Event, Message
from baiye.registry import links, trades
from baiye.registry.actions import applications
from baiye.registry.actions.applications import ApplicationRefused
from baiye.registry.models import Application, Step
from baiye.registry.queries.applications import find_application, open_standards
from baiye.registry.tests.applying import (
    AT,
    FILLED,
    ODD_CODE,
    TODAY,
    ApplicationFactory,
    KeptStandardFactory,
    filled,
    handed_in,
    reviewer_of,
)
from baiye.registry.tests.factories import HostFactory, StandardFactory

pytestmark = pytest.mark.django_db


def test_start_application_by_the_same_request_twice_is_one_with_one_link():
    standard, request = KeptStandardFactory(), uuid.uuid4()

    first = applications.start_application(standard=standard, request=request, on=TODAY)
    again = applications.start_application(standard=standard, request=request, on=TODAY)

    assert first == again == find_application(links.token_of(request))
    assert list(first.steps.values_list("state", flat=True)) == ["draft"]
    assert Event.objects.filter(kind="application.begun").count() == 1


def test_find_application_by_a_made_up_token_finds_nothing():
    application = ApplicationFactory()

    assert find_application(str(application.request)) is None
    assert find_application(application.digest) is None


@pytest.mark.parametrize(
    "given",
    [{"published_on": None}, {"withdrawn_on": TODAY}, {"keeper": None}, {"published_on": TODAY + timedelta(days=1)}],
)
def test_open_standards_leaves_out_what_one_cannot_apply_by(given):
    KeptStandardFactory(**given)
    standard = KeptStandardFactory(withdrawn_on=TODAY + timedelta(days=1))

    assert list(open_standards(TODAY)) == [standard]


@pytest.mark.parametrize("given", [{"withdrawn_on": TODAY}, {"published_on": TODAY + timedelta(days=1)}])
def test_start_application_by_a_standard_that_is_not_open_is_refused_and_leaves_nothing_behind(given):
    standard = KeptStandardFactory(**given)

    with pytest.raises(ApplicationRefused, match="不收申报"):
        applications.start_application(standard=standard, request=uuid.uuid4(), on=TODAY)

    assert not Application.objects.exists()
    assert not Event.objects.filter(kind="application.begun").exists()


def test_start_application_on_paper_is_denied_to_who_keeps_another_standard():
    standard = KeptStandardFactory()
    other = reviewer_of(KeptStandardFactory())

    with pytest.raises(PermissionDenied):
        applications.start_application(standard=standard, request=uuid.uuid4(), on=TODAY, by=other)

    assert not Application.objects.exists()


def test_save_application_keeps_what_was_typed_and_the_phone_encrypted():
    application = ApplicationFactory()

    applications.save_application(application=application, fields={"name": "示例", "phone": "13800000000"})

    application.refresh_from_db()
    assert application.name == "示例"
    assert b"13800000000" not in bytes(application.phone_sealed)
    assert application.phone == "13800000000"


def test_save_application_once_handed_in_is_refused():
    application = handed_in()

    with pytest.raises(ApplicationRefused, match="已经交上去"):
        applications.save_application(application=application, fields={"name": "别的"})

    application.refresh_from_db()
    assert application.name == FILLED["name"]


def test_save_application_never_writes_what_the_desk_decides():
    application = ApplicationFactory()

    applications.save_application(application=application, fields={"state": "passed", "credit_confirmed_by_id": 1})

    application.refresh_from_db()
    assert (application.state, application.credit_confirmed_by_id) == ("draft", None)


@pytest.mark.parametrize("trade", trades.BLOCKED)
def test_save_application_of_a_blocked_trade_is_refused(trade):
    application = ApplicationFactory()

    with pytest.raises(ApplicationRefused, match=trade):
        applications.save_application(application=application, fields={"name": f"示例{trade.lower()}有限公司"})

    application.refresh_from_db()
    assert application.name == ""


def test_blocked_in_finds_nothing_in_names_that_only_look_alike():
    assert trades.blocked_in("上海酒店管理学校", "网球中心", "普陀区图书馆", "茶艺师") == ""


def test_submit_application_names_everything_that_is_missing():
    application = ApplicationFactory()

    with pytest.raises(ApplicationRefused, match=r"单位名称.*联系电话.*同时容纳人数.*声明.*营业执照.*责任险"):
        applications.submit_application(application=application, at=AT)

    assert Step.objects.count() == 0


def test_submit_application_of_a_body_with_the_longest_name_tells_who_reviews():
    application = filled(name="示" * 120)
    officer = reviewer_of(application.standard)

    applications.submit_application(application=application, at=AT)

    assert Message.objects.get(to=officer).subject.startswith("新的申报：示示")


def test_submit_application_whose_area_holds_fewer_pupils_is_refused():
    application = filled()
    applications.save_application(application=application, fields={"area_m2": 24 * 3 - 1})

    with pytest.raises(ApplicationRefused, match="面积容不下"):
        applications.submit_application(application=application, at=AT)
    applications.save_application(application=application, fields={"area_m2": 24 * 3})

    assert applications.submit_application(application=application, at=AT).state == "submitted"


def test_submit_application_twice_is_one_step_and_one_message():
    application = filled()
    officer = reviewer_of(application.standard)
    stranger = reviewer_of(KeptStandardFactory())

    applications.submit_application(application=application, at=AT)
    applications.submit_application(application=application, at=AT + timedelta(minutes=1))

    assert [step.state for step in application.steps.all()] == ["submitted"]
    assert Message.objects.filter(to=officer).count() == 1
    assert not Message.objects.filter(to=stranger).exists()
    application.refresh_from_db()
    assert application.submitted_at == AT


def test_submit_application_with_an_odd_credit_code_needs_the_applicants_word():
    application = filled(credit_code=ODD_CODE)

    with pytest.raises(ApplicationRefused, match="校验位"):
        applications.submit_application(application=application, at=AT)
    applications.save_application(application=application, fields={"credit_insisted": True})
    applications.submit_application(application=application, at=AT)

    application.refresh_from_db()
    assert application.state == "submitted"


def test_application_insists_on_an_odd_credit_code_in_the_database_too():
    application = filled(credit_code=ODD_CODE)

    with pytest.raises(IntegrityError, match="application_insists_on_an_odd_credit_code"):
        Application.objects.filter(pk=application.pk).update(state="submitted", submitted_at=AT)


def test_submit_application_with_a_paper_that_has_ended_is_refused():
    application = filled()
    application.documents.filter(kind="insurance").update(valid_until=TODAY - timedelta(days=1))

    with pytest.raises(ApplicationRefused, match="责任险"):
        applications.submit_application(application=application, at=AT)


def test_withdraw_application_twice_is_one_step():
    application = handed_in()

    applications.withdraw_application(application=application)
    applications.withdraw_application(application=application)

    assert [step.state for step in application.steps.all()] == ["submitted", "withdrawn"]


def test_withdraw_application_before_the_panel_is_refused():
    application = handed_in()
    Application.objects.filter(pk=application.pk).update(state="panel", host=HostFactory())

    with pytest.raises(ApplicationRefused, match="不能撤回"):
        applications.withdraw_application(application=application)


def test_mail_link_sends_the_secret_to_the_address_alone():
    application = filled()

    applications.mail_link(application=application)

    letter = Delivery.objects.get()
    assert f"/apply/{links.token_of(application.request)}/" in letter.body
    assert b"example.org" not in bytes(letter.address)


def test_a_person_without_a_part_reviews_nothing():
    application = filled()
    for nobody in (UserFactory(), GrantFactory(role="host_manager").user):
        with pytest.raises(PermissionDenied):
            applications.submit_application(application=application, at=AT, by=nobody)


def test_a_standard_without_a_keeper_takes_no_applications():
    with pytest.raises(ApplicationRefused):
        applications.start_application(standard=StandardFactory(), request=uuid.uuid4(), on=TODAY)
    assert jobs.run_due() == 0
