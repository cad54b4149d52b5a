"""An inspection in a real browser: without a network, across a reload, with photos; nobody shut out of the desks."""

import io

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from baiye.registry.models import Photo, Score
from baiye.registry.tests.accrediting import Case
from tests.rig.browser import DESK, barriers

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def case(live_server):
    return Case()


@pytest.fixture
def opened(page_of):
    """``opened(user, address)``: a page of one person who is signed in."""

    def go(user, address, **options):
        page = page_of(user, **options)
        page.goto(address)
        return page

    return go


@pytest.fixture
def picture(tmp_path):
    """A photo file that says where it was taken."""
    image, exif = Image.new("RGB", (60, 40), "green"), Image.Exif()
    exif[0x010E] = "清涧路"
    out = io.BytesIO()
    image.save(out, format="JPEG", exif=exif)
    path = tmp_path / "a.jpg"
    path.write_bytes(out.getvalue())
    return path


def card(page, indicator):
    return page.locator(f"[data-indicator='{indicator.pk}']")


def wait_until_kept(page):
    """Until the browser has the page for the next time without a network."""
    for _n in range(50):
        if page.evaluate("caches.match(location.href).then(Boolean)"):
            return
        page.wait_for_timeout(100)
    pytest.fail("the page was not kept")


def judge(page, indicator, word="符合", points="3"):
    card(page, indicator).get_by_text(word, exact=True).click()
    card(page, indicator).get_by_label("得分").fill(points)


def test_what_is_judged_without_a_network_survives_a_reload_and_is_sent_once_it_is_back(
    case, opened, picture, troubles
):
    inspection, (first, second, _third) = case.planned(), case.indicators
    page = opened(case.inspector, reverse("registry:inspection", args=[inspection.pk]))
    wait_until_kept(page)
    page.context.set_offline(True)

    judge(page, first)
    judge(page, second, "限期", "1")
    card(page, first).get_by_text("加照片").click()
    card(page, first).get_by_label("拍一张或选一张").set_input_files(picture)
    card(page, first).get_by_text("看过了，照片里没有人脸").click()
    card(page, first).get_by_role("button", name="加这张").click()
    expect(page.locator("[data-netbar]")).to_contain_text("离线中 · 3 条已存在本机")
    assert not Score.objects.exists()
    page.reload()

    expect(card(page, second).get_by_label("得分")).to_have_value("1")
    expect(card(page, second).get_by_label("限期")).to_be_checked()
    page.context.set_offline(False)
    expect(page.locator("[data-netbar]")).to_be_hidden(timeout=20000)
    assert dict(Score.objects.values_list("indicator", "points")) == {first.pk: 3, second.pk: 1}
    assert Photo.objects.get().indicator == first
    troubles.clear()  # the browser complains of the network that this test took away


def test_two_devices_that_judge_the_same_are_told_and_one_decides(case, opened):
    inspection, (first, *_rest) = case.planned(), case.indicators
    address = reverse("registry:inspection", args=[inspection.pk])
    one, other = opened(case.inspector, address), opened(case.inspector, address)
    judge(one, first, points="3")
    expect(card(one, first)).to_contain_text("已上传")

    judge(other, first, "不符合", "0")

    expect(card(other, first)).to_contain_text("另一台设备后来记了「符合」，3 分。请选留哪一个。")
    card(other, first).get_by_role("button", name="留我的").click()
    expect(card(other, first)).to_contain_text("已上传")
    assert Score.objects.get().points == 0


def test_a_photo_that_nobody_looked_at_for_faces_is_not_taken(case, opened, picture):
    inspection, (first, *_rest) = case.planned(), case.indicators
    page = opened(case.inspector, reverse("registry:inspection", args=[inspection.pk]))
    card(page, first).get_by_text("加照片").click()
    card(page, first).get_by_label("拍一张或选一张").set_input_files(picture)

    card(page, first).get_by_role("button", name="加这张").click()

    expect(page.locator("[data-said]")).to_contain_text("没有人脸才能交")
    assert not Photo.objects.exists()


def test_an_inspection_is_signed_on_the_phone_once_everything_is_sent(case, opened):
    inspection = case.planned()
    page = opened(case.inspector, reverse("registry:inspection", args=[inspection.pk]))
    for indicator in case.indicators:
        judge(page, indicator)
        expect(card(page, indicator)).to_contain_text("已上传")

    page.get_by_role("button", name="判完了，签字").click()

    expect(page.get_by_text("等第二个人签").first).to_be_visible()
    assert barriers(page) == []


def test_nobody_is_shut_out_of_the_desks(case, opened):
    accreditation = case.accredited()
    other = Case(keeper=case.keeper)
    page = opened(case.second, reverse("registry:assessment", args=[case.application.pk]), viewport=DESK)
    addresses = [
        reverse("registry:assessment", args=[other.application.pk]),
        reverse("registry:inspection", args=[other.planned(inspector=case.second, by=case.inspector).pk]),
        reverse("registry:accreditation", args=[accreditation.pk]),
        reverse("registry:inspection-checklist", args=[accreditation.decision.inspection_id]),
        *[reverse(f"registry:{name}") for name in ("standard-list", "standard-new", "inspection-list")],
        reverse("registry:standard", args=[case.standard.pk]),
        *[reverse(f"registry:{name}") for name in ("accreditation-list", "appeal-list")],
    ]

    found = {page.url: barriers(page)}
    for address in addresses:
        page.goto(address)
        found[address] = barriers(page)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        page.set_viewport_size(DESK)

    assert {address: rules for address, rules in found.items() if rules} == {}
