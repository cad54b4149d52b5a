"""Personal data in what a pupil writes: found however it is written, and nothing else is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baiye.portfolio.screen import found

HAN = str.maketrans("0123456789", "零一二三四五六七八九")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
figures = st.sampled_from([str, lambda n: n.translate(HAN), lambda n: n.translate(WIDE)])
phones = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("我的电话是 13800138000，来找我", ["phone"]),
        ("座机 021-62345678", ["phone"]),
        ("证件 11010519491231002X 请收好", ["id"]),
        ("学籍号 G310107201405061234", ["id"]),
        ("我家在曹杨路 100 弄 3 号", ["address"]),
        ("住 12 号楼 301 室", ["address"]),
        ("加我微信 abc_12345", ["account"]),
        ("QQ 号是 123456789", ["account"]),
        ("写信到 xiaoman@example.org", ["account"]),
    ],
)
def test_found_names_what_one_could_act_on(text, kinds):
    assert found(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "水温总是掌握不好，第三次才成功，一共用了 25 分钟。",
        "在 3 号楼的实训室里，师傅教我们揉了 20 个面团。",
        "无人机飞了 120 米高，我按了 2 次返航，得了 98 分。",
        "2026 年 11 月 28 日我去了曹杨职校。",
        "一二三四，师傅数着节拍让我们一起揉。",
        "用微信小程序看了菜谱。",
    ],
)
def test_found_leaves_what_pupils_really_write(text):
    assert found(text) == []


@given(
    phones,
    figures,
    st.sampled_from(["", " ", "-"]),
)
def test_found_sees_a_phone_in_any_figures(phone, written, gap):
    spaced = gap.join([phone[:3], phone[3:7], phone[7:]])

    assert found(f"打给我{written(spaced)}吧") == ["phone"]
