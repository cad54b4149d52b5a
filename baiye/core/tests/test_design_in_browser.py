"""The live page of all parts in a real browser: nobody is shut out, and what scripts add works."""

import pytest
from playwright.sync_api import expect

from tests.rig.browser import DESK, barriers

pytestmark = [pytest.mark.journey, pytest.mark.slow]
PLACES = ["/design/", "/design/?shell=phone", "/design/?shell=door", "/design/?shell=desk", "/help/"]


@pytest.mark.parametrize("place", PLACES)
def test_page_shuts_nobody_out(open_page, place):
    page = open_page()

    page.goto(place)

    assert barriers(page) == []


@pytest.mark.parametrize("cookies", [{}, {"large": "1", "theme": "dark"}], ids=["normal", "large"])
@pytest.mark.parametrize("place", PLACES)
def test_page_does_not_scroll_sideways_on_the_smallest_phone(open_page, live_server, place, cookies):
    page = open_page()
    page.set_viewport_size({"width": 320, "height": 640})
    page.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )

    page.goto(place)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_arrow_moves_a_wish_says_so_and_keeps_the_focus(open_page):
    page = open_page()
    page.goto("/design/")

    page.get_by_role("button", name="把面下移到第 2 志愿").click()

    expect(page.locator("[data-rank-said]")).to_have_text("面现在是第 2 志愿")
    order = page.locator("[data-rank-item] input[name=course]").evaluate_all("boxes => boxes.map(box => box.value)")
    assert order == ["2", "1", "3"]
    expect(page.get_by_role("button", name="把面下移到第 3 志愿")).to_be_focused()
    expect(page.get_by_role("button", name="把飞上移到第 0 志愿")).to_be_disabled()


def test_wish_can_be_dragged_by_its_grip(open_page):
    page = open_page()
    page.set_viewport_size(DESK)
    page.goto("/design/")
    grip = page.locator("[data-rank-grip]").nth(2)
    grip.scroll_into_view_if_needed()

    grip.hover()
    page.mouse.down()
    page.locator("[data-rank-item]").nth(1).hover(position={"x": 100, "y": 20})
    page.locator("[data-rank-item]").nth(0).hover(position={"x": 100, "y": 20})
    page.mouse.up()

    expect(page.locator("[data-rank-said]")).to_have_text("染现在是第 1 志愿")


def test_arrow_without_script_is_a_submit_with_the_order(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/design/")

    page.get_by_role("button", name="把面下移到第 2 志愿").click()

    assert page.url.endswith("?course=1&down=1&course=2&course=3")


def test_choosing_rows_counts_them(open_page):
    page = open_page()
    page.set_viewport_size(DESK)
    page.goto("/design/")
    bar, do = page.locator("[data-bulk-said]"), page.locator("[data-bulk] .btn")
    expect(bar).to_have_text("先勾选，再点右边")
    expect(do).to_be_disabled()

    page.get_by_label("全选本页").check()

    expect(bar).to_have_text("已选 3 人")
    expect(do).to_be_enabled()

    page.get_by_label("选择示例乙").uncheck()

    expect(bar).to_have_text("已选 2 人")
    assert page.get_by_label("全选本页").evaluate("box => box.indeterminate") is True


def test_dialog_opens_over_the_page_and_closes(open_page):
    page = open_page()
    page.goto("/design/")

    page.get_by_role("link", name="撤销录取").click()

    dialog = page.get_by_role("dialog", name="撤销录取？")
    expect(dialog).to_be_visible()
    assert barriers(page) == []

    dialog.get_by_role("button", name="先不撤").click()

    expect(dialog).to_be_hidden()


def test_summary_of_errors_takes_the_focus(open_page):
    page = open_page()

    page.goto("/design/")

    expect(page.get_by_role("alert")).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_theme_size_and_language_are_kept(open_page, script):
    page = open_page(java_script_enabled=script, color_scheme="light")
    page.goto("/help/")

    page.get_by_role("button", name="深色").click()
    page.get_by_role("button", name="大字版").click()
    page.get_by_role("button", name="English").click()

    assert page.url.endswith("/help/")
    expect(page.locator("body")).to_have_css("background-color", "rgb(12, 20, 18)")
    expect(page.locator("html")).to_have_css("font-size", "20px")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_camera_reads_a_code_and_sends_it(open_page, show_to_camera):
    show_to_camera("7K3Q92")
    page = open_page()
    page.goto("/design/")

    page.get_by_role("button", name="扫签到码").last.click()

    page.wait_for_url("**/?code=7K3Q92", timeout=15000)
