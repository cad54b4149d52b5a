"""What only a browser shows: the card's QR, a check that is watched, forms without script, and no barrier anywhere."""

import pytest
from django.test import Client
from django.urls import reverse

from baiye.accounts.tests.factories import NoticeFactory
from baiye.core import clock, jobs
from baiye.schools.models import Consent, Pupil, RosterUpload
from baiye.schools.tests.factories import (
    ConsentFactory,
    GuardianContactFactory,
    GuardianRequestFactory,
    GuardianshipFactory,
    PupilCodeFactory,
    PupilFactory,
    SchoolDayFactory,
    SchoolFactory,
    TermFactory,
)
from baiye.schools.tests.people import centre, coordinator_of, guardian_of, teacher_of
from baiye.schools.tests.rosters import roster, row
from tests.rig.browser import DESK, barriers

pytestmark = [pytest.mark.slow, pytest.mark.journey]


def url(name, *args):
    return reverse(f"schools:{name}", args=args)


def enter(page, user):
    """The page with the session of ``user``."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies["baiye_session"]
    page.goto("/healthz")
    address = page.evaluate("location.origin")
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    return page


def test_the_qr_on_a_card_fills_the_code_in_and_leaves_no_trace_in_the_address(open_page):
    code = PupilCodeFactory(text="5C3K92QF")
    page = open_page()

    page.goto(f"{url('sign-in-pupil')}#5C3K92QF")

    assert page.get_by_label("班级卡上的 8 位码").input_value() == "5C3K 92QF"
    assert page.url.endswith(url("sign-in-pupil"))
    page.get_by_role("button", name="进入").click()
    page.wait_for_url(lambda address: "sign-in" not in address)
    code.pupil.refresh_from_db()
    assert code.pupil.user is not None


def test_a_check_is_watched_and_its_result_comes_by_itself(open_page, tmp_path):
    file = tmp_path / "名册.xlsx"
    file.write_bytes(roster(row(1), row(2, sex="?")))
    page = enter(open_page(DESK), coordinator_of(SchoolFactory()))
    page.goto(url("roster-list"))
    page.get_by_label("名册文件").set_input_files(file)
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("heading", name="正在核对").wait_for()

    jobs.run_due()

    page.get_by_role("button", name="导入 1 人").wait_for()
    assert page.get_by_text("性别（C4）“?”：性别请填“男”或“女”").is_visible()
    page.get_by_role("button", name="导入 1 人").click()
    page.get_by_role("heading", name="正在写入名册").wait_for()
    jobs.run_due()
    page.get_by_text("原文件已清空").wait_for()
    assert Pupil.objects.count() == 1


def test_forms_work_without_script(new_context, live_server, tmp_path):
    pupil = PupilFactory()
    NoticeFactory(kind="consent")
    file = tmp_path / "名册.xlsx"
    file.write_bytes(roster(row(1)))
    page = new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    client = Client()
    client.force_login(guardian_of(pupil))
    page.context.add_cookies(
        [{"name": "baiye_session", "value": client.cookies["baiye_session"].value, "url": live_server.url}]
    )

    page.goto(url("consents", pupil.pk))
    for group in page.get_by_role("group").all():
        group.get_by_label("同意", exact=True).check()
    page.get_by_label("签上您的姓名").fill("林建国")
    page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("记下了").wait_for()
    page.get_by_role("link", name="撤回").first.click()
    page.get_by_role("button", name="撤回").click()

    assert sorted(Consent.objects.values_list("agreed", "ended_at__isnull")) == [(True, False), (True, True)]


@pytest.fixture
def everything(live_server):
    """A class with all that may stand on its pages, and who looks at which of them."""
    TermFactory()
    NoticeFactory(kind="consent")
    SchoolDayFactory(on=clock.today(), kind="workday", acts_as=1, blackout_grades=[9])
    pupil = PupilFactory(name="林小满")
    guardian = GuardianshipFactory(pupil=pupil).user
    GuardianContactFactory(pupil=pupil)
    GuardianContactFactory(pupil=pupil, added_by=guardian)
    GuardianRequestFactory(pupil=pupil)
    consent = ConsentFactory(pupil=pupil, given_by=guardian)
    school_class = pupil.school_class
    coordinator = coordinator_of(school_class.school)
    teacher = teacher_of(school_class)
    client = Client()
    client.force_login(coordinator)
    form = client.get(url("roster-list")).context["form"]
    data = roster(row(1), row(2, sex="?", phone="154"))
    given = {"school": school_class.school_id, "for_year": form.fields["for_year"].choices[0][0]}
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.post(url("roster-list"), given | {"file": SimpleUploadedFile("名册.xlsx", data)})
    jobs.run_due()
    upload = RosterUpload.objects.get()
    return {
        coordinator: [
            url("roster-list"),
            url("roster", upload.pk),
            url("class-list"),
            url("class", school_class.pk),
            url("pupil", pupil.pk),
            url("pupil-departure", pupil.pk),
        ],
        teacher: [
            url("class", school_class.pk),
            url("class-cards", school_class.pk),
            url("pupil", pupil.pk),
            url("pupil-card", pupil.pk),
            url("consents", pupil.pk),
        ],
        guardian: [
            url("consents", pupil.pk),
            url("consent-withdrawal", consent.pk),
            url("guardians", pupil.pk),
            url("guardianship-end", pupil.guardianships.get().pk),
        ],
        centre(): [url("calendar")],
    }


def test_no_page_of_the_room_has_a_barrier(open_page, everything):
    found = {}
    for user, addresses in everything.items():
        page = enter(open_page(), user)
        for address in addresses:
            page.goto(address)
            assert page.locator("h1").count() == 1
            found |= {f"{user.kind} {address}": said for said in [barriers(page)] if said}
    page = open_page()
    for name in ("sign-in-pupil", "sign-in-guardian", "sign-in-guardian-again"):
        page.goto(url(name))
        if said := barriers(page):
            found[name] = said

    assert found == {}


def test_the_sheet_of_cards_has_no_barrier_and_ten_cards_a_page(open_page):
    TermFactory()
    school_class = PupilFactory().school_class
    for _n in range(20):
        PupilFactory(school_class=school_class)
    page = enter(open_page(DESK), teacher_of(school_class))
    page.goto(url("class-cards", school_class.pk))
    page.get_by_role("button", name="发新码并打印").click()
    page.get_by_role("heading", level=1).wait_for()

    assert barriers(page) == []
    assert page.get_by_role("listitem").count() == 21
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == 3
