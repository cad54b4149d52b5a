"""A school's own tables become a problem: headings, encodings, days, ties, and rows that make no sense."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

import pytest
from baiye_placement import Problem, ProblemError, read_problem
from baiye_placement.cli import main
from baiye_placement.generate import generate
from baiye_placement.half_day_names import AFTERNOON, MORNING, half_days, numbered
from baiye_placement.sheets import wish_number
from baiye_placement.start import Start, start
from hypothesis import given, settings
from hypothesis import strategies as st

SESSIONS = """项目,地点,日期,时段,名额,最少人数
面点,曹杨职校,周三,上午,2,1
无人机,曹杨职校,周三,下午,2,
咖啡,贸易学校,周四,上午,2,
面点,贸易学校,周四,下午,2,
"""
WISHES = """学号,姓名,班级,第一志愿,第二志愿,第三志愿
0017,某甲,七(1)班,面点,咖啡,无人机
0018,某乙,七(1)班,无人机,面点,
0019,某丙,七(2)班,咖啡,,面点
"""


def made(
    folder: Path, wishes: str = WISHES, sessions: str = SESSIONS, *, encoding: str = "utf-8", **more: int
) -> Start:
    (folder / "wishes.csv").write_bytes(wishes.encode(encoding))
    (folder / "sessions.csv").write_bytes(sessions.encode(encoding))
    return start(folder / "wishes.csv", folder / "sessions.csv", **more)


def errors(folder: Path, wishes: str = WISHES, sessions: str = SESSIONS) -> tuple[str, ...]:
    with pytest.raises(ProblemError) as error:
        made(folder, wishes, sessions)
    return error.value.messages


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_tables_become_a_problem_in_any_usual_encoding(tmp_path: Path, encoding: str):
    problem = made(tmp_path, encoding=encoding, need=2).problem

    assert [pupil.id for pupil in problem.pupils] == ["0017", "0018", "0019"]
    assert problem.pupils[0].wishes == ("面点", "咖啡", "无人机")
    assert problem.pupils[2].wishes == ("咖啡", "面点")  # an empty cell is no wish
    assert problem.pupils[2].ranks == ()
    assert problem.group_slots == {"七(1)班": (1, 2, 3, 4), "七(2)班": (1, 2, 3, 4)}
    assert [(s.id, s.slot, s.capacity, s.minimum) for s in problem.sessions][:2] == [
        ("面点 周三 am", 1, 2, 1),
        ("无人机 周三 pm", 2, 2, 0),
    ]


def test_english_tables_with_semicolons_become_a_problem(tmp_path: Path):
    sessions = "Course;Date;Seats;Grades\nBaking;2026-03-12 pm;12;7\nDrones;2026-03-02 9:00-11:30;10;7、8\n"
    wishes = "Student ID;Class;Grade;1st choice;2nd choice\na-1;7A;7;drones; BAKING \n"

    problem = made(tmp_path, wishes, sessions).problem

    assert [(s.project, s.slot, s.stages) for s in problem.sessions] == [
        ("Baking", 4, frozenset({"7"})),
        ("Drones", 1, frozenset({"7", "8"})),
    ]
    assert (problem.pupils[0].wishes, problem.pupils[0].stage) == (("Drones", "Baking"), "7")
    assert problem.pupils[0].need == 2  # both half-days there are


def test_equal_wishes_in_one_cell_tie_and_ranked_ones_in_one_cell_do_not(tmp_path: Path):
    tied = made(tmp_path, "pupil,class,wish 1,wish 2\np,c,面点；咖啡,无人机\n").problem.pupils[0]
    ranked = made(tmp_path, "pupil,class,志愿排序\np,c,面点→咖啡→无人机\n").problem.pupils[0]

    assert (tied.wishes, tied.wish_ranks) == (("面点", "咖啡", "无人机"), (1, 1, 2))
    assert (ranked.wishes, ranked.wish_ranks) == (("面点", "咖啡", "无人机"), (1, 2, 3))


def test_needs_from_one_to_eight_are_read_from_their_column(tmp_path: Path):
    days = [f"{day}月1日" for day in range(1, 5)]
    sessions = "项目,时间,名额\n" + "".join(
        f"J{i}{half},{day}{half},9\n" for i, day in enumerate(days) for half in ("上午", "下午")
    )
    wishes = "pupil,class,need,wish 1\n" + "".join(f"p{n},c,{n},J0上午\n" for n in range(1, 9))

    problem = made(tmp_path, wishes, sessions).problem

    assert [pupil.need for pupil in problem.pupils] == list(range(1, 9))


def test_days_of_a_class_are_those_its_rows_name_and_a_day_means_both_halves(tmp_path: Path):
    problem = made(tmp_path, "pupil,class,days,wish 1\np,a,周三,面点\nq,b,周四下午;周三上午,面点\n").problem

    assert problem.group_slots == {"a": (1, 2), "b": (1, 4)}
    assert [pupil.need for pupil in problem.pupils] == [2, 2]


def test_whole_day_session_takes_both_half_days(tmp_path: Path):
    problem = made(tmp_path, "pupil,class,wish 1\np,a,焊接\n", "项目,日期,名额\n焊接,周五全天,8\n").problem

    assert (problem.sessions[0].slots, problem.sessions[0].id) == ((1, 2), "焊接 周五")


def test_ids_that_a_spreadsheet_makes_odd_are_kept_as_text(tmp_path: Path):
    odd = ["007", '"o""k"', "张三 ", "a,b", "😀"]
    rows = "".join(f'"{name.strip(chr(34))}",c,面点\n' for name in odd)

    problem = made(tmp_path, f"pupil,class,wish 1\n{rows}").problem

    assert [pupil.id for pupil in problem.pupils] == ["007", 'o"k', "张三", "a,b", "😀"]


def test_pupils_who_go_together_are_tied(tmp_path: Path):
    problem = made(tmp_path, "pupil,class,同行,wish 1\np,c,q,面点\nq,c,,面点\n").problem

    assert [pupil.tied_to for pupil in problem.pupils] == ["q", None]


def test_sessions_of_one_name_and_time_get_ids_of_their_own(tmp_path: Path):
    sessions = "项目,地点,日期,名额\n面点,甲,周三上午,2\n面点,乙,周三上午,2\n面点,乙,周三上午,2\n"

    problem = made(tmp_path, "pupil,class,wish 1\np,c,面点\n", sessions).problem

    assert [s.id for s in problem.sessions] == ["面点 周三 am 甲", "面点 周三 am 乙 1", "面点 周三 am 乙 2"]


def test_wish_named_twice_counts_once_and_is_remarked(tmp_path: Path):
    result = made(tmp_path, "pupil,class,wish 1,wish 2,wish 3\np,c,面点,面点,咖啡\n")

    assert result.problem.pupils[0].wishes == ("面点", "咖啡")
    assert result.remarks == ["1 wishes were named twice by one pupil, and count once"]


def test_unknown_wish_is_named_by_line_with_the_nearest_project(tmp_path: Path):
    assert errors(tmp_path, "pupil,class,wish 1\np,c,无人驾驶机\n") == (
        "wishes.csv, line 2: no session of '无人驾驶机'; '无人机' is meant?",
    )


def test_pupil_who_sent_the_form_twice_is_named_with_both_lines(tmp_path: Path):
    assert errors(tmp_path, "pupil,class,wish 1\np,c,面点\nq,c,面点\np,c,咖啡\n") == (
        "pupil 'p' occurs more than once: wishes.csv, line 2; wishes.csv, line 4; keep the row that counts",
    )


def test_every_row_that_makes_no_sense_is_named_at_once(tmp_path: Path):
    sessions = "项目,日期,名额\n面点,周三上午,许多\n,周三上午,3\n咖啡,,3\n茶艺,周三下午,3.0\n"
    wishes = "pupil,class,need,days,wish 1\np,c,9,周日,茶艺\n,c,1,,茶艺\nr,,1,,茶艺\n"

    assert errors(tmp_path, wishes, sessions) == (
        "sessions.csv, line 2: capacity '许多' is not a whole number",
        "sessions.csv, line 3: no project",
        "sessions.csv, line 4: no day",
        "wishes.csv, line 2: no session is on '周日'",
        "wishes.csv, line 2: 9 half-days needed, the class is out for 1",
        "wishes.csv, line 3: no pupil",
        "wishes.csv, line 4: no class",
    )


def test_missing_column_is_named_with_the_headings_that_would_do(tmp_path: Path):
    (message,) = errors(tmp_path, "who,class\np,c\n")

    assert message.startswith("wishes.csv: no column 'pupil' or ")
    assert message.endswith("it has: who, class")


def test_class_out_for_more_half_days_than_can_be_is_told_to_say_its_days(tmp_path: Path):
    sessions = "项目,日期,名额\n" + "".join(f"J,{day}日,9\n" for day in range(1, 8))

    (message,) = errors(tmp_path, "pupil,class,wish 1\np,c,J\n", sessions)

    assert message.startswith("class 'c' has 14 half-days, 12 is the most: say in a column 'days'")


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("Wish 1", 1),
        ("2nd choice", 2),
        ("第三志愿", 3),
        ("志愿十", 10),
        ("志愿12", 12),
        ("choice_4", 4),
        ("班级", 0),
        ("10", 0),
    ],
)
def test_wish_number_is_read_from_the_heading(heading: str, number: int):
    assert wish_number(heading) == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("周三上午", [("周三", MORNING)]),
        ("Wednesday afternoon", [("Wednesday", AFTERNOON)]),
        ("3/12 PM", [("3/12", AFTERNOON)]),
        ("2026-03-12 13:30", [("2026-03-12", AFTERNOON)]),
        ("3月12日", [("3月12日", MORNING), ("3月12日", AFTERNOON)]),
        ("", []),
    ],
)
def test_half_days_are_read_as_people_write_them(text: str, found: list[tuple[str, int]]):
    assert half_days(text) == found


def test_half_days_are_numbered_by_the_calendar_whatever_their_order():
    days = ["周五", "10月2日", "9月30日", "周一"]

    found = numbered((day, MORNING) for day in days)

    assert sorted(found, key=lambda x: found[x])[::2] == [
        (day, MORNING) for day in ("9月30日", "10月2日", "周一", "周五")
    ]


def test_start_writes_a_folder_that_place_reads_and_says_which_half_day_is_which(tmp_path: Path, capsys):
    made(tmp_path)
    folder = tmp_path / "round"

    code = main(
        ["start", str(tmp_path / "wishes.csv"), str(tmp_path / "sessions.csv"), "-o", str(folder), "--need", "2"]
    )

    problem: Problem = read_problem(folder)
    assert code == 0
    assert "3 pupils in 2 classes need 6 half-days" in capsys.readouterr().out
    assert [pupil.need for pupil in problem.pupils] == [2, 2, 2]
    assert (folder / "half_days.csv").read_text(encoding="utf-8").splitlines()[:2] == ["slot,day,half", "1,周三,am"]


@pytest.mark.slow
@given(
    st.integers(0, 10_000), st.sampled_from(["utf-8", "gb18030"]), st.sampled_from([",", ";", "\t"]), st.randoms()
)  # fmt: skip
@settings(max_examples=20)
def test_a_round_written_as_a_school_would_comes_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, seed: int, encoding: str, separator: str, random: Random
):
    folder, problem = tmp_path_factory.mktemp("school"), generate(pupils=30, seed=seed)
    rows = [(s.id, s.project, s.venue, day(s.slot), s.capacity, "、".join(sorted(s.stages))) for s in problem.sessions]
    sessions = [("场次", "项目", "地点", "时间", "名额", "年级"), *random.sample(rows, len(rows))]
    wishes = [("学号", "班级", "年级", "出行日", "需要半天", *(f"志愿{k}" for k in range(1, 11)))] + [
        (p.id, p.group, p.stage, ";".join(map(day, problem.group_slots[p.group])), p.need, *padded(p.wishes))
        for p in problem.pupils
    ]
    for name, rows in (("wishes.csv", wishes), ("sessions.csv", sessions)):
        with (folder / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)

    again = start(folder / "wishes.csv", folder / "sessions.csv").problem

    assert [(p.id, p.group, p.stage, p.need, p.wishes) for p in again.pupils] == [
        (p.id, p.group, p.stage, p.need, p.wishes) for p in problem.pupils
    ]
    times = {slot: i for i, slot in enumerate(sorted({s.slot for s in problem.sessions}))}
    same = {slot: i for i, slot in enumerate(sorted({s.slot for s in again.sessions}))}
    assert {(s.id, s.project, s.venue, same[s.slot], s.capacity, s.stages) for s in again.sessions} == {
        (s.id, s.project, s.venue, times[s.slot], s.capacity, s.stages) for s in problem.sessions
    }


def day(slot: int) -> str:
    return f"2027-03-{slot // 2 + 1:02d} {'下午' if slot % 2 else '上午'}"


def padded(wishes: tuple[str, ...]) -> list[str]:
    return [*wishes, *[""] * (10 - len(wishes))]
