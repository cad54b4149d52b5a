"""The report on a phone: nobody shut out, and nothing lost without a network."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock
from baiye.incidents.models import Complaint, Incident
from baiye.incidents.tests.factories import ComplaintFactory, IncidentFactory
from baiye.registry.tests.factories import HostFactory
from baiye.visits.tests.factories import SeatFactory, VisitFactory
from tests.journeys.looking import Eyes
from tests.rig.browser import DESK, PHONE, barriers, shut_nobody_out, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def visit(live_server):
    return VisitFactory(starts_at=clock.now() - timedelta(hours=2))


def instructor_at(visit):
    return GrantFactory(role="host_instructor", unit=visit.venue.host.unit).user


def fill(page, visit):
    page.goto(reverse("incidents:report"))
    page.get_by_label("受伤或突发疾病").check()
    page.get_by_label("哪一场").select_option(str(visit.pk))
    page.wait_for_url(f"**?visit={visit.pk}")
    page.get_by_label("发生了什么").fill("一位同学滑倒，膝盖擦伤。")


def test_a_report_made_without_a_network_is_sent_once_there_is_one(visit, page_of, troubles):
    seat = SeatFactory(visit=visit)
    page = page_of(instructor_at(visit))
    fill(page, visit)
    page.locator(f"input[name=pupils][value='{seat.pupil_id}']").check()

    page.context.set_offline(True)
    page.get_by_role("button", name="送出报告").click()
    expect(page.locator("[data-outbox-kept]")).to_be_visible()
    assert not Incident.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("[data-netbar]")).to_be_hidden(timeout=20_000)

    incident = Incident.objects.get()
    assert (incident.what, [row.pupil for row in incident.concerned.all()]) == (
        "一位同学滑倒，膝盖擦伤。",
        [seat.pupil],
    )
    troubles[:] = [trouble for trouble in troubles if "ERR_INTERNET_DISCONNECTED" not in trouble]


def test_a_report_of_somebody_signed_out_meanwhile_is_kept_and_says_so(visit, page_of, troubles):
    page = page_of(instructor_at(visit))
    fill(page, visit)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    page.get_by_role("button", name="送出报告").click()

    expect(page.locator("[data-netbar]")).to_contain_text("登录过期了，请重新登录 · 1 份报告存在本机")
    assert not Incident.objects.exists()
    troubles.clear()  # the browser complains of the sign-in that this test took away


def test_a_report_is_sent_by_its_own_form_where_the_browser_keeps_nothing(visit, page_of):
    page = page_of(instructor_at(visit))
    page.add_init_script("indexedDB.open = () => { throw new Error('private window'); }")
    fill(page, visit)

    page.get_by_role("button", name="送出报告").click()
    page.wait_for_url("**/incidents/*/")

    assert Incident.objects.get().what == "一位同学滑倒，膝盖擦伤。"


def test_a_report_that_waits_on_a_shared_phone_is_not_sent_by_the_next_person(visit, page_of, live_server, troubles):
    page = page_of(instructor_at(visit))
    fill(page, visit)
    page.context.set_offline(True)
    page.get_by_role("button", name="送出报告").click()
    expect(page.locator("[data-outbox-kept]")).to_be_visible()
    troubles[:] = []

    sign_in(page, instructor_at(visit), live_server.url)
    page.context.set_offline(False)
    page.goto(reverse("incidents:report"))
    page.wait_for_load_state("networkidle")

    expect(page.locator("[data-outbox-kept]")).to_be_hidden()
    assert not Incident.objects.exists()
    # The first page, still open when the network came back, may have tried: the refusal is the promise.
    troubles[:] = [trouble for trouble in troubles if "403 (Forbidden)" not in trouble]


def test_what_was_typed_stays_when_the_page_is_loaded_again(visit, page_of):
    page, eyes = page_of(instructor_at(visit)), Eyes()
    fill(page, visit)
    eyes.look_at(page, "incident-report")

    page.reload()

    expect(page.get_by_label("发生了什么")).to_have_value("一位同学滑倒，膝盖擦伤。")
    expect(page.get_by_label("受伤或突发疾病")).to_be_checked()
    assert eyes.found == []


def test_a_report_with_a_network_leads_to_itself(visit, page_of):
    page = page_of(instructor_at(visit))
    fill(page, visit)

    page.get_by_role("button", name="送出报告").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("受伤或突发疾病")


def test_pages_of_incidents_and_complaints_shut_nobody_out(visit, page_of, open_page):
    incident = IncidentFactory(host=visit.venue.host)
    complaint = ComplaintFactory(host=visit.venue.host, token="t" * 32)
    coordinator = GrantFactory(role="coordinator", unit=incident.unit.parent).user
    desk = [reverse("incidents:incident-list"), reverse("incidents:complaint-list")]
    desk += [reverse("incidents:incident", args=[incident.pk]), reverse("incidents:complaint", args=[complaint.pk])]
    public = [reverse("incidents:complain"), reverse("incidents:followed", args=["t" * 32])]

    for viewport in (PHONE, DESK):
        shut_nobody_out(page_of(coordinator, viewport), desk)
        shut_nobody_out(open_page(viewport), public)
        mine = [reverse("incidents:report"), reverse("incidents:mine")]
        shut_nobody_out(page_of(instructor_at(visit), viewport), mine)


@pytest.fixture
def many_hosts(live_server):
    """More hosts than stand in a list; two of them in one road."""
    HostFactory.create_batch(31)
    bakery = HostFactory(unit__name="苏河面点工坊", address="清涧路 1 号")
    HostFactory(unit__name="苏河剪纸馆", address="清涧路 2 号")
    return bakery


def test_a_host_among_many_is_chosen_by_the_keyboard(many_hosts, open_page):
    page = open_page()
    page.goto(reverse("incidents:complain"))
    page.get_by_label("不安全").check()
    field = page.get_by_role("combobox", name="哪家基地")

    field.press_sequentially("suhe")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="找到 2 个")).to_be_visible()
    assert barriers(page) == []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        field.press(key)
    expect(page.get_by_role("option", selected=True)).to_have_text("苏河面点工坊清涧路 1 号")
    field.press("Enter")
    expect(field).to_have_value("苏河面点工坊")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.get_by_label("是什么事").fill("案板边没有护角。")
    page.get_by_role("button", name="提交").click()

    expect(page.get_by_text("请保存这个链接")).to_be_visible()
    assert Complaint.objects.get().host == many_hosts


def test_a_host_among_many_is_chosen_without_a_script(many_hosts, open_page, troubles):
    page = open_page(java_script_enabled=False)
    page.goto(reverse("incidents:complain"))
    page.get_by_label("不安全").check()
    page.get_by_label("是什么事").fill("案板边没有护角。")
    page.get_by_label("哪家基地").fill("苏河")

    page.get_by_role("button", name="查找").click()
    expect(page.get_by_label("是什么事")).to_have_value("案板边没有护角。")
    expect(page.get_by_role("radio", name="苏河")).to_have_count(2)
    page.get_by_role("radio", name="苏河面点工坊").check()
    page.get_by_role("button", name="提交").click()

    expect(page.get_by_text("请保存这个链接")).to_be_visible()
    assert Complaint.objects.get().host == many_hosts
    troubles[:] = [trouble for trouble in troubles if "422" not in trouble]  # what is to be looked at again says so
