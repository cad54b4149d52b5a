import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.catalogue.actions import reviews as actions
from baiye.catalogue.actions.content import CourseRefused
from baiye.catalogue.actions.courses import edit_draft, publish_version
from baiye.catalogue.checklist import PEDAGOGY, SAFETY
from baiye.catalogue.hazards import KNOWN
from baiye.catalogue.models import STEPS, CourseVersion, Review, ReviewItem
from baiye.catalogue.tests.factories import CourseVersionFactory, DraftFactory
from baiye.catalogue.tests.test_actions import content, events, holder
from baiye.core import clock
from baiye.core.models import Message
from baiye.registry.tests.factories import HostFactory

pytestmark = pytest.mark.django_db
FOUR_STEPS = {key: f"{name}的话" for key, name in STEPS}


def ready(**fields):
    """A draft with everything a proposal asks for."""
    return DraftFactory(**{"steps": FOUR_STEPS, "summary": "做一屉点心"} | fields)


def proposed(**fields):
    """A review of a draft that its host's manager proposed."""
    draft = ready(**fields)
    manager = holder("host_manager", draft.course.host.unit)
    return actions.propose_version(version=draft, by=manager, at=clock.now())


def reviewer(review):
    return holder("district_officer", review.version.course.host.unit.parent)


def all_met(part):
    return {item.code: ("met", "") for item in part.items.all()}


def decide(review, kind, by, verdict="passed", **given):
    part = review.parts.get(kind=kind)
    said = {"answers": all_met(part), "by": by, "at": clock.now()} | given
    return actions.decide_part(part=part, verdict=verdict, **said)


# ── proposing and withdrawing ──


def test_propose_version_lays_out_the_checklist_of_its_hazards_and_tells_reviewers_once():
    draft = ready(hazards=["food", "heat"])
    unit = draft.course.host.unit
    manager, officer = holder("host_manager", unit), holder("district_officer", unit.parent)

    review = actions.propose_version(version=draft, note="先看安全", by=manager, at=clock.now())
    again = actions.propose_version(version=draft, by=manager, at=clock.now())

    codes = [item.code for item in ReviewItem.objects.filter(part__kind="safety").order_by("place")]
    asked = [f"{key}-{n}" for key in ("food", "heat") for n, _ in enumerate(KNOWN[key].checks, 1)]
    assert (again, review.note) == (review, "先看安全")
    assert codes == [*(code for code, _asks in SAFETY), *asked]
    assert review.parts.get(kind="pedagogy").items.count() == len(PEDAGOGY)
    assert list(Message.objects.values_list("to", "kind")) == [(officer.pk, "course_version.proposed")]
    assert events() == ["course_version.proposed"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"steps": {"project": "揉面"}}, "还差：走进一所职校、了解一门职业、感受一种文化。写完再提交评审。"),
        (
            {"hands_on_percent": None, "access": "", "summary": " "},
            "还差：动手时间占几成、行动不便的学生怎样参加、一句话介绍。写完再提交评审。",
        ),
        ({"course__retired_at": clock.now()}, "这个项目已经下架，不能再提交评审。"),
    ],
)
def test_propose_version_that_lacks_something_says_what_and_leaves_nothing_behind(fields, sentence):
    fields = fields | ({"course__retired_by": UserFactory()} if "course__retired_at" in fields else {})
    draft = ready(**fields)

    with pytest.raises(CourseRefused) as refusal:
        actions.propose_version(version=draft, by=holder("host_manager", draft.course.host.unit), at=clock.now())

    assert (str(refusal.value), Review.objects.count(), events()) == (sentence, 0, [])


def test_propose_version_that_is_published_is_refused():
    version = CourseVersionFactory()
    version.reviews.update(withdrawn_at=clock.now(), withdrawn_by=UserFactory())

    with pytest.raises(CourseRefused, match="第 1 版已经发布"):
        actions.propose_version(version=version, by=holder("coordinator", version.course.host.unit), at=clock.now())


def test_propose_version_by_another_hosts_manager_is_denied():
    draft = ready()

    with pytest.raises(PermissionDenied):
        actions.propose_version(version=draft, by=holder("host_manager", HostFactory().unit), at=clock.now())

    assert not Review.objects.exists()


def test_edit_draft_in_review_is_refused_until_it_is_withdrawn():
    review = proposed()
    manager = review.proposed_by

    with pytest.raises(CourseRefused, match="第 1 版正在评审，不能改"):
        edit_draft(version=review.version, content=content(), by=manager)
    actions.withdraw_proposal(review=review, by=manager, at=clock.now())
    actions.withdraw_proposal(review=review, by=manager, at=clock.now())
    edit_draft(version=review.version, content=content(title="新的名字"), by=manager)

    assert CourseVersion.objects.get().title == "新的名字"
    assert events() == ["course_version.proposed", "course_version.withdrawn", "course_version.edited"]


def test_withdraw_proposal_after_it_passed_takes_the_pass_away():
    review = proposed()
    officer = reviewer(review)
    decide(review, "safety", officer)
    decide(review, "pedagogy", officer)

    actions.withdraw_proposal(review=review, by=review.proposed_by, at=clock.now())

    coordinator = holder("coordinator", review.version.course.host.unit.parent)
    with pytest.raises(CourseRefused, match="还没有通过安全和教学评审"):
        publish_version(version=review.version, by=coordinator, at=clock.now())


