"""Charts from the server: right sizes, a sentence for each, the numbers beside."""

import re

import pytest
from django.template import Context, Template

from baiye.core.shapes import BarRow, Column, IntervalRow, ShareRow
from baiye.core.templatetags.charts import shortened, ticks


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def numbers(pattern: str, text: str) -> list[float]:
    return [float(found) for found in re.findall(pattern, text)]


@pytest.mark.parametrize(
    ("highest", "expected"),
    [(0, [0]), (3, [0, 1, 2, 3]), (2048, [0, 1000, 2000]), (376, [0, 100, 200, 300]), (18, [0, 5, 10, 15])],
)
def test_ticks_are_round_and_do_not_exceed(highest, expected):
    assert ticks(highest) == expected


def test_shortened_keeps_the_whole_where_it_fits():
    assert (shortened("示例一中", 4), shortened("示例第一中学", 4)) == ("示例一中", "示例第…")
    assert (shortened("Drones", 4), shortened("Flying drones", 4)) == ("Drones", "Flyin…")
    assert shortened("", 4) == ""


def test_columns_chart_draws_heights_in_proportion_and_says_shares():
    rows = [Column("第 1", 75), Column("没录上", 25, "bad")]

    text = render("{% columns_chart rows title='录取' sentence='第 1 志愿 75 人' %}", rows=rows)

    assert numbers(r'class="(?:main|bad)"[^>]*height="([\d.]+)"', text) == [138.0, 46.0]
    assert 'role="img" aria-label="第 1 志愿 75 人"' in text
    assert "75%" in text
    assert '<th scope="row">没录上</th><td class="r num">25</td><td class="r num">25%</td>' in text


def test_columns_chart_of_nothing_is_empty_and_no_error():
    text = render("{% columns_chart rows title='录取' %}", rows=[Column("第 1", 0)])

    assert numbers(r'class="main"[^>]*height="([\d.]+)"', text) == [0.0]


def test_bars_chart_colours_by_value_against_limit():
    rows = [BarRow("飞", 160, 100), BarRow("面", 100, 100), BarRow("账", 49, 100), BarRow("无", 5)]

    text = render("{% bars_chart rows title='志愿与名额' %}", rows=rows)

    assert re.findall(r'<rect class="(hot|main|soft)"', text) == ["hot", "main", "soft", "main"]
    assert text.count('class="limit"') == 4  # three marks and the legend
    assert "160/100" in text


def test_bars_chart_without_limits_has_no_legend():
    assert "legend" not in render("{% bars_chart rows title='人数' %}", rows=[BarRow("飞", 3)])


def test_intervals_chart_draws_an_outlier_in_another_shape():
    rows = [IntervalRow("示例一中", 54, 50, 58), IntervalRow("示例二中", 41.3, 36, 46, out=True)]

    text = render("{% intervals_chart rows title='满足率' middle=54.0 band=6.0 %}", rows=rows)

    assert text.count("<circle") == 1
    assert text.count("rotate(45)") == 1
    assert "全区 54%" in text
    assert "41.3%" in text


def test_intervals_chart_puts_the_middle_where_its_dot_is():
    rows = [IntervalRow("示例一中", 54, 50, 58)]

    text = render("{% intervals_chart rows title='满足率' middle=54.0 band=6.0 %}", rows=rows)

    assert numbers(r'<line class="ref" x1="([\d.]+)"', text) == numbers(r'<circle class="main" cx="([\d.]+)"', text)


def test_shares_chart_parts_fill_the_whole():
    names = ["第 1", "第 2", "第 3", "第 4", "没录上"]

    text = render(
        "{% shares_chart rows names=names title='满足' last_is_bad=True %}",
        names=names,
        rows=[ShareRow("本轮", (58, 19, 9, 5, 9))],
    )

    widths = numbers(r'<rect class="\w+"[^>]*width="([\d.]+)" height="26"', text)
    assert round(sum(widths) + 5 * 1.5) == 378
    assert "58%" in text
    assert text.count('class="bad"') == 2  # the part and its legend


@pytest.mark.parametrize(("people", "boxes"), [(47, 47), (180, 3)])
def test_queue_chart_counts_people_as_long_as_they_can_be_counted(people, boxes):
    text = render("{% queue_chart seats=20 people=people place=29 %}", people=people)

    assert text.count("<rect") == boxes
    assert f'aria-label="名额 20 个，{people} 人排队，你排第 29 位"' in text


@pytest.mark.parametrize(("place", "height"), [(29, 54), (20, 70)])
def test_queue_chart_moves_words_that_would_meet(place, height):
    assert f'viewBox="0 0 320 {height}"' in render("{% queue_chart seats=20 people=47 place=place %}", place=place)


def test_hexagon_keeps_scores_inside():
    text = render("{% hexagon scores label='动手最高' %}", scores={"R": 2.0})

    assert 'points="70.0,22.0 70.0,70.0' in text
    assert re.findall(r">([RIASEC])<", text) == list("RIASEC")
