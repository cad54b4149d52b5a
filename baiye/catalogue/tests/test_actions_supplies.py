import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from baiye.catalogue.actions import supplies as actions
from baiye.catalogue.actions.content import CourseRefused
from baiye.catalogue.actions.courses import copy_course, draft_version
from baiye.catalogue.actions.supplies import Needed
from baiye.catalogue.models import Author, Material, Supply, VenueStock
from baiye.catalogue.queries.supplies import Shortage, supplied, wanted_at
from baiye.catalogue.tests.factories import CourseVersionFactory, DraftFactory, SupplyFactory, passed_review
from baiye.catalogue.tests.test_actions import events, holder
from baiye.core import clock
from baiye.core.files import FileRefused
from baiye.core.models import File
from baiye.registry.tests.factories import HostFactory, VenueFactory

pytestmark = pytest.mark.django_db
PIN = Needed("擀面杖", "equipment", 1, "pupil")
OVEN = Needed("烤箱", "equipment", 2, "group")


def pdf(name="任务单.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4 a paper")


def manager_of(version):
    return holder("host_manager", version.course.host.unit)


# ── supplies ──


def test_set_supplies_replaces_what_stood_there_and_its_writer_may_not_review():
    draft = DraftFactory()
    manager = manager_of(draft)
    actions.set_supplies(version=draft, supplies=[PIN], by=manager)

    actions.set_supplies(version=draft, supplies=[OVEN], by=manager)

    assert list(draft.supplies.values_list("name", "quantity", "share")) == [("烤箱", 2, "group")]
    assert Author.objects.get(version=draft).user == manager
    assert events() == ["course_version.supplied"] * 2


def test_set_supplies_that_name_a_thing_twice_is_refused():
    draft = DraftFactory()

    with pytest.raises(CourseRefused, match="有两行写的是同一样：擀面杖"):
        actions.set_supplies(version=draft, supplies=[PIN, OVEN, PIN], by=manager_of(draft))

    assert not Supply.objects.exists()


def test_set_supplies_of_a_version_in_review_is_refused():
    draft = DraftFactory()
    passed_review(draft)

    with pytest.raises(CourseRefused, match="正在评审"):
        actions.set_supplies(version=draft, supplies=[PIN], by=manager_of(draft))


def test_set_supplies_by_another_host_is_denied():
    draft = DraftFactory()

    with pytest.raises(PermissionDenied):
        actions.set_supplies(version=draft, supplies=[PIN], by=holder("host_manager", HostFactory().unit))


# ── stock against need ──


def test_supplied_names_what_the_largest_group_is_short_of_and_what_nobody_counted():
    draft = DraftFactory(group_max=30)
    manager = manager_of(draft)
    actions.set_supplies(version=draft, supplies=[PIN, OVEN, Needed("面粉", "consumable", 1, "pupil")], by=manager)
    venue = VenueFactory(host=draft.course.host, name="中点实训室")
    actions.set_stock(venue=venue, counts=[("擀面杖", 24)], by=manager, at=clock.now())

    found = supplied(draft)

    assert found.shortages == [Shortage("中点实训室", "擀面杖", 30, 24)]
    assert found.uncounted == ["烤箱"]  # consumables are bought for the day


def test_supplied_where_there_is_enough_says_nothing():
    supply = SupplyFactory(share="group", quantity=3)
    venue = VenueFactory(host=supply.version.course.host)
    actions.set_stock(venue=venue, counts=[(supply.name, 3)], by=manager_of(supply.version), at=clock.now())

    found = supplied(supply.version)

    assert (found.shortages, found.uncounted) == ([], [])


def test_set_stock_keeps_the_day_of_what_did_not_change_and_tells_once():
    venue, first, later = VenueFactory(), clock.now(), clock.now()
    manager = holder("host_manager", venue.host.unit)
    actions.set_stock(venue=venue, counts=[("烤箱", 2), ("围裙", 30)], by=manager, at=first)

    actions.set_stock(venue=venue, counts=[("烤箱", 2), ("围裙", 28)], by=manager, at=later)
    actions.set_stock(venue=venue, counts=[("围裙", 28), ("烤箱", 2)], by=manager, at=clock.now())

    stock = VenueStock.objects.order_by("name").values_list("name", "count", "counted_at")
    assert list(stock) == [("围裙", 28, later), ("烤箱", 2, first)]
    assert events() == ["venue_stock.counted"] * 2


def test_set_stock_that_names_a_thing_twice_or_by_another_host_is_refused():
    venue = VenueFactory()

    with pytest.raises(CourseRefused, match="有两行写的是同一样：烤箱"):
        actions.set_stock(
            venue=venue, counts=[("烤箱", 1), ("烤箱", 2)], by=holder("host_manager", venue.host.unit), at=clock.now()
        )
    with pytest.raises(PermissionDenied):
        actions.set_stock(
            venue=venue, counts=[("烤箱", 1)], by=holder("host_manager", HostFactory().unit), at=clock.now()
        )

    assert not VenueStock.objects.exists()


