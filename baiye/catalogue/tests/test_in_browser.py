"""The catalogue's desks and series in a real browser: nobody shut out, on a phone and on a desk."""

import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.catalogue.actions.reviews import propose_version
from baiye.catalogue.models import Material
from baiye.catalogue.tests.factories import (
    CourseVersionFactory,
    DraftFactory,
    FileFactory,
    OccupationFactory,
    ReportedCourseFactory,
    ReportedEventFactory,
    SeriesFactory,
    SeriesStepFactory,
    SupplyFactory,
    passed_review,
)
from baiye.core import clock
from baiye.registry.tests.factories import AccreditedHostFactory, VenueFactory
from tests.rig.browser import DESK, PHONE, shut_nobody_out

pytestmark = [pytest.mark.journey, pytest.mark.slow]
TOLD = {
    "school": "走进烹饪实训中心，看哥哥姐姐怎样上课。",
    "project": "称面粉、揉面团，包出十只形状一样的点心。",
    "occupation": "看面点师怎样一天做六百只；问他几点起床。",
    "culture": "从清明的青团说到过年的糕。",
}
SAID = {
    "title": "舌尖上的面点",
    "summary": "和面、擀皮、包馅、上笼，半天做出一屉自己的点心。",
    "steps": TOLD,
    "pupil_notes": {"project": "长发扎好，先洗手。"},
    "hazards": ["food", "heat"],
    "price_fen": 1550,
    "price_covers": "面粉、馅料和围裙",
    "languages": ["zh", "sh"],
    "access": "adapted",
    "access_note": "操作台可以坐着用，告诉我们就好。",
    "bring": "长袖",
}


@pytest.fixture
def shown(live_server):
    """A published course with its next draft, one in review, a series, events: what the pages are about."""
    host = AccreditedHostFactory(unit__name="上海市曹杨职业技术学校")
    occupation = OccupationFactory(code="4-03-02-02", name="中式面点师")
    draft = DraftFactory(course__host=host, occupation=occupation, **SAID)
    paper = {"step": "project", "file": FileFactory(), "request": uuid.uuid4()}
    Material.objects.create(version=draft, reader="pupil", **paper)
    SupplyFactory(version=draft, name="擀面杖")
    passed_review(draft)
    draft.published_at, draft.published_by = clock.now(), UserFactory()
    draft.save()
    second = DraftFactory(course=draft.course, number=2, **SAID | {"title": "指尖上的面点", "bring": ""})
    proposed = DraftFactory(course__host=host, **SAID | {"title": "一盘意面的时间"})
    SupplyFactory(version=proposed, name="烤箱")
    review = propose_version(
        version=proposed, by=GrantFactory(role="host_manager", unit=host.unit).user, at=clock.now()
    )
    series = SeriesFactory(
        unit=host.unit.parent,
        title="半马苏河 彩虹学院",
        about="四种职业，四站路。",
        trust="A",
        source="普教办〔2024〕21号",
    )
    SeriesStepFactory(series=series, place=1, course=draft.course, note="先动手")
    SeriesStepFactory(series=series, place=2, course=CourseVersionFactory(course__host=host, glyph="机").course)
    report = ReportedCourseFactory(title="半马苏河 彩虹学院(律师)", host_text="团区委", source="普教办〔2024〕21号")
    SeriesStepFactory(series=series, place=3, course=None, reported=report)
    ReportedEventFactory(title="小小消防员", held="2023-06", place="武宁", organiser="普陀消防")
    return {
        "host": host,
        "version": draft,
        "second": second,
        "review": review,
        "series": series,
        "venue": VenueFactory(host=host, name="中点实训室"),
    }


def addresses_of(shown):
    draft, series = shown["second"].pk, shown["series"]
    public = [
        reverse("catalogue:course", args=[shown["version"].course.slug]),
        reverse("catalogue:series-list"),
        reverse("catalogue:series", args=[series.slug]),
        reverse("catalogue:reported-event-list"),
    ]
    desk = [reverse(f"catalogue:{name}") for name in ("draft-list", "review-list", "stock-list", "series-desk")]
    desk += [reverse("catalogue:series-new"), reverse("catalogue:series-edit", args=[series.pk])]
    desk += [reverse(f"catalogue:{name}", args=[draft]) for name in ("draft", "proposal", "comparison", "supplies")]
    desk += [
        reverse("catalogue:materials", args=[draft]),
        reverse("catalogue:draft", args=[shown["version"].pk]),
        reverse("catalogue:review", args=[shown["review"].pk]),
        reverse("catalogue:stock", args=[shown["venue"].pk]),
        reverse("catalogue:copy", args=[shown["version"].course.slug]),
    ]
    return public, desk


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1440"])
def test_pages_of_the_catalogue_shut_nobody_out(shown, open_page, page_of, viewport):
    public, desk = addresses_of(shown)
    coordinator = GrantFactory(role="coordinator", unit=shown["host"].unit.parent).user

    shut_nobody_out(open_page(viewport), public)
    shut_nobody_out(page_of(coordinator, viewport), desk)


def test_a_part_that_is_not_whole_keeps_what_was_typed(shown, page_of, troubles):
    page = page_of(GrantFactory(role="district_officer", unit=shown["host"].unit.parent).user, DESK)
    page.goto(reverse("catalogue:review", args=[shown["review"].pk]))
    safety = page.get_by_role("region", name="安全评审")

    for line in safety.get_by_role("group").all():
        line.get_by_label("符合", exact=True).check()
    safety.get_by_role("button", name="通过").click()
    page.get_by_text("这一部分已通过。").wait_for()
    teaching = page.get_by_role("region", name="教学评审")
    teaching.get_by_label("理由与修改建议").fill("多留动手的时间")
    teaching.get_by_role("button", name="通过").click()

    page.get_by_text("还有没评的").first.wait_for()
    expect(teaching.get_by_label("理由与修改建议")).to_have_value("多留动手的时间")
    troubles[:] = [trouble for trouble in troubles if "422" not in trouble]


def test_stops_of_a_series_are_ordered_by_keyboard(shown, page_of):
    page = page_of(GrantFactory(role="coordinator", unit=shown["host"].unit.parent).user, DESK)
    page.goto(reverse("catalogue:series-edit", args=[shown["series"].pk]))

    page.get_by_role("button", name="下移 舌尖上的面点").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="上移 舌尖上的面点").wait_for()

    assert [step.course_id for step in shown["series"].steps.all()][1] == shown["version"].course_id
