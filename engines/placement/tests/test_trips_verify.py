"""The checker of chosen trips believes what is right and nothing else."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from baiye_placement import Problem, Pupil, Session, Trip, plan_trips, verify_plan_folder, write_problem
from baiye_placement.cli import main
from baiye_placement.trips.plan_files import write_plan

pytestmark = pytest.mark.slow
GROUPS = ("7A", "7B")
PROBLEM = Problem(
    tuple(
        Session(f"{v}{s}{j}", f"{v}{j}", v, s, 2) for v in ("V1", "V2") for s in range(4) for j in ("baking", "drones")
    ),
    tuple(Pupil(f"{g}{i}", g, ("V1baking", "V2drones", "V1drones"), 2) for g in GROUPS for i in range(3)),
    dict.fromkeys(GROUPS, ()),
    (10, 6, 3),
    trips=tuple(
        Trip(g, slots, v, 5, 30, chosen=False) for g in GROUPS for slots in ((0, 1), (2, 3)) for v in ("V1", "V2")
    ),
    minute_cost=1,
)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("planned")
    write_problem(PROBLEM, folder / "offers")
    write_plan(plan_trips(PROBLEM), folder / "plan")
    return folder / "offers", folder / "plan"


@pytest.fixture
def plan(planned: tuple[Path, Path], tmp_path: Path) -> Path:
    shutil.copytree(planned[1], tmp_path / "plan")
    return tmp_path / "plan"


@pytest.fixture
def offers(planned: tuple[Path, Path]) -> Path:
    return planned[0]


def codes(offers: Path, plan: Path) -> set[str]:
    return {violation.code for violation in verify_plan_folder(offers, plan)}


def rewrite(plan: Path, **changes: Any) -> None:
    """Change fields of trips.json, and its digest with them."""
    body = json.loads((plan / "trips.json").read_text())
    del body["digest"]
    body.update(changes)
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (plan / "trips.json").write_text(json.dumps({**body, "digest": hashlib.sha256(text.encode()).hexdigest()}))


def swap(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_what_was_planned_is_believed(offers: Path, plan: Path):
    assert verify_plan_folder(offers, plan) == []


@pytest.mark.parametrize(
    ("field", "wrong", "code"),
    [
        ("offers_sha256", "0" * 64, "offers_sha256"),
        ("problem_sha256", "0" * 64, "problem_sha256"),
        ("seats_sha256", "0" * 64, "seats_sha256"),
        ("value", 10**6, "value"),
        ("bound", 1, "bound"),
        ("bound", 10**6, "bound"),
        ("dual", 10**9, "dual"),
        ("dual", 1, "dual"),
        ("scale", 255, "dual"),
        ("gap", "1/1000000", "gap"),
        ("prices", {"V10baking": 700_000}, "dual"),
        ("prices", {"V10baking": -1}, "prices"),
        ("prices", {"V10baking": 1.5}, "prices"),
        ("prices", {"nowhere": 1}, "prices"),
        ("short", ["7A0"], "short"),
    ],
)
def test_a_false_figure_is_refused(offers: Path, plan: Path, field: str, wrong: Any, code: str):
    body = json.loads((plan / "trips.json").read_text())
    assert body[field] != wrong

    rewrite(plan, **{field: wrong})

    assert code in codes(offers, plan)


@pytest.mark.parametrize("field", ["cut_short", "solver", "value", "gap", "digest"])
def test_a_field_changed_without_its_digest_is_refused(offers: Path, plan: Path, field: str):
    body = json.loads((plan / "trips.json").read_text())
    (plan / "trips.json").write_text(json.dumps({**body, field: "other"}))

    assert "digest" in codes(offers, plan) or "file" in codes(offers, plan)


@pytest.mark.parametrize("field", ["value", "prices", "digest", "dual", "short", "scale"])
def test_a_field_that_is_missing_is_refused(offers: Path, plan: Path, field: str):
    body = json.loads((plan / "trips.json").read_text())
    del body[field]
    (plan / "trips.json").write_text(json.dumps(body))

    assert "file" in codes(offers, plan)


def trips_of(plan: Path) -> list[str]:
    return (plan / "trips.csv").read_text().splitlines()


def choose(plan: Path, *rows: str) -> None:
    """Say yes to these rows of trips.csv (group, half-days, venue), and to no other."""
    header, *lines = trips_of(plan)
    lines = [line.rsplit(",", 1)[0] + (",yes" if line.rsplit(",", 3)[0] in rows else ",no") for line in lines]
    (plan / "trips.csv").write_text("\n".join([header, *lines]) + "\n")


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (["7A,0;1,V1"], "cover"),
        (["7A,0;1,V1", "7A,2;3,V2", "7B,2;3,V1"], "spare"),
        (["7A,0;1,V1", "7A,0;1,V2", "7B,2;3,V1"], "clash"),
        (["7A,0;1,V1", "7B,0;1,V1"], "room"),
    ],
)
def test_trips_that_break_a_rule_are_refused(offers: Path, plan: Path, rows: list[str], code: str):
    choose(plan, *rows)

    assert code in codes(offers, plan)


def test_trips_that_were_not_offered_are_refused(offers: Path, plan: Path):
    swap(plan / "trips.csv", ",5,30,yes", ",4,30,yes")

    assert "offers" in codes(offers, plan)


def test_a_trip_made_before_and_not_now_is_refused(offers: Path, plan: Path, tmp_path: Path):
    shutil.copytree(offers, tmp_path / "made")
    swap(tmp_path / "made" / "trips.csv", "7A,0;1,V1,5,30,no", "7A,0;1,V1,5,30,yes")
    (tmp_path / "made" / "groups.csv").write_text("group,slot\n7A,0\n7A,1\n")
    choose(plan, "7A,2;3,V2", "7B,0;1,V1")

    assert "offers" in codes(tmp_path / "made", plan)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("pupils.csv", "7A0,7A,2", "7A0,7A,1"),
        ("wishes.csv", "7A0,1,V1baking", "7A0,1,V2baking"),
        ("sessions.csv", "V10baking,V1baking,V1,0,2", "V10baking,V1baking,V1,0,9"),
        ("policy.toml", "minute_cost = 1", "minute_cost = 2"),
    ],
)
def test_rows_that_no_plan_decides_must_not_change(offers: Path, plan: Path, name: str, old: str, new: str):
    swap(plan / name, old, new)

    assert "rows" in codes(offers, plan)


def test_half_days_that_are_not_those_of_the_trips_are_refused(offers: Path, plan: Path):
    with (plan / "groups.csv").open("a") as file:
        file.write("7A,9\n")

    assert "half_days" in codes(offers, plan)


def test_a_draft_that_was_changed_is_refused(offers: Path, plan: Path):
    lines = (plan / "draft" / "seats.csv").read_text().splitlines()
    (plan / "draft" / "seats.csv").write_text("\n".join(lines[:-1]) + "\n")

    assert {"value", "short", "seats"} <= codes(offers, plan)


def test_plan_command_writes_a_folder_that_its_check_believes(offers: Path, tmp_path: Path, capfd):
    code = main(["plan", str(offers), "-o", str(tmp_path / "new"), "--json"])

    printed = json.loads(capfd.readouterr().out)
    assert code == 0
    assert printed["trips"] == 2
    assert printed["gap"] == (printed["bound"] - printed["value"]) / printed["bound"]
    assert main(["plan", str(offers), "-o", str(tmp_path / "new"), "--verify"]) == 0
    assert main(["verify", str(tmp_path / "new"), str(tmp_path / "new" / "draft")]) == 0


def test_plan_command_refuses_a_plan_that_was_changed(offers: Path, plan: Path, capfd):
    rewrite(plan, value=10**6)

    code = main(["plan", str(offers), "-o", str(plan), "--verify"])

    assert code == 1
    assert "value: the draft is worth" in capfd.readouterr().out


def test_plan_command_names_the_class_that_cannot_travel(offers: Path, tmp_path: Path, capfd):
    shutil.copytree(offers, tmp_path / "few")
    text = (tmp_path / "few" / "trips.csv").read_text().replace("7B,0;1,V1,5,30", "7B,0;1,V1,5,2")
    lines = [line for line in text.splitlines() if not line.startswith("7B") or ",5,2," in line]
    (tmp_path / "few" / "trips.csv").write_text("\n".join(lines) + "\n")

    code = main(["plan", str(tmp_path / "few"), "-o", str(tmp_path / "new")])

    assert code == 2
    assert "group '7B' lacks 2 half-days, and its offers give 0" in capfd.readouterr().err


def test_solve_of_a_folder_with_open_trips_chooses_them_and_the_placement_verifies(offers: Path, tmp_path: Path, capfd):
    main(["solve", str(offers), "-o", str(tmp_path / "out"), "--seconds", "20"])

    assert "verify the placement against that folder" in capfd.readouterr().err
    assert main(["verify", str(tmp_path / "out" / "plan"), str(tmp_path / "out")]) == 0
