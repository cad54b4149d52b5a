"""Talks: the best match by five aims, proved; and a judge that is not the solver."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from baiye_placement.cli import main
from baiye_placement.problem import ProblemError
from baiye_placement.talks import (
    Campaign,
    Offer,
    Request,
    School,
    campaign_sha256,
    match_talks,
    read_campaign,
    verify_talks,
    write_campaign,
    write_result,
)
from baiye_placement.talks.prove import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.placement.tests.tiny_talks import SLOTS, best_by_trying, tiny_campaign

ALL = frozenset({"junior"})


def offer(id_: str, *topics: str, slots: tuple[str, ...] = SLOTS, most: int = 3, classes: int = 9) -> Offer:
    return Offer(id_, frozenset(topics), slots, ALL, most, classes)


def asks(id_: str, school: str, *wishes: str, slots: tuple[str, ...] = SLOTS, takes_any: bool = False) -> Request:
    return Request(id_, school, "junior", 1, slots, wishes, takes_any)


def files_of(campaign: Campaign, folder: Path) -> tuple[Path, Path]:
    """The campaign's folder and its match's."""
    write_campaign(campaign, folder / "in")
    write_result(match_talks(campaign), campaign, folder / "out")
    return folder / "in", folder / "out"


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    """Three speakers, six requests, and what was made of them."""
    offers = (offer("o0", "rail", most=2), offer("o1", "care", "rail", slots=SLOTS[:2]), offer("o2", "baking"))
    wishes = (("rail", "care"), ("o1",), ("baking", "rail"), ("care", "o0"), ("care",), ("o2", "care"))
    requests = tuple(asks(f"r{n}", f"s{n % 4}", *each, slots=SLOTS[n % 2 :]) for n, each in enumerate(wishes))
    schools = tuple(School(f"s{n}", 40 * n, 100) for n in range(4))
    minutes = {(o.id, s.id): 7 * m + 11 * n for m, o in enumerate(offers) for n, s in enumerate(schools)}
    return files_of(Campaign(offers, requests, schools, minutes, points=(10, 7, 5), seed="9173"), tmp_path)


# ── the best match ──


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_match_is_the_best_there_is_by_every_aim_and_proved(tmp_path_factory: pytest.TempPathFactory, random: Random):
    campaign = tiny_campaign(random)

    result = match_talks(campaign)

    best = best_by_trying(campaign)
    assert {proof.aim: proof.value for proof in result.proofs} == best
    assert {proof.aim: proof.bound for proof in result.proofs} == best
    folder = tmp_path_factory.mktemp("talks")
    write_campaign(campaign, folder)
    write_result(result, campaign, folder / "out")
    assert read_campaign(folder) == campaign
    assert verify_talks(folder, folder / "out") == []


def test_a_school_with_few_encounters_comes_first_and_a_first_talk_before_a_second():
    campaign = Campaign(
        (offer("o", "rail", slots=SLOTS[:2]),),
        (asks("a", "rich", "rail"), asks("b", "poor", "rail"), asks("c", "poor", "rail")),
        (School("rich", encounters=90, pupils=100), School("poor", encounters=10, pupils=100)),
    )

    result = match_talks(campaign)

    assert [school.need() for school in campaign.schools] == [120, 100]
    assert {talk.request for talk in result.talks if talk.offer} in ({"a", "b"}, {"a", "c"})
    assert result.proofs[0].value == 120 + 100  # the second talk of "poor" would count 60


def test_need_falls_by_half_encounters_a_pupil_and_is_shared_by_order():
    school = School("s", encounters=149, pupils=100, given=1)

    assert (school.need(), school.weight(1), school.weight(2)) == (80, 40, 26)
    assert School("s", encounters=5, pupils=0).need() == 120
    assert School("s", encounters=10**6, pupils=1).need() == 20


def test_wishes_then_the_way_then_even_load_decide():
    two = (School("x"), School("y"))
    near = {("far", "x"): 40, ("near", "x"): 5, ("far", "y"): 40, ("near", "y"): 40}
    offers = (offer("far", "rail"), offer("near", "rail", "care"))

    by_wish = match_talks(Campaign(offers, (asks("a", "x", "far", "care"),), two, near))
    by_way = match_talks(Campaign(offers, (asks("a", "x", "rail"),), two, near))
    by_load = match_talks(Campaign(offers, (asks("a", "y", "rail"), asks("b", "y", "rail")), two, near))

    assert (by_wish.talks[0].offer, by_wish.talks[0].rank) == ("far", 1)
    assert by_way.talks[0].offer == "near"
    assert {talk.offer for talk in by_load.talks} == {"far", "near"}


def test_who_gets_no_talk_is_told_why():
    campaign = Campaign(
        (offer("o", "rail", slots=SLOTS[:1], most=1),),
        (
            asks("a", "s", "baking"),
            asks("b", "s", "rail", slots=SLOTS[1:]),
            asks("c", "s", "rail", slots=SLOTS[:1]),
            asks("d", "t", "rail"),
        ),
        (School("s", 500, 100), School("t")),
    )

    talks = match_talks(campaign).talks

    assert [talk.why for talk in talks] == ["no_speaker", "no_half_day", "others_first", ""]


def test_equal_matches_are_decided_by_the_public_seed_alone():
    schools = tuple(School(f"s{n}") for n in range(6))
    requests = tuple(asks(f"r{n}", f"s{n}", "rail", slots=SLOTS[:1]) for n in range(6))
    campaign = Campaign((offer("o", "rail", slots=SLOTS[:1]),), requests, schools)
    shuffled = replace(campaign, requests=requests[::-1], schools=schools[::-1])

    def winner(one: Campaign) -> str:
        return next(talk.request for talk in match_talks(one).talks if talk.offer)

    winners = {winner(campaign.with_seed(str(n))) for n in range(12)}

    assert len(winners) > 2
    assert [winner(campaign.with_seed(str(n))) for n in range(4)] == [
        winner(shuffled.with_seed(str(n))) for n in range(4)
    ]


@pytest.mark.slow
def test_cases_are_told_apart_where_the_linear_programme_leaves_room(tmp_path: Path):
    words = set()
    for seed in range(40):
        random = Random(seed)
        slots, offers = SLOTS, tuple(f"o{n}" for n in range(4))
        campaign = Campaign(
            tuple(Offer(o, frozenset(), tuple(random.sample(slots, 2)), ALL, random.randint(1, 2), 9) for o in offers),
            tuple(
                asks(f"r{n}", f"s{n % 3}", *random.sample(offers, 3), slots=tuple(random.sample(slots, 2)))
                for n in range(8)
            ),
            tuple(School(f"s{n}") for n in range(3)),
            {(o, f"s{n}"): random.randint(0, 40) for o in offers for n in range(3)},
            seed=str(seed),
        )
        problem, out = files_of(campaign, tmp_path / str(seed))
        assert verify_talks(problem, out) == []
        certificate = json.loads((out / "certificate.json").read_text())
        assert certificate["exact"]
        words |= {word for word in ("if", "empty") if f'"{word}":' in json.dumps(certificate)}

    assert words == {"if", "empty"}


def test_a_bound_that_was_not_reached_is_said_and_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("baiye_placement.talks.prove.Prover._undecided", lambda *_: None)
    monkeypatch.setattr("baiye_placement.talks.match._better", lambda _m, _h, _aim, chosen, _d: chosen)
    campaign = Campaign((offer("o", "rail"),), (asks("a", "s", "rail"),), (School("s"),))

    problem, out = files_of(campaign, tmp_path)

    certificate = json.loads((out / "certificate.json").read_text())
    assert not certificate["exact"]
    assert (certificate["aims"][0]["value"], certificate["aims"][0]["bound"]) == (0, 120)
    assert verify_talks(problem, out) == []
    assert CASES > 1


# ── the judge ──


def tampered(place: tuple[Path, Path], name: str, change: Callable[[str], str]) -> list[str]:
    """What the judge says once a file of the match is changed."""
    path = place[1] / name
    before = path.read_text()
    path.write_text(change(before))
    assert path.read_text() != before
    return verify_talks(*place)


def in_certificate(change: Callable[[dict[str, object]], object]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        certificate = json.loads(text)
        change(certificate)
        return json.dumps(certificate)

    return changed


def test_the_judge_believes_what_was_made(place: tuple[Path, Path]):
    assert verify_talks(*place) == []


def test_the_judge_refuses_a_talk_that_is_not_possible(place: tuple[Path, Path]):
    wrong = tampered(place, "talks.csv", lambda text: text.replace("0503", "0509"))

    assert any("is not possible" in line for line in wrong)


def test_the_judge_refuses_a_request_left_out_and_a_speaker_twice_at_once(tmp_path: Path):
    campaign = Campaign(
        (offer("o", "rail", slots=SLOTS[:2]),),
        (asks("a", "s", "rail"), asks("b", "t", "rail")),
        (School("s"), School("t")),
    )
    place = files_of(campaign, tmp_path)
    lines = (place[1] / "talks.csv").read_text()

    twice = tampered(place, "talks.csv", lambda text: text.replace("0503pm", "0503am"))
    (place[1] / "talks.csv").write_text(lines)
    left_out = tampered(place, "talks.csv", lambda text: "\n".join(text.splitlines()[:-1]))

    assert twice == ["speaker o 0503am: 2 talks are too many"]
    assert left_out == ["talks.csv: not one line for each request"]


def test_the_judge_refuses_a_wrong_reason(tmp_path: Path):
    campaign = Campaign((offer("o", "rail"),), (asks("a", "s", "baking"),), (School("s"),))
    place = files_of(campaign, tmp_path)

    wrong = tampered(place, "talks.csv", lambda text: text.replace("no_speaker", "others_first"))

    assert wrong == ["request 'a': without a talk it needs the right reason, and no half-day"]


def test_the_judge_refuses_cases_that_lie_too_deep(place: tuple[Path, Path]):
    deep = '{"if":["r0","o0"],"no":{"rows":[]},"yes":' * 5000 + '{"rows":[]}' + "}" * 5000

    wrong = tampered(place, "certificate.json", lambda text: text.replace('"proof":{', f'"proof":{deep},"old":{{', 1))

    assert wrong
    assert "deep" in wrong[0] or "cannot be read" in wrong[0]


@pytest.mark.parametrize("aim", range(5))
def test_the_judge_refuses_a_value_or_a_bound_that_is_not_proved(place: tuple[Path, Path], aim: int):
    text = (place[1] / "certificate.json").read_text()
    name = json.loads(text)["aims"][aim]["aim"]
    better = 1 if name in ("minutes", "load") else -1

    value = tampered(place, "certificate.json", in_certificate(lambda c: c["aims"][aim].update(value=10**7)))
    (place[1] / "certificate.json").write_text(text)

    def tighter(certificate: dict[str, object]) -> None:
        aims = certificate["aims"]
        aims[aim]["bound"] += better
        certificate["exact"] = False

    bound = tampered(place, "certificate.json", in_certificate(tighter))

    assert any(line.startswith(f"{name}: the value is") for line in value)
    assert any(line.startswith(f"{name}: the proof gives") for line in bound)


@pytest.mark.parametrize("proof", [{"rows": []}, {"empty": []}, {"rows": [["request", "r0", -5]]}, {"if": ["r0"]}, {}])
def test_the_judge_refuses_a_proof_that_proves_nothing(place: tuple[Path, Path], proof: dict[str, object]):
    wrong = tampered(place, "certificate.json", in_certificate(lambda c: c["aims"][1].update(proof=proof)))

    assert wrong
    assert all(line.startswith("points: the proof") for line in wrong)


def test_the_judge_refuses_half_of_the_cases(place: tuple[Path, Path]):
    def half(certificate: dict[str, object]) -> None:
        whole = certificate["aims"][0]["proof"]
        certificate["aims"][0]["proof"] = {"if": ["r0", "o0"], "no": whole}

    assert tampered(place, "certificate.json", in_certificate(half)) == [
        "need: the proof cannot be read: KeyError 'yes'"
    ]


def test_the_judge_refuses_another_campaign(place: tuple[Path, Path]):
    rules = place[0] / "rules.toml"
    rules.write_text(rules.read_text().replace("[10, 7, 5]", "[10, 7, 6]"))

    assert "certificate.json: input_sha256 is not that of the campaign" in verify_talks(*place)


# ── files and the command ──


def test_the_hash_is_of_the_rows_whatever_their_order_and_without_the_seed():
    campaign = tiny_campaign(Random(11))

    assert campaign_sha256(replace(campaign, requests=campaign.requests[::-1], seed="other")) == campaign_sha256(
        campaign
    )
    assert campaign_sha256(replace(campaign, unknown_minutes=26)) != campaign_sha256(campaign)


def test_rows_that_contradict_each_other_are_named():
    with pytest.raises(ProblemError) as caught:
        Campaign(
            (offer("o", "p"), offer("p"), offer("o")),
            (asks("a", "nowhere", "rail", "rail"), replace(asks("b", "s", *"ABCDEFG"), classes=0)),
            (School("s", -1),),
        )

    assert caught.value.messages == (
        "offers: 'o' stands there twice",
        "request 'a': school 'nowhere' is not in schools",
        "request 'a': a wish stands there twice",
        "request 'b': classes is 0; at least 1",
        "request 'b': 7 wishes, but points for 6",
        "offer 'o': topic 'p' is the id of an offer; a wish would mean both",
        "school 's': a number is negative",
    )


def test_rows_that_cannot_be_read_are_named_with_their_lines(place: tuple[Path, Path]):
    (place[0] / "schools.csv").write_text("id,encounters\ns,1\n,x\n")
    (place[0] / "rules.toml").write_text("points = [1.5]")

    with pytest.raises(ProblemError) as caught:
        read_campaign(place[0])

    assert caught.value.messages == (
        "schools.csv, line 2: column 'pupils' is missing",
        "schools.csv, line 3: id is empty",
        "rules.toml: TypeError: points and unknown_minutes must be whole numbers",
    )


def test_the_command_places_and_verifies(place: tuple[Path, Path], capsys: pytest.CaptureFixture[str]):
    problem, out = str(place[0]), str(place[1] / "again")

    assert main(["talks", "place", problem, out, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert main(["talks", "verify", problem, out]) == 0
    (Path(out) / "talks.csv").write_text("request,offer,slot,rank,minutes,why\n")
    assert main(["talks", "verify", problem, out]) == 1

    assert printed["exact"]
    assert set(printed["aims"]) == {"need", "points", "minutes", "load", "lots"}
    assert (Path(out) / "certificate.json").read_bytes() == (place[1] / "certificate.json").read_bytes()
