"""What a problem refuses, and that each refusal names the row."""

from __future__ import annotations

import pytest
from baiye_placement import Apart, Cap, Lock, Policy, Problem, ProblemError, Pupil, Session, Trip

BAKING = Session("S1", "baking", "V1", 1, 2)
DRONES = Session("S2", "drones", "V2", 2, 2)
ANNA = Pupil("anna", "7A", ("baking",), need=2)
BO = Pupil("bo", "7A", ("drones", "baking"), need=2)


def problem(**changes: object) -> Problem:
    rows = {"sessions": (BAKING, DRONES), "pupils": (ANNA, BO), "group_slots": {"7A": (1, 2)}, "points": (10, 5)}
    return Problem(**{**rows, **changes})  # type: ignore[arg-type]


def test_problem_that_is_sound_is_accepted():
    assert problem().session_by_id["S1"] == BAKING


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sessions": (BAKING, BAKING)}, "session 'S1' occurs more than once"),
        ({"pupils": (ANNA, ANNA)}, "pupil 'anna' occurs more than once"),
        ({"pupils": (Pupil(" x", "7A", ()),)},
         "pupil id ' x' is empty or has spaces at its ends or characters that cannot be printed"),
        ({"points": (5, 10)}, "points (5, 10) must not rise from one wish to the next"),
        ({"points": (0,)}, "points (0,) must be whole numbers of at least 1"),
        ({"seed": b"\xff"}, "the seed is not UTF-8 text"),
        ({"sessions": (Session("S1", "baking", "V1", 1, -1),)}, "session 'S1': capacity -1 is negative"),
        ({"sessions": (Session("S1", "baking", "V1", 1, 2, 3),)},
         "session 'S1': minimum 3 is not between 0 and its capacity"),
        ({"sessions": (Session("S1", "baking", "V1", 1, 2, more_slots=(1,)),)}, "session 'S1' names a half-day twice"),
        ({"group_slots": {"7A": (1, 1)}}, "group '7A' names a half-day twice"),
        ({"group_slots": {"7A": tuple(range(13))}}, "group '7A' has 13 half-days; 12 is the most"),
        ({"pupils": (Pupil("cy", "7B", ()),)}, "pupil 'cy': group '7B' is unknown"),
        ({"group_slots": {"7A": ()}, "pupils": (ANNA,)}, "pupil 'anna': group '7A' has no half-day"),
        ({"pupils": (Pupil("cy", "7A", (), need=13),)}, "pupil 'cy': need 13 is not between 0 and 12"),
        ({"pupils": (Pupil("cy", "7A", (), multiplier=0),)}, "pupil 'cy': multiplier 0 is below 1"),
        ({"pupils": (Pupil("cy", "7A", ("golf",)),)}, "pupil 'cy': wish for unknown project 'golf'"),
        ({"pupils": (Pupil("cy", "7A", ("baking", "baking")),)}, "pupil 'cy': project 'baking' is wished twice"),
        ({"pupils": (Pupil("cy", "7A", ("baking",), ranks=(1, 2)),)}, "pupil 'cy': 2 ranks for 1 wishes"),
        ({"pupils": (Pupil("cy", "7A", ("baking", "drones"), ranks=(2, 1)),)},
         "pupil 'cy': ranks (2, 1) must rise from 1"),
        ({"pupils": (Pupil("cy", "7A", ("baking",), ranks=(3,)),)},
         "pupil 'cy': wish of rank 3, but points are published for 2"),
        ({"pupils": (Pupil("cy", "7A", (), tied_to="di"),)}, "pupil 'cy': tied to unknown pupil 'di'"),
        ({"trips": (Trip("7B", (1,), "V1"),)}, "trip of group '7B' to 'V1': the group is unknown"),
        ({"trips": (Trip("7A", (3,), "V1"),)}, "trip of group '7A' to 'V1': half-day 3 is none of the group's"),
        ({"trips": (Trip("7A", (1,), "V9"),)}, "trip of group '7A' to 'V9': no session is held at this venue"),
        ({"trips": (Trip("7A", (1,), "V1"), Trip("7A", (1,), "V2"))},
         "trip of group '7A' to 'V2': in half-day 1 it also travels to 'V1'"),
        ({"locks": (Lock("anna", "S9"),)}, "lock of pupil 'anna' in session 'S9': one of them is unknown"),
        ({"apart": (Apart("anna", "anna"),)}, "apart 'anna', 'anna': not two known pupils"),
        ({"caps": (Cap(None, ("golf",), 1),)}, "cap of 1 for everyone: project 'golf' is unknown"),
        ({"caps": (Cap("di", ("baking",), 1),)}, "cap of 1 for 'di': the pupil is unknown"),
        ({"caps": (Cap("bo", (), 1),)}, "cap of 1 for 'bo': the limit is negative or no project is named"),
    ],
)  # fmt: skip
def test_problem_with_one_wrong_row_names_it(changes: dict[str, object], message: str):
    with pytest.raises(ProblemError) as error:
        problem(**changes)

    assert error.value.messages == (message,)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"locks": (Lock("anna", "S1"), Lock("anna", "S1"))},
         ["locks of pupil 'anna': two of the sessions are at one time",
          "locks of pupil 'anna': project 'baking' is locked twice"]),
        ({"caps": (Cap("anna", ("baking",), 0),), "locks": (Lock("anna", "S1"),)},
         ["locks of pupil 'anna': session 'S1' is not open to the pupil",
          "locks of pupil 'anna': more than 0 out of baking"]),
        ({"sessions": (Session("S1", "baking", "V1", 1, 1),), "pupils": (ANNA, Pupil("bo", "7A", ())),
          "locks": (Lock("anna", "S1"), Lock("bo", "S1"))}, ["locks of session 'S1': 2 pupils for 1 seats"]),
        ({"pupils": (ANNA, Pupil("bo", "7A", (), 1, 1, "anna"))}, ["tied pupils 'anna', 'bo': needs 2 and 1 differ"]),
        ({"pupils": (ANNA, Pupil("bo", "7A", (), 2, 1, "anna")), "apart": (Apart("bo", "anna"),)},
         ["tied pupils 'anna', 'bo': two of them must also be kept apart"]),
        ({"pupils": (ANNA, Pupil("bo", "7A", (), 2, 1, "anna")), "locks": (Lock("bo", "S1"),)},
         ["tied pupils 'anna', 'bo': they are locked in different sessions"]),
        ({"pupils": (ANNA, Pupil("bo", "7A", (), 2, 1, "anna"), Pupil("cy", "7A", (), 2, 1, "bo"))},
         ["tied pupils 'anna', 'bo', 'cy': 3 pupils, but the largest session has 2 seats"]),
    ],
)  # fmt: skip
def test_problem_whose_rows_contradict_each_other_names_them(changes: dict[str, object], message: list[str]):
    with pytest.raises(ProblemError) as error:
        problem(**changes)

    assert list(error.value.messages) == message


def test_policy_that_is_unknown_is_refused():
    with pytest.raises(
        ProblemError, match="policy 'best' is unknown; known: floor, rank_maximal, points, dictatorship"
    ):
        Policy("best")


def test_may_sit_asks_stage_half_days_trip_and_bars():
    staged = Session("S3", "robots", "V1", 1, 2, stages=frozenset({"senior"}))
    whole_day = Session("S4", "robots", "V1", 2, 2, more_slots=(3,))
    found = problem(
        sessions=(BAKING, DRONES, staged, whole_day),
        pupils=(ANNA, Pupil("bo", "7A", (), stage="junior")),
        trips=(Trip("7A", (2,), "V1"),),
        caps=(Cap("bo", ("baking",), 0),),
    )
    anna, bo = found.pupils

    assert [found.may_sit(anna, s) for s in found.sessions] == [True, False, True, False]
    assert [found.may_sit(bo, s) for s in found.sessions] == [False, False, False, False]
