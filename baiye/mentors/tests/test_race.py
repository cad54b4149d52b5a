"""What is sent several times at once is entered once; each test commits for real, in a database of its own."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from baiye.core import clock
from baiye.mentors.actions import mentors, trainings
from baiye.mentors.models import Certificate, Check, Mentor, Training
from baiye.mentors.tests.factories import UncheckedFactory
from baiye.mentors.tests.people import Town

pytestmark = pytest.mark.slow
TIMES = 4


def added(town, **sent):
    return mentors.add_mentor(unit=town.host, name="周师傅", kinds=["guide"], **sent)


def checked(town, **sent):
    fields = {"result": "clear", "checked_on": clock.today(), "method": "police"}
    return mentors.enter_check(mentor=Mentor.objects.get(), **fields, **sent)


def trained(town, **sent):
    return trainings.make_training(unit=town.league, title="岗前培训", minutes_needed=240, **sent)


def certified(town, **sent):
    fields = {"number": "示例 1 号", "minutes": 480, "issued_by": "示例少工委", "issued_on": clock.today()}
    upload = SimpleUploadedFile("证书.pdf", b"%PDF-1.7 paper")
    return trainings.enter_certificate(mentor=Mentor.objects.get(), upload=upload, at=clock.now(), **fields, **sent)


@pytest.mark.parametrize(
    ("enter", "model"), [(added, Mentor), (checked, Check), (trained, Training), (certified, Certificate)]
)
def test_a_request_sent_four_times_at_once_makes_one_row(own_database, enter, model):
    town, request, barrier = Town(), uuid.uuid4(), Barrier(TIMES)
    by = town.coordinator()
    if model in (Check, Certificate):
        UncheckedFactory(unit=town.host)

    def send(_n):
        try:
            barrier.wait()
            return enter(town, by=by, request=request).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        made = list(pool.map(send, range(TIMES)))

    assert made == [model.objects.get().pk] * TIMES
