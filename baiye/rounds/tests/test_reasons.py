"""Every reason of the engine has words, in both languages, and every figure it gives is in them."""

import pytest
from baiye_placement.explain import CODES
from django.utils import translation

from baiye.rounds.models import POLICIES
from baiye.rounds.reasons import changes, sentence

HELD = [{"rank": 3, "session": "7"}, {"rank": 1, "session": "8"}]
FACTS = {
    "wanted_first": 47, "wanted": 90, "seats": 20, "price": 31.5, "number": 412, "session": "9", "minimum": 8,
    "free": 2, "better": 12, "last_number": 399, "cut_rank": 2, "cut_number": 398, "unwished": 0, "more_seats": 4,
    "number_before": 399, "rank_needed": 1, "rank_proved": False, "give_up": [3], "hours_lost": 0, "moved": 2,
    "worse": 1, "loss": 28, "held": HELD,
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_sentence_under_each_policy(code, policy, language):
    with translation.override(language):
        said = sentence(code, FACTS, policy)

    assert said
    assert "%" not in said
    assert any("㐀" <= letter <= "鿿" for letter in said) == (language == "zh-hans")


def test_full_says_who_went_ahead_and_by_which_rule():
    assert sentence("full", FACTS, "points") == (
        "47 人把它放第一，你能去的那几场一共 20 个名额。其中 12 个给了把它排得更前的同学，其余按全区总分最高来排。"
    )
    assert sentence("full", FACTS, "dictatorship").endswith("轮到你选时，剩下的名额里排不出带它又更好的一套。")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_sessions_that_were_merged_are_told_of(language):
    merged = {"9": ["7"], "11": ["7", "8"]}

    with translation.override(language):
        plain, said = sentence("full", FACTS), sentence("full", FACTS | {"merged": merged})

    added = {
        "zh-hans": "另有 2 场人数不够，并入了同一项目、同一半天的别的场，没有单独开，名额不算在内。",
        "en": " Sessions not held on their own, as too few pupils came: 2. They were merged into others of the same"
        " project and half-day, and their seats are not counted here.",
    }
    assert said == plain + added[language]


def test_full_says_where_the_cut_lay_and_what_it_would_have_taken():
    assert changes("full", FACTS) == (
        "录取到把它放第 2 的同学为止，其中最后一位是 398 号。再多 4 个名额就轮到你。"
        "抽签号在 399 号以前，这个名额就是你的。放在第 1 志愿，估计能录取。"
        "按找到的最省的换法，要请 2 位同学挪位，1 位会不如现在，全区总分少 28 分。"
    )


def test_the_total_is_said_only_where_the_rule_goes_by_it():
    gains = {"moved": 2, "worse": 1, "loss": -8}

    assert changes("full", gains, "floor") == "按找到的最省的换法，要请 2 位同学挪位，1 位会不如现在。"


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        ("full", {"rank_needed": 1, "rank_proved": True}, "放在第 1 志愿就能录取，这是证明过的。"),
        ("full", {"moved": 2, "worse": 1, "loss": 0},
         "按找到的最省的换法，要请 2 位同学挪位，总分不变；不变时看抽签先后。"),
        ("full", {"moved": 1, "worse": 0, "loss": 5}, "按找到的最省的换法，要请 1 位同学挪位，全区总分少 5 分。"),
        ("full", {"moved": 1, "worse": 0, "loss": -3},
         "有一种换法总分会多 3 分，在证明过的误差以内，这次没有找到。可以申请复核。"),
        ("clash", {"give_up": [3, 1], "hours_lost": 0, "moved": 0, "worse": 0, "loss": 60},
         "要去这一个，就得放掉第 1、3 志愿，那样不用别人挪位。"),
        ("enough", {"give_up": [2], "hours_lost": 0, "moved": 3, "worse": 2, "loss": 60},
         "要去这一个，就得放掉第 2 志愿，还要请 3 位同学挪位，2 位会不如现在。"),
        ("enough", {"give_up": [2], "hours_lost": 0, "moved": 3, "worse": 0, "loss": 60},
         "要去这一个，就得放掉第 2 志愿，还要请 3 位同学挪位。"),
        ("balance", {"give_up": [0], "hours_lost": 1, "moved": 0, "worse": 0, "loss": 10}, "换过去你会少 1 个半天。"),
        ("balance", {"give_up": [0], "hours_lost": 0, "moved": 0, "worse": 0, "loss": 0},
         "要去这一个，就得放掉一个志愿外的半天，那样不用别人挪位。"),
        ("met", FACTS, ""),
        ("not_offered", {}, ""),
        ("full", {}, ""),
        ("clash", {"held": HELD}, ""),
    ],
)  # fmt: skip
def test_changes_says_only_what_is_known(code, given, said):
    assert changes(code, given) == said
