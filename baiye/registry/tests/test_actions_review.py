"""Applications at the desk: taken up, returned, their host named, let through."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from baiye.accounts.tests.factories import GrantFactory
from baiye.core.models import Delivery
from baiye.registry.actions import applications, documents, review
from baiye.registry.actions.applications import ApplicationRefused
from baiye.registry.models import Application, Host, Venue
from baiye.registry.queries.applications import (
    Asked,
    applications_for,
    counts_by_state,
    find_applications,
    likely_hosts,
)
from baiye.registry.tests.applying import (
    AT,
    FILLED,
    GOOD_CODE,
    ODD_CODE,
    OTHER_CODE,
    TODAY,
    ApplicationFactory,
    DocumentFactory,
    KeptStandardFactory,
    checked,
    filled,
    handed_in,
    reviewer_of,
)
from baiye.registry.tests.factories import HostFactory

pytestmark = pytest.mark.django_db


def test_applications_for_shows_what_was_handed_in_under_ones_own_standards():
    mine, paper_draft = handed_in(), None
    officer = reviewer_of(mine.standard)
    filled(standard=mine.standard)  # an applicant's draft is nobody's business yet
    paper_draft = ApplicationFactory(standard=mine.standard, on_paper_by=officer)
    handed_in(standard=KeptStandardFactory(), credit_code=OTHER_CODE)
    district = GrantFactory(role="district_officer", unit=mine.standard.keeper.parent).user

    assert set(applications_for(officer)) == {mine, paper_draft}
    assert set(applications_for(district)) == {mine, paper_draft}
    assert not applications_for(GrantFactory(role="host_manager").user).exists()


def test_find_applications_by_words_state_and_who_handles_them():
    application, officer = checked()
    handed_in(standard=application.standard, name="别的单位", credit_code="")

    assert list(find_applications(officer, Asked(q="面点"))) == [application]
    assert list(find_applications(officer, Asked(state="accepted"))) == [application]
    assert list(find_applications(officer, Asked(mine=True))) == [application]
    assert counts_by_state(officer, Asked()) == {"accepted": 1, "submitted": 1}


def test_take_application_is_denied_to_who_keeps_another_standard():
    application = handed_in()

    with pytest.raises(PermissionDenied):
        review.take_application(application=application, by=reviewer_of(KeptStandardFactory()))

    application.refresh_from_db()
    assert (application.state, application.handled_by) == ("submitted", None)


def test_take_application_that_a_colleague_has_taken_up_is_refused():
    application, officer = checked()

    with pytest.raises(ApplicationRefused, match="材料初审"):
        review.take_application(application=application, by=reviewer_of(application.standard))
    again = review.take_application(application=application, by=officer)

    assert again.handled_by == officer
    assert application.steps.filter(state="accepted").count() == 1


def test_return_application_says_why_writes_to_the_applicant_and_can_be_handed_in_again():
    application, officer = checked()

    review.return_application(
        application=application, because="请补消防意见", due_on=TODAY + timedelta(days=10), by=officer, at=AT
    )
    returned = Application.objects.get(pk=application.pk)
    applications.save_application(application=returned, fields={"about": "揉面"})
    again = applications.submit_application(application=returned, at=AT)

    assert (returned.state, returned.due_on) == ("returned", TODAY + timedelta(days=10))
    assert "请补消防意见" in Delivery.objects.get().body
    assert (again.state, again.handled_by, again.due_on) == ("submitted", officer, None)
    assert [step.state for step in again.steps.order_by("pk")] == ["submitted", "accepted", "returned", "submitted"]


@pytest.mark.parametrize(("because", "days"), [("", 5), ("补材料", 0)])
def test_return_application_without_a_reason_or_a_day_to_come_is_refused(because, days):
    application, officer = checked()

    with pytest.raises(ApplicationRefused):
        review.return_application(
            application=application, because=because, due_on=TODAY + timedelta(days=days), by=officer, at=AT
        )

    application.refresh_from_db()
    assert application.state == "accepted"


def test_make_host_of_makes_a_lead_with_its_venue_and_papers_once():
    application, officer = checked()

    host = review.make_host_of(application=application, by=officer)
    again = review.make_host_of(application=application, by=officer)

    assert host == again
    assert (host.evidence, host.grounds, host.credit_code) == ("lead", "applied", GOOD_CODE)
    assert host.unit.parent == application.standard.keeper.parent
    assert list(host.venues.values_list("name", "capacity")) == [("面点工坊", 24)]
    assert host.documents.count() == 2
    assert host.phone == FILLED["phone"]


@pytest.mark.parametrize(("kind", "is_vocational"), [("中职校", True), ("企业", False)])
def test_make_host_of_a_vocational_school_counts_as_one(kind, is_vocational):
    application, officer = checked(host_kind=kind)

    assert review.make_host_of(application=application, by=officer).is_vocational is is_vocational


@pytest.mark.parametrize("same", [{"unit__name": FILLED["name"]}, {"credit_code": GOOD_CODE}])
def test_make_host_of_where_there_is_one_is_refused_and_leaves_nothing_behind(same):
    application, officer = checked()
    HostFactory(**same)

    with pytest.raises(ApplicationRefused, match="可能是同一家"):
        review.make_host_of(application=application, by=officer)

    assert Host.objects.count() == 1
    assert not Venue.objects.exists()


def test_likely_hosts_are_those_of_the_same_code_a_like_name_or_the_same_address():
    application, _officer = checked()
    code = HostFactory(credit_code=GOOD_CODE)
    named = HostFactory(unit__name="上海示例面点股份有限公司")
    placed = HostFactory(address="示例路12号")
    HostFactory(unit__name="普陀区图书馆", address="示例路 120 号")
    HostFactory(unit__name="示例面点公司", merged_into=code, merged_at=AT, merged_by=GrantFactory().user)

    found = likely_hosts(application)

    assert found == [code, named, placed]
    facts = [(host.same_code, host.like_name, host.same_place) for host in found]
    assert facts == [(True, False, False), (False, True, False), (False, False, True)]


def test_attach_host_fills_in_what_the_host_lacks_and_nothing_else():
    application, officer = checked()
    host = HostFactory(unit__name="面点", address="老地址 1 号")

    review.attach_host(application=application, host=host, by=officer)

    host.refresh_from_db()
    assert (host.address, host.credit_code, host.contact) == ("老地址 1 号", GOOD_CODE, FILLED["contact"])
    assert host.documents.count() == 2


def test_attach_host_with_another_credit_code_is_refused():
    application, officer = checked()
    host = HostFactory(credit_code=OTHER_CODE)

    with pytest.raises(ApplicationRefused, match="代码不同"):
        review.attach_host(application=application, host=host, by=officer)

    application.refresh_from_db()
    assert application.host is None


def test_an_odd_credit_code_is_confirmed_by_the_desk_before_there_is_a_host():
    application, officer = checked(credit_code=ODD_CODE, credit_insisted=True)

    with pytest.raises(ApplicationRefused, match="校验位"):
        review.make_host_of(application=application, by=officer)
    review.confirm_credit_code(application=application, by=officer)
    host = review.make_host_of(application=application, by=officer)

    assert host.credit_confirmed_by == officer


def test_a_credit_code_that_is_changed_after_it_was_confirmed_is_to_be_confirmed_anew():
    application, officer = checked(credit_code=ODD_CODE, credit_insisted=True)
    review.confirm_credit_code(application=application, by=officer)
    review.return_application(
        application=application, because="请核对", due_on=TODAY + timedelta(days=1), by=officer, at=AT
    )

    applications.save_application(application=application, fields={"credit_code": ODD_CODE, "about": "揉面"})
    kept = Application.objects.get(pk=application.pk).credit_confirmed_by
    applications.save_application(application=application, fields={"credit_code": OTHER_CODE[:-1] + "1"})
    changed = Application.objects.get(pk=application.pk).credit_confirmed_by

    assert (kept, changed) == (officer, None)


def test_confirm_credit_code_by_who_entered_the_form_is_refused():
    application, officer = checked(credit_code=ODD_CODE, credit_insisted=True)
    Application.objects.filter(pk=application.pk).update(on_paper_by=officer)

    with pytest.raises(ApplicationRefused, match="另一位同事"):
        review.confirm_credit_code(application=application, by=officer)


def test_a_host_with_an_odd_credit_code_that_nobody_confirmed_cannot_be_stored():
    with pytest.raises(IntegrityError, match="host_credit_code_holds_or_was_confirmed"):
        HostFactory(credit_code=ODD_CODE)


def test_let_through_needs_a_host_and_accepted_papers():
    application = handed_in()
    officer = reviewer_of(application.standard)
    review.take_application(application=application, by=officer)

    with pytest.raises(ApplicationRefused, match="哪一家"):
        review.let_through(application=application, by=officer, at=AT)
    review.make_host_of(application=application, by=officer)
    with pytest.raises(ApplicationRefused, match=r"没有核对通过.*营业执照"):
        review.let_through(application=application, by=officer, at=AT)
    for paper in application.documents.all():
        documents.accept_document(document=paper, by=officer, at=AT)
    review.let_through(application=application, by=officer, at=AT)
    review.let_through(application=application, by=officer, at=AT)

    application.refresh_from_db()
    assert application.state == "inspection"
    assert application.steps.filter(state="inspection").count() == 1


def test_let_through_with_a_new_paper_that_nobody_accepted_is_refused_although_an_old_one_was():
    application, officer = checked()
    host = review.make_host_of(application=application, by=officer)
    DocumentFactory(host=host, valid_until=TODAY - timedelta(days=1))
    host.documents.filter(application=application, kind="insurance").update(accepted_at=None, accepted_by=None)

    with pytest.raises(ApplicationRefused, match=r"没有核对通过.*责任险"):
        review.let_through(application=application, by=officer, at=AT)

    application.refresh_from_db()
    assert application.state == "accepted"


def test_an_application_goes_on_only_with_a_confirmed_credit_code_in_the_database_too():
    application, _officer = checked(credit_code=ODD_CODE, credit_insisted=True)
    rows = Application.objects.filter(pk=application.pk)

    with (
        pytest.raises(IntegrityError, match="application_goes_on_only_with_a_confirmed_credit_code"),
        transaction.atomic(),
    ):
        rows.update(state="inspection", host=HostFactory())

    application.refresh_from_db()
    assert application.state == "accepted"