def test_wanted_at_names_what_the_hosts_courses_need():
    supply = SupplyFactory()
    SupplyFactory()

    assert wanted_at(VenueFactory(host=supply.version.course.host)) == [supply.name]


# ── papers ──


def test_add_material_keeps_one_paper_a_request():
    draft, request = DraftFactory(), uuid.uuid4()
    given = {"version": draft, "step": "project", "reader": "pupil", "request": request, "by": manager_of(draft)}

    made = actions.add_material(file=pdf(), **given)
    again = actions.add_material(file=pdf(), **given)

    assert (made, Material.objects.count(), made.file.name) == (again, 1, "任务单.pdf")
    assert events() == ["material.added"]


@pytest.mark.slow
def test_one_paper_sent_twice_at_the_same_moment_is_kept_once(own_database):
    draft, request, start = DraftFactory(), uuid.uuid4(), threading.Barrier(4)
    given = {"version": draft, "step": "project", "reader": "pupil", "request": request, "by": manager_of(draft)}
    made = []

    def send():
        start.wait()
        try:
            made.append(actions.add_material(file=pdf(), **given))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [Material.objects.get()] * 4


def test_add_material_that_is_no_paper_or_too_many_is_refused(monkeypatch):
    draft = DraftFactory()
    given = {"version": draft, "step": "project", "reader": "pupil", "by": manager_of(draft)}
    monkeypatch.setattr(actions, "MOST_MATERIALS", 1)

    with pytest.raises(FileRefused):
        actions.add_material(file=SimpleUploadedFile("a.exe", b"MZ"), request=uuid.uuid4(), **given)
    actions.add_material(file=pdf(), request=uuid.uuid4(), **given)
    with pytest.raises(CourseRefused, match="材料最多 1 份"):
        actions.add_material(file=pdf(), request=uuid.uuid4(), **given)

    assert File.objects.count() == 1


def test_remove_material_takes_its_bytes_unless_another_version_has_them():
    draft = DraftFactory()
    manager = manager_of(draft)
    given = {"version": draft, "step": "project", "reader": "pupil", "by": manager}
    made = actions.add_material(file=pdf(), request=uuid.uuid4(), **given)
    passed_review(draft)
    draft.published_at, draft.published_by = clock.now(), manager
    draft.save()
    second = draft_version(course=draft.course, by=manager)

    actions.remove_material(material=second.materials.get(), by=manager)
    with pytest.raises(CourseRefused, match="已经发布"):
        actions.remove_material(material=made, by=manager)

    assert File.objects.get() == made.file
    third = actions.add_material(**given | {"version": second}, file=pdf(), request=uuid.uuid4())
    actions.remove_material(material=third, by=manager)
    assert File.objects.count() == 1


def test_remove_material_by_another_host_is_denied():
    draft = DraftFactory()
    given = {"version": draft, "step": "project", "reader": "pupil", "by": manager_of(draft)}
    made = actions.add_material(file=pdf(), request=uuid.uuid4(), **given)

    with pytest.raises(PermissionDenied):
        actions.remove_material(material=made, by=holder("host_manager", HostFactory().unit))


# ── copying ──


def test_copy_course_names_its_origin_and_leaves_the_others_papers_behind():
    draft = DraftFactory(title="面点", hazards=["food"], instructor_notes={"project": "先备料"})
    SupplyFactory(version=draft, name="擀面杖")
    given = {"version": draft, "step": "project", "reader": "pupil", "by": manager_of(draft)}
    actions.add_material(file=pdf(), request=uuid.uuid4(), **given)
    passed_review(draft)
    draft.published_at, draft.published_by = clock.now(), manager_of(draft)
    draft.save()
    host = HostFactory()
    manager = holder("host_manager", host.unit)

    copy = copy_course(version=draft, host=host, by=manager)

    assert (copy.course.host, copy.course.copied_from, copy.published_at) == (host, draft, None)
    assert (copy.title, copy.hazards, copy.instructor_notes) == ("面点", ["food"], {})
    assert (copy.supplies.get().name, copy.materials.count()) == ("擀面杖", 0)
    assert copy.authors.get().user == manager


def test_copy_course_that_is_a_draft_or_to_anothers_host_is_refused():
    draft, host = DraftFactory(), HostFactory()

    with pytest.raises(CourseRefused, match="只能复制已经发布的项目"):
        copy_course(version=draft, host=host, by=holder("host_manager", host.unit))
    with pytest.raises(PermissionDenied):
        copy_course(version=CourseVersionFactory(), host=host, by=holder("host_manager", HostFactory().unit))
