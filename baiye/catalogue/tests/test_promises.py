"""Each promise of the database about courses, broken once."""

import uuid
from datetime import date

import pytest
from django.db import connection

from baiye.accounts.tests.factories import UserFactory
from baiye.catalogue.models import (
    CourseVersion,
    Material,
    OccupationAlias,
    Review,
    ReviewItem,
    ReviewPart,
    SeriesStep,
    Supply,
    VenueStock,
)
from baiye.catalogue.tests.factories import (
    AuthorFactory,
    CourseFactory,
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
from baiye.registry.tests.factories import VenueFactory
from tests.rig.promises import refused

pytestmark = pytest.mark.django_db


def test_a_published_version_never_changes_and_stays():
    version = CourseVersionFactory()

    with refused("course_version_published_never_changes"):
        CourseVersion.objects.update(title="别的名字")
    with refused("course_version_published_never_changes"):
        CourseVersion.objects.update(published_at=None, published_by=None)
    with refused("course_version_published_never_changes"):
        CourseVersion.objects.filter(pk=version.pk)._raw_delete("default")


def test_a_draft_may_change_and_go():
    draft = DraftFactory()

    CourseVersion.objects.update(title="别的名字")
    draft.delete()

    assert not CourseVersion.objects.exists()


def test_a_course_has_one_draft_and_each_number_once():
    draft = DraftFactory()

    with refused("course_version_one_draft_a_course"):
        DraftFactory(course=draft.course, number=2)
    with refused("course_version_once"):
        CourseVersionFactory(course=draft.course)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"group_min": 0}, "course_version_group_sizes_in_order"),
        ({"group_min": 21}, "course_version_group_sizes_in_order"),
        ({"group_ideal": 31}, "course_version_group_sizes_in_order"),
        ({"grade_from": 0}, "course_version_grades_in_order"),
        ({"grade_from": 9, "grade_to": 8}, "course_version_grades_in_order"),
        ({"grade_to": 13}, "course_version_grades_in_order"),
        ({"minutes": 0}, "course_version_takes_time"),
        ({"task_group": "别的"}, "course_version_belongs_to_a_task_group"),
        ({"published_by": None}, "course_version_published_by_whom_and_when"),
        ({"task_group": "清洁与卫生"}, "course_version_task_group_fits_the_grades"),
        ({"task_group": "工业生产劳动", "grade_from": 4}, "course_version_task_group_fits_the_grades"),
        ({"hazards": ["food", "lions"]}, "course_version_hazards_are_known"),
        ({"hands_on_percent": 101}, "course_version_hands_on_is_a_share"),
        ({"price_fen": 100}, "course_version_price_says_what_it_covers"),
        ({"price_fen": -1}, "catalogue_courseversion_price_fen_check"),
        ({"languages": []}, "course_version_is_held_in_a_language"),
        ({"languages": ["xx"]}, "course_version_is_held_in_a_language"),
        ({"access": "adapted"}, "course_version_access_says_how"),
        ({"access": "maybe", "access_note": "x"}, "course_version_access_says_how"),
        (
            {"published_at": None, "published_by": None, "unreviewed": "before"},
            "course_version_unreviewed_only_when_published",
        ),
    ],
)
def test_a_version_makes_sense(fields, name):
    with refused(name):
        CourseVersionFactory(**fields)


@pytest.mark.parametrize("grades", [(1, 4), (10, 12)])
def test_a_version_of_cleaning_is_for_the_small_ones_or_senior_high(grades):
    first, last = grades

    assert CourseVersionFactory(task_group="清洁与卫生", grade_from=first, grade_to=last).published_at


def publish(version, **fields):
    now = {"published_at": clock.now(), "published_by": UserFactory()}
    CourseVersion.objects.filter(pk=version.pk).update(**now | fields)


def test_a_version_is_published_only_after_a_passed_review_or_as_an_example():
    draft, example = DraftFactory(), DraftFactory(course__is_example=True)
    withdrawn = passed_review(DraftFactory())
    Review.objects.filter(pk=withdrawn.pk).update(withdrawn_at=clock.now(), withdrawn_by=UserFactory())

    for version, excuse in ((draft, ""), (draft, "before"), (draft, "example"), (example, ""), (withdrawn.version, "")):
        with refused("course_version_published_after_a_review"):
            publish(version, unreviewed=excuse)
    with refused("course_version_published_after_a_review"):
        fields = CourseVersionFactory.build(course=draft.course, number=2, published_by=UserFactory())
        fields.save()
    publish(example, unreviewed="example")

    assert CourseVersion.objects.get(published_at__isnull=False) == example


