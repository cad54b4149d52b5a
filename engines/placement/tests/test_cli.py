"""The command line: exit codes, one JSON object on stdout, SIGTERM."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from baiye_placement import Problem, Pupil, Session, verify_folder, write_problem
from baiye_placement.cli import main

ENGINE = Path(__file__).parents[1]


@pytest.fixture
def school(tmp_path: Path) -> Path:
    assert main(["generate", "--pupils", "120", "--seed", "9173", "-o", str(tmp_path / "in")]) == 0
    return tmp_path / "in"


def test_solve_prints_one_json_object_and_exits_0(school: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    out = tmp_path / "out"

    code = main(["solve", str(school), "--seed", "7", "--seconds", "60", "--gap", "0.01", "--json", "-o", str(out)])

    printed = json.loads(capfd.readouterr().out)
    assert code == 0
    assert printed["status"] == "proved"
    assert {"objective", "bound", "gap", "seconds", "levels", "rank_counts", "unfilled", "empty_pupils"} <= set(printed)
    assert printed["gap"] == (printed["bound"] - printed["objective"]) / printed["bound"] <= 0.01
    assert sum(printed["rank_counts"].values()) == 480
    assert printed["seed"] == "7"
    assert main(["verify", str(school), str(out)]) == 0


def test_place_whose_gap_is_larger_exits_3(school: Path, tmp_path: Path):
    assert main(["place", str(school), str(tmp_path / "out"), "--gap", "-1"]) == 3


def test_place_of_too_few_seats_exits_4_and_names_a_pupil(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    pupils = (Pupil("anna", "7A", (), 1), Pupil("bo", "7A", ("baking",), 1))
    write_problem(Problem((Session("A", "baking", "V", 1, 1),), pupils, {"7A": (1,)}), tmp_path / "in")

    code = main(["place", str(tmp_path / "in"), str(tmp_path / "out")])

    assert code == 4
    assert "pupil 'anna' cannot be filled: seats" in capfd.readouterr().err


def test_a_problem_that_contradicts_itself_exits_2_and_names_the_row(
    school: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    with (school / "wishes.csv").open("a") as file:
        file.write("P000003,11,golf\n")

    code = main(["place", str(school), str(tmp_path / "out")])

    assert code == 2
    assert "pupil 'P000003': wish for unknown project 'golf'" in capfd.readouterr().err


def test_a_folder_that_is_not_there_exits_2(tmp_path: Path):
    assert main(["place", str(tmp_path / "nowhere"), str(tmp_path / "out")]) == 2


def test_verify_of_a_tampered_seat_exits_1_and_says_what(
    school: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    main(["place", str(school), str(tmp_path / "out")])
    seats = tmp_path / "out" / "seats.csv"
    lines = seats.read_text().splitlines()
    seats.write_text("\n".join(lines[:-1]) + "\n")
    capfd.readouterr()

    code = main(["verify", str(school), str(tmp_path / "out")])

    assert code == 1
    assert "seats: the seats are not those that the certificate was made for" in capfd.readouterr().out


def test_explain_prints_every_wish_of_a_pupil(school: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    main(["place", str(school), str(tmp_path / "out")])
    capfd.readouterr()

    code = main(["explain", str(school), str(tmp_path / "out"), "--pupil", "P000005"])

    rows = json.loads(capfd.readouterr().out)
    assert code == 0
    assert [row["wish"] for row in rows] == list(range(1, len(rows) + 1))
    assert main(["explain", str(school), str(tmp_path / "out"), "--pupil", "nobody"]) == 2


@pytest.mark.slow
def test_sigterm_gives_the_best_so_far(tmp_path: Path):
    main(["generate", "--pupils", "6000", "--seed", "1", "-o", str(tmp_path / "in")])
    command = [sys.executable, "-m", "baiye_placement.cli", "place", str(tmp_path / "in"), str(tmp_path / "out"),
               "--gap", "0", "--seconds", "600", "--json"]  # fmt: skip
    with subprocess.Popen(command, cwd=ENGINE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stderr is not None
        seen = b""
        while b"prices" not in seen:
            seen += run.stderr.read(1)
        time.sleep(0.5)
        run.send_signal(signal.SIGTERM)
        printed, _ = run.communicate(timeout=120)

    assert run.returncode in {3, 4}  # 4 where it ends before everyone has a full set
    assert json.loads(printed)["cut_short"] is True
    assert verify_folder(tmp_path / "in", tmp_path / "out") == []


def test_import_of_the_package_loads_no_library():
    code = "import sys, baiye_placement.cli; print({'numpy', 'numba', 'highspy', 'ortools'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], cwd=ENGINE, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
