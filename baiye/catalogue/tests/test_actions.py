from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.catalogue.actions import courses as actions
from baiye.catalogue.actions.content import Content, CourseRefused
from baiye.catalogue.models import STEPS, Course, CourseVersion
from baiye.catalogue.tests.factories import CourseVersionFactory, DraftFactory, OccupationFactory, passed_review
from baiye.core import clock
from baiye.core.models import Event
from baiye.registry.tests.factories import HostFactory

pytestmark = pytest.mark.django_db
FOUR_STEPS = {key: f"{name}的话" for key, name in STEPS}


def holder(role: str, unit: Unit) -> User:
    return GrantFactory(role=role, unit=unit).user


def content(**fields) -> Content:
    said = {
        "title": "舌尖上的面点",
        "glyph": "面",
        "riasec": "R",
        "task_group": "烹饪与营养",
        "grade_from": 6,
        "grade_to": 9,
        "minutes": 160,
        "group_min": 8,
        "group_ideal": 16,
        "group_max": 20,
        "steps": FOUR_STEPS,
    }
    return Content(**said | fields)


def events() -> list[str]:
    return list(Event.objects.exclude(kind="unit.made").order_by("pk").values_list("kind", flat=True))


# ── draft_course ──


def test_draft_course_by_the_hosts_manager_makes_a_draft_nobody_sees():
    host, occupation = HostFactory(), OccupationFactory()

    version = actions.draft_course(
        host=host,
        content=content(hazards=["food"], occupation=occupation),
        by=holder("host_manager", host.unit),
    )

    version.refresh_from_db()
    assert (version.course.host, version.course.slug, version.number) == (host, "she-jian-shang-de-mian-dian", 1)
    assert (version.published_at, version.hazards, version.occupation) == (None, ["food"], occupation)
    assert (version.steps, version.pinyin) == (FOUR_STEPS, "she jian shang de mian dian")
    assert events() == ["course.drafted"]


def test_draft_course_of_a_taken_name_gets_an_address_of_its_own():
    host = HostFactory()
    manager = holder("host_manager", host.unit)

    slugs = [actions.draft_course(host=host, content=content(), by=manager).course.slug for _ in range(3)]

    assert slugs == ["she-jian-shang-de-mian-dian", "she-jian-shang-de-mian-dian-2", "she-jian-shang-de-mian-dian-3"]


@pytest.mark.parametrize("title", ["！！！", "a" * 60, "面" * 60])
def test_draft_course_of_any_name_gets_an_address_that_fits(title):
    host = HostFactory()

    slug = actions.draft_course(
        host=host, content=content(title=title), by=holder("coordinator", host.unit.parent)
    ).course.slug

    assert 0 < len(slug) <= 40
    assert slug == slug.strip("-")


def test_draft_course_at_an_example_host_is_an_example():
    host = HostFactory(unit__is_example=True)

    assert actions.draft_course(host=host, content=content(), by=holder("host_manager", host.unit)).course.is_example


@pytest.mark.parametrize("role", ["host_instructor", "district_officer", "agency_officer"])
def test_draft_course_by_who_may_not_is_denied(role):
    host = HostFactory()

    with pytest.raises(PermissionDenied):
        actions.draft_course(host=host, content=content(), by=holder(role, host.unit))

    assert (Course.objects.count(), events()) == (0, [])


# ── edit_draft, draft_version ──


def test_edit_draft_writes_what_it_says():
    draft = DraftFactory()

    actions.edit_draft(
        version=draft, content=content(title="新的名字"), by=holder("host_manager", draft.course.host.unit)
    )

    assert CourseVersion.objects.get().title == draft.title == "新的名字"
    assert events() == ["course_version.edited"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"grade_from": 9, "grade_to": 6}, "从几年级"),
        ({"group_min": 17}, "最少几人开课"),
        ({"group_max": 15}, "最合适几人"),
        ({"task_group": "工业生产劳动", "grade_from": 4}, "「工业生产劳动」在课程标准里是 5–9 年级"),
        ({"price_fen": 1, "price_covers": " "}, "费用包含什么"),
        ({"access": "barred", "access_note": " "}, "卡在哪里"),
    ],
)
def test_edit_draft_with_what_does_not_go_together_is_refused(said, why):
    draft = DraftFactory()

    with pytest.raises(CourseRefused, match=why):
        actions.edit_draft(version=draft, content=content(**said), by=holder("host_manager", draft.course.host.unit))

    assert events() == []


