"""The desk's run pages and the family's result page, each as one person sees it."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from baiye.core import clock
from baiye.core.models import Event
from baiye.rounds.actions.publications import approve, propose
from baiye.rounds.actions.runs import ask_run, run_placement
from baiye.rounds.models import Appeal, Run
from baiye.rounds.tests.factories import district

pytestmark = pytest.mark.django_db


def ran(world):
    run = ask_run(round=world.round, by=world.coordinator, at=clock.now(), seed="42")
    run_placement(run=run, at=clock.now())
    run.refresh_from_db()
    return run


def published(world):
    run = ran(world)
    approve(publication=propose(run=run, by=world.coordinator, at=clock.now()), by=world.officer, at=clock.now())
    return run


def test_a_run_is_asked_for_and_shows_its_progress(client):
    world = district(phase="place")
    client.force_login(world.coordinator)

    response = client.post(reverse("rounds:run-create", args=[world.round.pk]), {"seed": ""}, follow=True)

    assert response.status_code == 200
    assert "排在队里" in response.content.decode()
    assert Run.objects.count() == 1


def test_the_progress_looks_again_and_asks_for_the_whole_page_once_the_run_has_ended(client):
    world = district(phase="place")
    run = ask_run(round=world.round, by=world.coordinator, at=clock.now(), seed="42")
    client.force_login(world.coordinator)
    address, looking = reverse("rounds:run", args=[world.round.pk, run.pk]), {"HX-Request": "true"}

    waiting = client.get(address, headers=looking)
    run_placement(run=run, at=clock.now())
    ended = client.get(address, headers=looking)

    assert "HX-Refresh" not in waiting
    assert waiting.content.decode().lstrip().startswith("<section")
    assert (ended["HX-Refresh"], ended.content) == ("true", b"")


def test_a_seed_with_odd_characters_is_refused_with_a_sentence(client):
    world = district(phase="place")
    client.force_login(world.coordinator)

    client.post(reverse("rounds:run-create", args=[world.round.pk]), {"seed": "<b>"})

    assert not Run.objects.exists()


@pytest.mark.parametrize("pupils", [1, 3])
def test_run_page_costs_as_many_queries_for_three_pupils_as_for_one(client, django_assert_num_queries, pupils):
    world = district(phase="place", pupils=pupils)
    run = ran(world)
    client.force_login(world.coordinator)

    with django_assert_num_queries(QUERIES_RUN):
        response = client.get(reverse("rounds:run", args=[world.round.pk, run.pk]))

    assert len(response.context["page"].object_list) == pupils


QUERIES_RUN = 9  # session, user, grants, inbox count, run, schools, count, pupils, their seats


def test_the_page_shows_the_rule_what_is_proved_and_what_was_frozen(client):
    world = district(phase="place")
    run = ran(world)
    client.force_login(world.coordinator)

    response = client.get(reverse("rounds:run", args=[world.round.pk, run.pk]))

    assert [(level["name"], level["value"], level["bound"]) for level in response.context["levels"]] == [
        ("排上的半天", "8", "8"),
        ("总分", "0", "0"),
    ]
    page = response.content.decode()
    said = [
        "先把每个半天排满，再让公布的分数之和最大。",
        "独立核对通过",
        "算完才停，可以重算",
        run.input_sha256,
        run.seed,
    ]
    assert [words for words in said if words not in page] == []


def test_a_run_from_before_levels_were_kept_still_shows(client):
    world = district(phase="place")
    run = ran(world)
    Run.objects.filter(pk=run.pk).update(figures={k: v for k, v in run.figures.items() if k != "levels"})
    client.force_login(world.coordinator)

    response = client.get(reverse("rounds:run", args=[world.round.pk, run.pk]))

    assert response.context["levels"] == []


def test_an_officer_sees_names_masked(client):
    world = district(phase="place")
    run = ran(world)
    client.force_login(world.officer)

    page = client.get(reverse("rounds:run", args=[world.round.pk, run.pk])).content.decode()

    assert not any(f">{pupil.name}<" in page for pupil in world.pupils)


def test_a_draft_is_out_of_a_schools_sight(client):
    world = district(phase="place")
    run = ran(world)
    client.force_login(world.teacher)

    response = client.get(reverse("rounds:run", args=[world.round.pk, run.pk]))

    assert response.status_code == 404


def test_the_list_filters_and_bad_filters_break_nothing(client):
    world = district(phase="place")
    run = ran(world)
    client.force_login(world.coordinator)
    address = reverse("rounds:run", args=[world.round.pk, run.pk])

    found = client.get(address, {"q": world.pupil.name, "school": "x", "standing": "none", "sort": "-wished"})

    assert [pupil.pk for pupil in found.context["page"].object_list] == [world.pupil.pk]


def test_the_export_holds_what_the_list_shows_and_is_noted(client):
    world = district(phase="place")
    run = ran(world)
    client.force_login(world.coordinator)

    response = client.get(reverse("rounds:run-export", args=[world.round.pk, run.pk]), {"q": world.pupil.name})

    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows[1:]] == [world.pupil.name]
    assert Event.objects.get(kind="placement.exported").facts == {"rows": 1}


def test_propose_and_approve_by_two_people_in_the_browser(client):
    world = district(phase="place")
    run = ran(world)
    client.force_login(world.coordinator)
    client.post(reverse("rounds:proposal", args=[world.round.pk, run.pk]))
    alone = client.post(reverse("rounds:approval", args=[world.round.pk, run.pk]), follow=True)
    assert "请另一位有权限的同事来复核" in alone.content.decode()

    client.force_login(world.officer)
    done = client.post(reverse("rounds:approval", args=[world.round.pk, run.pk]), follow=True)

    assert "已公布" in done.content.decode()


def test_a_family_sees_nothing_before_publication(client):
    world = district(phase="place")
    run = ran(world)
    propose(run=run, by=world.coordinator, at=clock.now())
    client.force_login(world.guardian)

    page = client.get(reverse("rounds:result", args=[world.round.pk, world.pupil.pk])).content.decode()

    assert "结果还没出来" in page
    assert not any(visit.version.title in page for visit in world.visits)


def test_a_family_sees_four_tickets_and_the_look_is_noted(client):
    world = district(phase="place")
    published(world)
    client.force_login(world.guardian)

    page = client.get(reverse("rounds:result", args=[world.round.pk, world.pupil.pk])).content.decode()

    assert page.count("志愿外") == 4
    assert Event.objects.get(kind="pupil.viewed").object_id == str(world.pupil.pk)


def test_another_childs_result_is_not_found(client):
    world = district(phase="place")
    published(world)
    client.force_login(world.guardian)

    assert client.get(reverse("rounds:result", args=[world.round.pk, world.pupils[1].pk])).status_code == 404


def test_a_short_appeal_keeps_the_text_and_says_what_to_do(client):
    world = district(phase="place")
    published(world)
    client.force_login(world.guardian)

    response = client.post(reverse("rounds:appeal", args=[world.round.pk, world.pupil.pk]), {"text": "不对"})

    assert response.status_code == 422
    assert "至少 5 个字" in response.content.decode()
    assert not Appeal.objects.exists()


def test_an_appeal_is_answered_from_the_desk(client):
    world = district(phase="place")
    published(world)
    client.force_login(world.guardian)
    client.post(reverse("rounds:appeal", args=[world.round.pk, world.pupil.pk]), {"text": "那天要去医院复查"})
    client.force_login(world.coordinator)

    client.post(reverse("rounds:appeal-list"), {"appeal": Appeal.objects.get().pk, "text": "已改到下午"})

    assert Appeal.objects.get().answer == "已改到下午"


def test_anyone_may_check_a_published_round_but_not_a_draft(client):
    world = district(phase="place")
    run = ran(world)
    address = reverse("rounds:verification", args=[world.round.pk])
    assert client.get(address).status_code == 404

    propose(run=run, by=world.coordinator, at=clock.now())
    approve(publication=run.publication, by=world.officer, at=clock.now())

    assert run.input_sha256 in client.get(address).content.decode()
    file = client.get(reverse("rounds:verification-file", args=[world.round.pk, "input.zip"]))
    assert file.content == bytes(run.input_zip)
    assert client.get(reverse("rounds:verification-file", args=[world.round.pk, "x.zip"])).status_code == 404
