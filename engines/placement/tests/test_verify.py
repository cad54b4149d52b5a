"""Every tampered field of every file is refused."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from baiye_placement import (
    Apart,
    Cap,
    Lock,
    Placement,
    Policy,
    Problem,
    Pupil,
    Session,
    Trip,
    place,
    read_placement,
    read_problem,
    verify,
    verify_folder,
    write_placement,
    write_problem,
)
from baiye_placement.placement import seats_sha256
from baiye_placement.problem import POLICIES


@pytest.fixture(scope="module")
def problem() -> Problem:
    """Two classes, every kind of row, fewer seats than wishes."""
    sessions = [Session(f"S{t}{j}", f"J{j}", f"V{j % 2}", t, 2, 1 if j == 3 else 0) for t in (1, 2) for j in range(5)]
    wishes = [("J0", "J1", "J2"), ("J0", "J1", "J3"), ("J0", "J3", "J4"), ("J1", "J0", "J2"), ("J1", "J2", "J4")]
    pupils = [Pupil(f"P{i}", "7A" if i < 3 else "7B", wishes[i % 5], 2) for i in range(7)]
    pupils[5] = replace(pupils[5], tied_to="P4", wishes=pupils[4].wishes)
    pupils[1] = replace(pupils[1], multiplier=2, memory=3, stage="junior")
    return Problem(
        tuple(sessions), tuple(pupils), {"7A": (1, 2), "7B": (1, 2)}, (10, 7, 5), Policy("points"), b"drawn",
        trips=(Trip("7B", (2,), "V0"),), locks=(Lock("P2", "S13"),), apart=(Apart("P0", "P1"),),
        caps=(Cap("P0", ("J4",), 0), Cap(None, ("J3", "J4"), 1)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def placement(problem: Problem) -> Placement:
    return place(problem, gap_target=0.0)


@pytest.fixture
def folders(tmp_path: Path, problem: Problem, placement: Placement) -> tuple[Path, Path]:
    write_problem(problem, tmp_path / "in")
    write_placement(placement, tmp_path / "out")
    return tmp_path / "in", tmp_path / "out"


def codes(problem: Problem, placement: Placement) -> set[str]:
    return {violation.code for violation in verify(problem, placement)}


def with_seats(problem: Problem, placement: Placement, pupil: str, *sessions: str) -> Placement:
    """The placement with other seats of one pupil, its ranks and hash put right, as a careful forger would."""
    wishes = dict(zip(problem.pupil_by_id[pupil].wishes, problem.pupil_by_id[pupil].wish_ranks, strict=True))
    seats = {**placement.seats, pupil: sessions}
    ranks = {**placement.ranks, pupil: tuple(wishes.get(problem.session_by_id[s].project, 0) for s in sessions)}
    certificate = replace(placement.certificate, seats_sha256=seats_sha256(seats, ranks))
    return replace(placement, seats=seats, ranks=ranks, certificate=certificate)


def test_verify_believes_what_place_made(problem: Problem, placement: Placement, folders: tuple[Path, Path]):
    assert verify(problem, placement) == []
    assert verify_folder(*folders) == []
    assert read_problem(folders[0]) == problem
    assert read_placement(folders[1]) == placement


@pytest.mark.parametrize(
    ("pupil", "sessions", "code"),
    [
        ("P2", ("S10", "S24"), "lock"),
        ("P3", ("S11", "S21"), "repeat"),
        ("P3", ("S10", "S11"), "clash"),
        ("P3", ("S10", "S23"), "trip"),
        ("P0", ("S14", "S20"), "barred"),
        ("P2", ("S13", "S24"), "cap"),
        ("P3", ("S10", "S22", "S14"), "need"),
        ("P4", ("S12", "S20"), "tied"),
    ],
)
def test_verify_names_the_rule_that_a_forged_seat_breaks(
    problem: Problem, placement: Placement, pupil: str, sessions: tuple[str, ...], code: str
):
    assert code in codes(problem, with_seats(problem, placement, pupil, *sessions))


def test_verify_refuses_a_seat_too_many_and_two_who_must_be_apart(problem: Problem, placement: Placement):
    forged = with_seats(problem, placement, "P0", "S10", "S21")
    forged = with_seats(problem, forged, "P1", "S10", "S22")
    forged = with_seats(problem, forged, "P3", "S10", "S22")

    assert {"capacity", "apart"} <= codes(problem, forged)


def test_verify_refuses_a_group_under_its_minimum(problem: Problem, placement: Placement):
    stricter = replace(problem, sessions=tuple(replace(s, minimum=2) for s in problem.sessions))

    assert "minimum" in codes(stricter, placement)


def test_verify_refuses_a_stage_that_may_not_come(problem: Problem, placement: Placement):
    held = placement.seats["P0"][0]
    sessions = tuple(replace(s, stages=frozenset({"senior"})) if s.id == held else s for s in problem.sessions)
    pupils = tuple(replace(p, stage="junior") if p.id == "P0" else p for p in problem.pupils)

    assert "stage" in codes(replace(problem, sessions=sessions, pupils=pupils), placement)


def test_verify_refuses_unknown_pupils_and_sessions(problem: Problem, placement: Placement):
    forged = replace(placement, seats={**placement.seats, "nobody": ("S10",), "P0": ("S99",)})

    assert codes(problem, forged) == {"unknown", "rank"}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))] or [path]
    if isinstance(value, list):
        return [leaf for i, inner in enumerate(value) for leaf in leaves(inner, (*path, i))] or [path]
    return [path]


def changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return [1]
    return {"nobody": 1} if isinstance(value, dict) else f"{value}x"


@pytest.fixture(params=POLICIES)
def each_policy(request: pytest.FixtureRequest, tmp_path: Path, problem: Problem) -> tuple[Path, Path]:
    """The problem under each policy, with fewer half-days and weights in all levels: not everything is proved."""
    wishes = ("J0", "J1", "J2")
    more = tuple(Pupil(f"Q{i}", "7A", wishes[i % 2 :], 2) for i in range(4))
    problem = replace(problem, policy=Policy(request.param), pupils=(*problem.pupils, *more))
    write_problem(problem, tmp_path / "in")
    write_placement(place(problem, gap_target=0.0), tmp_path / "out")
    return tmp_path / "in", tmp_path / "out"


def test_verify_refuses_every_changed_field_of_the_certificate(each_policy: tuple[Path, Path]):
    path = each_policy[1] / "certificate.json"
    body = json.loads(path.read_text())

    believed = []
    for leaf in leaves(body):
        path.write_text(json.dumps(forged(body, leaf)))
        if not verify_folder(*each_policy):
            believed.append(leaf)

    assert len(leaves(body)) > 30
    assert believed == []


def test_verify_refuses_every_changed_field_even_with_a_new_digest(each_policy: tuple[Path, Path]):
    path = each_policy[1] / "certificate.json"
    body = json.loads(path.read_text())
    body.pop("digest")
    told = {"solver", "versions", "cut_short", "seed_given"}  # what nobody can check from the files

    believed = []
    for leaf in leaves(body):
        if leaf[0] in told or says_less(body, leaf):
            continue
        changes = forged(body, leaf)
        text = json.dumps(changes, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        path.write_text(json.dumps({**changes, "digest": hashlib.sha256(text.encode()).hexdigest()}))
        if not verify_folder(*each_policy):
            believed.append(leaf)

    assert believed == []


def says_less(body: dict[str, Any], leaf: tuple[Any, ...]) -> bool:
    """Whether the change makes a weaker statement, which is true as well: of more placements, or a higher bound."""
    level = body["levels"][leaf[1]] if leaf[0] == "levels" else {}
    return bool((leaf[-1] == "full" and level["full"]) or (leaf[-1] == "bound" and level["name"] == "floor"))


def forged(body: dict[str, Any], leaf: tuple[Any, ...]) -> dict[str, Any]:
    found = json.loads(json.dumps(body))
    inner = found
    for key in leaf[:-1]:
        inner = inner[key]
    below = "prices" in leaf  # another price may prove as much; one below 0 nothing
    inner[leaf[-1]] = -1 if below and inner[leaf[-1]] else changed(inner[leaf[-1]])
    return dict(found)


def test_verify_refuses_a_forged_bound_even_with_a_new_digest(folders: tuple[Path, Path]):
    path = folders[1] / "certificate.json"
    body = json.loads(path.read_text())
    body.pop("digest")
    body["levels"][1]["dual"] -= 256
    body["levels"][1]["bound"] -= 1
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_text(json.dumps({**body, "digest": hashlib.sha256(text.encode()).hexdigest()}))

    assert {violation.code for violation in verify_folder(*folders)} == {"bound", "dual", "gap"}


@pytest.mark.parametrize("name", ["sessions.csv", "groups.csv", "pupils.csv", "wishes.csv", "trips.csv", "locks.csv",
                                  "apart.csv", "caps.csv"])  # fmt: skip
def test_verify_refuses_every_changed_cell_of_the_problem(folders: tuple[Path, Path], name: str):
    path = folders[0] / name
    rows = list(csv.reader(path.read_text().splitlines()))

    believed = []
    for i in range(1, len(rows)):
        for j in range(len(rows[0])):
            forged = [list(row) for row in rows]
            forged[i][j] = str(int(forged[i][j]) + 1) if forged[i][j].isdigit() else f"{forged[i][j]}x"
            with path.open("w", newline="") as file:
                csv.writer(file).writerows(forged)
            if not verify_folder(*folders):
                believed.append((i, j))

    assert believed == []


@pytest.mark.parametrize(("found", "forged"), [("points", "policyx"), ("10, 7, 5", "10, 7, 4"), ("drawn", "redrawn")])
def test_verify_refuses_a_changed_policy(folders: tuple[Path, Path], found: str, forged: str):
    path = folders[0] / "policy.toml"
    path.write_text(re.sub(found, forged, path.read_text(), count=1))

    assert verify_folder(*folders) != []


def test_verify_refuses_every_changed_cell_of_the_seats(folders: tuple[Path, Path]):
    path = folders[1] / "seats.csv"
    lines = path.read_text().splitlines()

    believed = []
    for i in range(1, len(lines)):
        for forged in (lines[i] + "1", "x" + lines[i], "", lines[i] + "\n" + lines[i]):
            path.write_text("\n".join([*lines[:i], forged, *lines[i + 1 :]]) + "\n")
            if not verify_folder(*folders):
                believed.append((i, forged))

    assert believed == []


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("{"), lambda path: path.write_text("[]")])
def test_verify_of_a_folder_that_is_not_whole_says_so(folders: tuple[Path, Path], spoil: Callable[[Path], object]):
    spoil(folders[1] / "certificate.json")

    assert [violation.code for violation in verify_folder(*folders)] == ["file"]


def test_verify_needs_neither_the_solver_nor_any_library():
    import ast

    folder = Path(sys.modules["baiye_placement.verify"].__file__ or "").parent
    names, imported = ("bounds", "claims", "closed", "groups", "levels", "rows", "turns"), set()
    for name in ("verify.py", *(f"verify_{name}.py" for name in names)):
        tree = ast.parse((folder / name).read_text())
        guards = [n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.dump(n.test)]
        guarded = {id(inner) for guard in guards for inner in ast.walk(guard)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and id(node) not in guarded:
                imported.add(node.module)
            elif isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)

    ours = {name for name in imported if name and name.startswith("baiye")}
    assert ours == {f"baiye_placement.verify_{name}" for name in names}
    assert {name.split(".")[0] for name in imported - ours if name} <= set(sys.stdlib_module_names)