def test_a_version_in_review_and_what_belongs_to_it_do_not_change():
    supply = SupplyFactory()
    version = supply.version
    paper = {"step": "project", "reader": "pupil", "request": uuid.uuid4(), "file": FileFactory()}
    material = Material.objects.create(version=version, **paper)
    passed_review(version)

    with refused("course_version_in_review_never_changes"):
        CourseVersion.objects.filter(pk=version.pk).update(title="别的名字")
    for rows in (Supply.objects.filter(pk=supply.pk), Material.objects.filter(pk=material.pk)):
        with refused("course_version_keeps_what_belongs_to_it"):
            rows.update(version=DraftFactory())
        with refused("course_version_keeps_what_belongs_to_it"):
            rows.delete()
    with refused("course_version_keeps_what_belongs_to_it"):
        SupplyFactory(version=version)
    publish(version)
    with refused("course_version_keeps_what_belongs_to_it"):
        SupplyFactory(version=version)


def test_a_supply_and_a_paper_make_sense_and_stand_once():
    supply = SupplyFactory()
    paper = {"version": supply.version, "step": "project", "reader": "pupil", "file": FileFactory()}
    Material.objects.create(request=(request := uuid.uuid4()), **paper)

    with refused("supply_named_once"):
        SupplyFactory(version=supply.version, name=supply.name)
    for fields in ({"quantity": 0}, {"name": ""}, {"kind": "x"}, {"share": "x"}):
        with refused("supply_makes_sense"):
            SupplyFactory(version=supply.version, **fields)
    with refused("material_once"):
        Material.objects.create(request=request, **paper)
    with refused("material_of_a_step_for_someone"):
        Material.objects.create(request=uuid.uuid4(), **paper | {"reader": "x"})
    venue = VenueFactory()
    counted = {"venue": venue, "name": "烤箱", "counted_at": clock.now(), "counted_by": UserFactory()}
    VenueStock.objects.create(count=1, **counted)
    with refused("venue_stock_named_once"):
        VenueStock.objects.create(count=2, **counted)


# ── reviews ──


def test_a_review_is_one_a_version_and_ends_one_way():
    review = passed_review(DraftFactory())
    now, someone = clock.now(), UserFactory()

    with refused("review_one_a_version"):
        Review.objects.create(version=review.version, proposed_at=now, proposed_by=someone)
    with refused("review_ends_one_way"):
        Review.objects.filter(pk=review.pk).update(returned_at=now)
    with refused("review_withdrawn_by_whom_and_when"):
        Review.objects.filter(pk=review.pk).update(withdrawn_at=now)


def test_a_review_passes_only_when_both_parts_did():
    now = clock.now()
    review = Review.objects.create(version=DraftFactory(), proposed_at=now, proposed_by=UserFactory())
    ReviewPart.objects.create(review=review, kind="safety", verdict="passed", decided_at=now, decided_by=UserFactory())

    with refused("review_passed_by_both_parts"):
        Review.objects.update(passed_at=now)


def part_of(version, **fields):
    review = Review.objects.create(version=version, proposed_at=clock.now(), proposed_by=UserFactory())
    return ReviewPart.objects.create(review=review, kind="safety", **fields)


def decided(part, by=None, verdict="passed", **fields):
    now = {"verdict": verdict, "decided_at": clock.now(), "decided_by": by or UserFactory()}
    ReviewPart.objects.filter(pk=part.pk).update(**now | fields)


