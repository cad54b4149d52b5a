"""An inspection on its pages: planned, findings and photos with and without a script, signed, called off."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from baiye.core import clock
from baiye.core.models import Event, File
from baiye.registry.actions.findings import add_photo, empty_photo
from baiye.registry.models import Inspection, Photo, Score
from baiye.registry.tests.accrediting import AT, Case, as_, got, sent
from baiye.registry.tests.applying import upload

pytestmark = pytest.mark.django_db
PLANNED = "registry:inspection-plan"


@pytest.fixture
def case():
    return Case()


def test_inspection_is_planned_on_the_desk(case):
    day = clock.today() + timedelta(days=3)
    data = {"request": uuid.uuid4(), "planned_on": day.isoformat(), "inspector": case.inspector.pk}

    sent(case.second, PLANNED, case.application.pk, **data)
    again = sent(case.second, PLANNED, case.application.pk, **data)

    assert again.status_code == 302
    assert Inspection.objects.get().planned_on == day
    late = {**data, "request": uuid.uuid4(), "planned_on": "2020-01-01"}
    assert sent(case.second, PLANNED, case.application.pk, **late).status_code == 422


def found(case, inspection, *, points="3", verdict="met"):
    pk = case.indicators[0].pk
    return {f"verdict-{pk}": verdict, f"points-{pk}": points, f"note-{pk}": "看过", f"base-{pk}": "0"}


def test_findings_without_a_script_are_kept_and_mistakes_stay_in_the_page(case):
    inspection = case.planned()

    bad = sent(case.inspector, "registry:inspection-findings", inspection.pk, **found(case, inspection, points="9"))
    good = sent(case.inspector, "registry:inspection-findings", inspection.pk, **found(case, inspection))

    assert (bad.status_code, good.status_code) == (422, 302)
    assert "看过" in bad.content.decode()
    assert Score.objects.get().points == 3


def test_findings_as_json_answer_for_each(case):
    inspection, client = case.planned(), as_(case.inspector)
    item = {"indicator": case.indicators[0].pk, "edit": str(uuid.uuid4()), "verdict": "met", "points": 2, "base": 0}
    url = reverse("registry:inspection-findings", args=[inspection.pk])

    first = client.post(url, {"findings": [item]}, content_type="application/json").json()
    again = client.post(url, {"findings": [item]}, content_type="application/json").json()
    broken = client.post(url, {"findings": [{"indicator": "x"}]}, content_type="application/json")

    assert [one["status"] for one in first["outcomes"] + again["outcomes"]] == ["new", "same"]
    assert broken.status_code == 400


def test_findings_of_a_signed_inspection_are_refused_with_a_sentence(case):
    inspection = case.signed()

    response = as_(case.inspector).post(
        reverse("registry:inspection-findings", args=[inspection.pk]), {"findings": []}, content_type="application/json"
    )

    assert (response.status_code, response.json()["sentence"]) == (409, "已经签过字，不能再改。要改，先收回签字。")


def test_photo_is_kept_without_its_marks_and_shown_to_who_sees_the_inspection(case):
    inspection, pk = case.planned(), uuid.uuid4()
    data = {"id": pk, "indicator": case.indicators[0].pk, "no_faces": "1"}

    sent(case.inspector, "registry:inspection-photos", inspection.pk, photo=upload(), **data)
    sent(case.inspector, "registry:inspection-photos", inspection.pk, photo=upload(), **data)

    assert (Photo.objects.get().pk, File.objects.count()) == (pk, 1)
    assert got(case.manager, "registry:inspection-photo", pk)["Content-Type"] == "image/png"
    assert got(Case().second, "registry:inspection-photo", pk).status_code == 404


def test_findings_and_photos_come_from_the_inspector_alone(case):
    inspection = case.planned()

    for person in (case.second, case.manager):
        for name in ("inspection-findings", "inspection-photos"):
            assert sent(person, f"registry:{name}", inspection.pk).status_code == 404


def test_photo_without_the_tick_is_refused_with_a_sentence(case):
    inspection = case.planned()
    url = reverse("registry:inspection-photos", args=[inspection.pk])

    response = as_(case.inspector).post(
        url, {"id": uuid.uuid4(), "photo": upload()}, headers={"Accept": "application/json"}
    )

    assert response.status_code == 422
    assert "没有人脸" in response.json()["sentence"]


def test_inspection_is_signed_taken_back_signed_by_two_on_its_page(case):
    inspection = case.planned()
    case.judge(inspection)

    for name, person in [
        ("inspection-signature", case.inspector),
        ("inspection-signature-removal", case.inspector),
        ("inspection-signature", case.inspector),
        ("inspection-signature", case.manager),
    ]:
        sent(person, f"registry:{name}", inspection.pk)

    inspection.refresh_from_db()
    assert inspection.second_by == case.manager


def test_inspection_is_cancelled_on_its_page_by_the_office_only(case):
    inspection = case.planned()

    assert sent(case.manager, "registry:inspection-cancellation", inspection.pk).status_code == 403
    sent(case.second, "registry:inspection-cancellation", inspection.pk)

    assert Inspection.objects.get().cancelled_by == case.second


def test_the_worker_is_a_script_above_the_pages_it_keeps(client):
    response = client.get(reverse("registry:inspection-worker"))

    assert response["Content-Type"].startswith("text/javascript")
    assert reverse("registry:inspection", args=[1]).startswith(reverse("registry:inspection-list"))


def with_a_photo(case):
    """An inspection signed by two, with a photo."""
    inspection = case.planned()
    photo = add_photo(
        inspection=inspection,
        photo_id=uuid.uuid4(),
        upload=upload(),
        no_faces=True,
        indicator=case.indicators[0],
        by=case.inspector,
        at=AT,
    )
    return case.signed(inspection=inspection), photo


def test_a_photo_with_a_face_is_emptied_by_the_office_once_and_for_good(case):
    inspection, photo = with_a_photo(case)
    address = "registry:inspection-photo-emptying"

    asked = got(case.second, address, photo.pk)
    done = sent(case.second, address, photo.pk)
    again = sent(case.second, address, photo.pk)

    assert (asked.status_code, done.status_code, again.status_code) == (200, 302, 404)
    assert (bytes(File.objects.get().sealed), Photo.objects.count()) == (b"", 1)
    assert got(case.second, "registry:inspection-photo", photo.pk).status_code == 404
    assert "现场照片 1：已清除" in got(case.second, "registry:inspection-checklist", inspection.pk).content.decode()
    assert Event.objects.filter(kind="inspection.photo_emptied", object_id=str(inspection.pk)).count() == 1


def test_a_photo_is_not_emptied_by_the_host_or_another_office(case):
    _inspection, photo = with_a_photo(case)

    for person in (case.manager, Case().second):
        assert sent(person, "registry:inspection-photo-emptying", photo.pk).status_code == 404
    with pytest.raises(PermissionDenied):
        empty_photo(photo=photo, by=case.manager, at=AT)

    assert got(case.manager, "registry:inspection-photo", photo.pk).status_code == 200