@pytest.mark.parametrize("ended", ["returned", "published"])
def test_withdraw_proposal_that_has_ended_is_refused(ended):
    if ended == "published":
        review = Review.objects.get(version=CourseVersionFactory())
    else:
        review = proposed()
        decide(review, "safety", reviewer(review), "returned", because="改")

    with pytest.raises(CourseRefused, match=r"已经退回|已经发布"):
        actions.withdraw_proposal(
            review=review, by=holder("coordinator", review.version.course.host.unit), at=clock.now()
        )


def test_withdraw_proposal_by_who_writes_no_courses_is_denied():
    review = proposed()

    with pytest.raises(PermissionDenied):
        actions.withdraw_proposal(review=review, by=reviewer(review), at=clock.now())


# ── answering and deciding ──


def test_decide_part_passes_the_version_once_both_have_and_the_coordinator_publishes():
    review = proposed()
    officer = reviewer(review)

    first = decide(review, "safety", officer)
    second = decide(review, "pedagogy", officer)
    coordinator = holder("coordinator", review.version.course.host.unit.parent)
    publish_version(version=review.version, by=coordinator, at=clock.now())

    assert (first.passed_at is None, second.passed_at is None) == (True, False)
    assert CourseVersion.objects.get().published_by == coordinator
    told = Message.objects.filter(kind="course_review.passed")
    assert list(told.values_list("to", "subject")) == [(review.proposed_by_id, "评审通过：" + review.version.title)]


def test_decide_part_that_returns_ends_the_review_says_why_and_loses_nothing():
    review = proposed()
    part, manager = review.parts.get(kind="pedagogy"), review.proposed_by
    answers = all_met(part) | {"hands-on": ("unmet", "只有四成")}
    decide(review, "safety", reviewer(review))

    decide(review, "pedagogy", reviewer(review), "returned", answers=answers, because="多留动手的时间")

    review.refresh_from_db()
    assert (review.returned_at is not None, review.passed_at) == (True, None)
    assert review.parts.get(kind="safety").verdict == "passed"
    assert part.items.get(code="hands-on").note == "只有四成"
    told = Message.objects.get(kind="course_review.returned", to=manager)
    assert told.body == "多留动手的时间"
    edit_draft(version=review.version, content=content(summary="改过", hands_on_percent=70, access="full"), by=manager)
    assert actions.propose_version(version=review.version, by=manager, at=clock.now()) != review


@pytest.mark.parametrize(
    ("verdict", "answer", "because", "sentence"),
    [
        ("passed", ("", ""), "", "还没有评的"),
        ("passed", ("unmet", "太少"), "", "有不符合的，不能通过"),
        ("passed", ("unmet", " "), "", "不符合的要写明差在哪里"),
        ("returned", ("unmet", ""), "改", "不符合的要写明差在哪里"),
        ("returned", ("met", ""), "  ", "退回要写明理由"),
    ],
)
def test_decide_part_without_grounds_is_refused_and_leaves_nothing_behind(verdict, answer, because, sentence):
    review = proposed()
    part = review.parts.get(kind="pedagogy")

    with pytest.raises(CourseRefused, match=sentence.replace("还没有评的", "还有没评的")):
        answers = all_met(part) | {"task": answer}
        decide(review, "pedagogy", reviewer(review), verdict, answers=answers, because=because)

    part.refresh_from_db()
    assert (part.verdict, set(part.items.values_list("answer", flat=True))) == ("", {""})
    assert events() == ["course_version.proposed"]


def test_decide_part_by_who_wrote_or_proposed_the_draft_is_refused():
    draft = ready()
    writer = holder("coordinator", draft.course.host.unit.parent)
    edit_draft(version=draft, content=content(summary="由专员改过", hands_on_percent=70, access="full"), by=writer)
    review = actions.propose_version(version=draft, by=holder("host_manager", draft.course.host.unit), at=clock.now())

    with pytest.raises(CourseRefused, match="您写过这份草稿"):
        decide(review, "safety", writer)
    with pytest.raises(PermissionDenied):
        decide(review, "safety", review.proposed_by)


def test_decide_part_that_is_decided_or_of_a_withdrawn_review_is_refused():
    review = proposed()
    officer = reviewer(review)
    decide(review, "safety", officer)

    with pytest.raises(CourseRefused, match="已经评完"):
        decide(review, "safety", officer)
    actions.withdraw_proposal(review=review, by=review.proposed_by, at=clock.now())
    with pytest.raises(CourseRefused, match="评审已经结束"):
        decide(review, "pedagogy", officer)


def test_save_answers_keeps_what_is_answered_so_far():
    review = proposed()
    part = review.parts.get(kind="safety")

    actions.save_answers(part=part, answers={"ratio": ("na", "一对一")}, because="先记着", by=reviewer(review))

    part.refresh_from_db()
    assert (part.because, part.verdict) == ("先记着", "")
    assert part.items.filter(answer="na").values_list("code", "note").get() == ("ratio", "一对一")


def test_save_answers_by_who_reviews_nothing_there_is_denied():
    review = proposed()

    with pytest.raises(PermissionDenied):
        actions.save_answers(part=review.parts.get(kind="safety"), answers={}, by=GrantFactory().user)