def test_a_part_is_decided_by_nobody_who_wrote_or_proposed_and_with_everything_met():
    author = AuthorFactory()
    part = part_of(author.version)
    item = ReviewItem.objects.create(part=part, place=1, code="ratio", asks="够不够")

    for by in (author.user, part.review.proposed_by):
        with refused("review_part_not_decided_by_an_author"):
            decided(part, by)
    for answer in ("", "unmet"):
        ReviewItem.objects.update(answer=answer)
        with refused("review_part_passed_with_everything_met"):
            decided(part)
    with refused("review_part_returned_with_reasons"):
        decided(part, verdict="returned")
    with refused("review_part_decided_by_whom_and_when"):
        ReviewPart.objects.update(verdict="passed")
    ReviewItem.objects.update(answer="na")
    decided(part)

    with refused("review_part_decided_never_changes"):
        ReviewPart.objects.update(because="再想想")
    with refused("review_part_decided_never_changes"):
        ReviewPart.objects.filter(pk=part.pk)._raw_delete("default")
    with refused("review_part_decided_never_changes"):
        ReviewItem.objects.update(answer="met")
    with refused("review_part_decided_never_changes"):
        item.delete()
    with refused("review_part_decided_never_changes"):
        ReviewItem.objects.create(part=part, place=2, code="more", asks="再加一条")


def test_parts_items_and_authors_stand_once_and_are_known():
    author = AuthorFactory()
    part = part_of(author.version)
    ReviewItem.objects.create(part=part, place=1, code="ratio", asks="够不够")

    with refused("review_part_once"):
        ReviewPart.objects.create(review=part.review, kind="safety")
    with refused("review_part_is_known"):
        ReviewPart.objects.create(review=part.review, kind="beauty")
    with refused("review_item_once"):
        ReviewItem.objects.create(part=part, place=2, code="ratio", asks="够不够")
    with refused("review_item_answer_is_known"):
        ReviewItem.objects.create(part=part, place=2, code="x", asks="?", answer="ok")
    with refused("author_once"):
        AuthorFactory(version=author.version, user=author.user)


# ── series, events, older codes ──


def test_a_series_has_each_stop_once_in_its_place_and_only_published_courses():
    step = SeriesStepFactory()
    series, report = step.series, ReportedCourseFactory()
    SeriesStep.objects.create(series=series, place=9, reported=report)

    with refused("series_has_a_course_once"):
        SeriesStepFactory(series=series, course=step.course)
    with refused("series_has_a_report_once"):
        SeriesStep.objects.create(series=series, place=8, reported=report)
    with refused("series_step_has_its_place"):
        SeriesStepFactory(series=series, place=step.place)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with refused("series_step_is_a_course_or_a_report"):
        SeriesStep.objects.create(series=series, place=7)
    with refused("series_step_is_a_published_course"):
        SeriesStepFactory(series=series, course=DraftFactory().course)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"title": ""}, "series_has_a_name"),
        ({"trust": "A"}, "series_reported_with_its_source"),
        ({"source": "报道"}, "series_reported_with_its_source"),
        ({"published_at": clock.now()}, "series_published_by_whom_and_when"),
    ],
)
def test_a_series_makes_sense(fields, name):
    with refused(name):
        SeriesFactory(**fields)


def test_a_reported_event_stands_once_and_has_a_usable_source():
    event = ReportedEventFactory()

    with refused("reported_event_once"):
        ReportedEventFactory(title=event.title)
    for fields in ({"trust": "U"}, {"source": ""}):
        with refused("reported_event_from_a_usable_source"):
            ReportedEventFactory(**fields)


def test_an_older_code_stands_once_and_has_a_source():
    alias = {"code": "2-02-10-09", "occupation": OccupationFactory(), "valid_from": date(2019, 4, 1)}
    OccupationAlias.objects.create(source="标准", **alias)

    with refused("catalogue_occupationalias_code_key"):
        OccupationAlias.objects.create(source="标准", **alias)
    with refused("occupation_alias_has_a_source"):
        OccupationAlias.objects.create(**alias | {"code": "2-02-10-10"})


def test_a_course_is_retired_by_someone():
    with refused("course_retired_by_whom_and_when"):
        CourseFactory(retired_at=clock.now())


def test_a_reported_course_stands_once_and_has_a_usable_source():
    report = ReportedCourseFactory()

    with refused("reported_course_once"):
        ReportedCourseFactory(title=report.title)
    with refused("reported_course_from_a_usable_source"):
        ReportedCourseFactory(trust="U")


def test_an_occupation_code_stands_once():
    with refused("catalogue_occupation_code_key"):
        OccupationFactory(code=OccupationFactory().code)