def test_edit_draft_of_a_published_version_is_refused():
    version = CourseVersionFactory()

    with pytest.raises(CourseRefused, match="第 1 版已经发布，不能再改"):
        actions.edit_draft(version=version, content=content(), by=holder("coordinator", version.course.host.unit))

    assert events() == []


def test_edit_draft_by_another_hosts_manager_is_denied():
    draft = DraftFactory()

    with pytest.raises(PermissionDenied):
        actions.edit_draft(version=draft, content=content(), by=holder("host_manager", HostFactory().unit))

    assert CourseVersion.objects.get().title == draft.title


def test_draft_version_begins_with_what_the_last_one_says():
    version = CourseVersionFactory(hazards=["food"], steps=FOUR_STEPS)
    manager = holder("host_manager", version.course.host.unit)

    draft = actions.draft_version(course=version.course, by=manager)
    again = actions.draft_version(course=version.course, by=manager)

    assert (draft.number, draft.title, draft.hazards, draft.steps) == (2, version.title, ["food"], FOUR_STEPS)
    assert (draft.published_at, again) == (None, draft)
    assert events() == ["course_version.drafted"]


def test_draft_version_by_who_may_not_is_denied():
    version = CourseVersionFactory()

    with pytest.raises(PermissionDenied):
        actions.draft_version(course=version.course, by=UserFactory())

    assert CourseVersion.objects.count() == 1


# ── publish_version ──


def test_publish_version_by_the_coordinator_publishes():
    draft, now = DraftFactory(steps=FOUR_STEPS), clock.now()
    passed_review(draft)
    coordinator = holder("coordinator", draft.course.host.unit.parent)

    actions.publish_version(version=draft, by=coordinator, at=now)

    draft.refresh_from_db()
    assert (draft.published_at, draft.published_by) == (now, coordinator)
    assert events() == ["course_version.published"]


def test_publish_version_by_the_hosts_own_manager_is_denied():
    draft = DraftFactory(steps=FOUR_STEPS)

    with pytest.raises(PermissionDenied):
        actions.publish_version(version=draft, by=holder("host_manager", draft.course.host.unit), at=clock.now())

    draft.refresh_from_db()
    assert draft.published_at is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"steps": FOUR_STEPS | {"culture": " ", "project": ""}},
            "四步里还差：体验一个项目、感受一种文化。写完再发布。",
        ),
        (
            {
                "steps": FOUR_STEPS,
                "course__retired_at": clock.now() - timedelta(days=1),
                "course__retired_by": "someone",
            },
            "这个项目已经下架，不能再发布新版。",
        ),
        ({"steps": FOUR_STEPS, "published": True}, "第 1 版早先已经发布了。"),
        ({"steps": FOUR_STEPS}, "这一版还没有通过安全和教学评审。请先提交评审。"),
    ],
)
def test_publish_version_is_refused_in_words_and_leaves_nothing_behind(fields, sentence):
    fields = fields | ({"course__retired_by": UserFactory()} if "course__retired_by" in fields else {})
    version = (CourseVersionFactory if fields.pop("published", False) else DraftFactory)(**fields)
    before = version.published_at

    with pytest.raises(CourseRefused) as refusal:
        by = holder("coordinator", version.course.host.unit)
        actions.publish_version(version=version, by=by, at=clock.now())

    version.refresh_from_db()
    assert (str(refusal.value), version.published_at, events()) == (sentence, before, [])


# ── retire_course ──


def test_retire_course_takes_it_out_once():
    course, now = CourseVersionFactory().course, clock.now()
    coordinator = holder("coordinator", course.host.unit)

    actions.retire_course(course=course, by=coordinator, at=now)

    assert (Course.objects.get().retired_at, Course.objects.get().retired_by) == (now, coordinator)
    assert events() == ["course.retired"]
    with pytest.raises(CourseRefused, match="早先已经下架"):
        actions.retire_course(course=course, by=coordinator, at=now)


def test_retire_course_by_the_hosts_own_manager_is_denied():
    course = CourseVersionFactory().course

    with pytest.raises(PermissionDenied):
        actions.retire_course(course=course, by=holder("host_manager", course.host.unit), at=clock.now())

    assert Course.objects.get().retired_at is None
