"""The parts of the look, as a template writes them."""

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from baiye.core.shapes import Choice, NavItem, Stat, Step
from baiye.core.templatetags.frames import asset


def render(source: str, *, path: str = "/", **values: object) -> str:
    """The template's text, with the builtin tags of the settings."""
    return Template(source).render(Context({"request": RequestFactory().get(path), **values}))


# ── marks ──


def test_icon_is_hidden_from_readers_and_points_into_the_sprite():
    sprite = asset("vendor/icons.svg")

    assert (
        render('{% icon "check" "s" %}') == f'<svg class="i i-s" aria-hidden="true"><use href="{sprite}#check"/></svg>'
    )


@pytest.mark.parametrize(
    ("source", "css", "drawing"),
    [
        ('{% tag "已录取" "ok" %}', 'class="tag tag--ok"', "#check"),
        ('{% tag "待确认" "due" %}', 'class="tag tag--due"', "#clock"),
        ('{% tag "草稿" icon="pencil" %}', 'class="tag"', "#pencil"),
        ('{% tag "面点师" "line" size="l" %}', 'class="tag tag--line tag--l"', ""),
    ],
)
def test_tag_gives_each_state_its_icon_and_word(source, css, drawing):
    text = render(source)

    assert css in text
    assert drawing in text
    assert ("<svg" in text) == bool(drawing)


def test_tag_with_an_empty_icon_has_none():
    assert render('{% tag "在读" "ok" icon="" %}') == '<span class="tag tag--ok">在读</span>'


def test_tag_of_an_unknown_kind_is_an_error():
    with pytest.raises(KeyError):
        render('{% tag "x" "green" %}')


def test_parts_escape_what_people_typed():
    assert "&lt;script&gt;" in render("{% tag text %}", text="<script>")
    assert "&lt;b&gt;" in render('{% tile glyph "R" %}', glyph="<b>")
    assert "&lt;i&gt;" in render("{% note %}{{ text }}{% endnote %}", text="<i>")
    assert "&quot;&gt;" in render("{% select_row 1 name %}", name='">')


def test_riasec_says_letter_and_name():
    assert render('{% riasec "S" %}') == '<span class="tag" data-k="S"><b class="num">S</b>助人</span>'


def test_count_with_a_label_is_read_as_the_label():
    assert render('{% count 3 "due" label="3 件待办" %}') == (
        '<span class="count count--due" aria-hidden="true">3</span><span class="vh">3 件待办</span>'
    )


def test_sealmark_that_is_not_earned_is_dashed():
    assert 'class="sealmark sealmark--no"' in render('{% sealmark "茶" "S" earned=False %}')
    assert 'class="sealmark"' in render('{% sealmark "茶" "S" %}')


def test_ring_draws_one_segment_for_each_hour_and_fills_those_done():
    text = render("{% ring 12 16 %}")

    assert text.count("<circle") == 16
    assert text.count('class="done"') == 12
    assert 'aria-label="已完成 12 学时，目标 16 学时"' in text


def test_ring_of_more_than_can_be_counted_is_one_arc():
    text = render("{% ring 60 120 %}")

    assert text.count("<circle") == 2
    assert 'stroke-dasharray="50 50"' in text


@pytest.mark.parametrize(
    ("source", "width"),
    [("{% bar 1 4 %}", "25"), ("{% bar 9 4 %}", "100"), ("{% bar 0 0 %}", "0"), ("{% bar 1 3 %}", "33.33")],
)
def test_bar_is_as_wide_as_the_share_and_never_wider(source, width):
    assert f'<rect x="0" width="{width}" height="8" class=""/>' in render(source)


def test_bar_with_a_label_says_it_and_without_one_keeps_silent():
    assert 'aria-label="36 / 41" role="img"' in render('{% bar 36 41 label="36 / 41" %}')
    assert 'aria-hidden="true"' in render("{% bar 36 41 %}")


def test_bar_draws_what_is_waiting_behind_what_is_done():
    assert '<rect x="50.6" width="25" height="8" class="waiting"/>' in render("{% bar 12 24 waiting=6 %}")


# ── frames ──


def test_asset_carries_a_mark_of_its_content():
    address = render('{% asset "core/css/dark.css" %}')

    assert address.startswith("/static/core/css/dark.css?v=")
    assert len(address.rsplit("=", 1)[1]) == 8


def test_asset_that_does_not_exist_has_no_mark():
    assert render('{% asset "core/css/nowhere.css" %}') == "/static/core/css/nowhere.css"


def test_page_css_and_page_js_link_each_name():
    assert render('{% page_css "home" "wishes" %}').count('<link rel="stylesheet"') == 2
    assert '<script type="module" src="/static/core/js/rank.js' in render('{% page_js "rank" %}')


def test_crumbs_link_all_but_the_page_itself():
    text = render('{% crumbs "协调中心" "/a/" "轮次" "/b/" "本轮" %}')

    assert '<a href="/a/">协调中心</a>' in text
    assert '<a href="/b/">轮次</a>' in text
    assert '<span aria-current="page">本轮</span>' in text


def test_shell_nav_takes_the_context_and_falls_back_to_the_public_pages():
    item = NavItem("首页", "/home/")

    assert render("{% shell_nav as places %}{{ places.0.label }}", nav=[item]) == "首页"
    assert render("{% shell_nav as places %}{{ places|length }}", nav=[]) == render(
        "{% public_nav as places %}{{ places|length }}"
    )


def test_dialog_is_named_by_its_title():
    text = render('{% dialog "revoke" "撤销录取？" %}<p>x</p>{% enddialog %}')

    assert (
        text
        == '<dialog id="revoke" aria-labelledby="revoke-title"><h2 id="revoke-title">撤销录取？</h2><p>x</p></dialog>'
    )


def test_tblbox_can_be_reached_and_scrolled_by_keyboard():
    text = render('{% tblbox "名单" %}<table></table>{% endtblbox %}')

    assert text == '<div class="tblbox" role="region" tabindex="0" aria-label="名单"><table></table></div>'


# ── ticket ──


def test_ticket_puts_what_follows_stub_below_the_perforation():
    text = render('{% ticket lift=True labelledby="t" %}上{% stub %}下{% endticket %}')

    assert text == (
        '<article class="ticket ticket--lift" aria-labelledby="t"><div class="ticket__main">上</div>'
        '<div class="ticket__stub">下</div></article>'
    )


def test_ticket_without_a_stub_has_no_perforation():
    assert "ticket__stub" not in render("{% ticket %}上{% endticket %}")


def test_ticket_with_an_unknown_option_is_an_error():
    with pytest.raises(TemplateSyntaxError, match="lift="):
        render("{% ticket colour=1 %}{% endticket %}")


# ── rows ──


def test_note_with_an_action_has_one_button():
    text = render('{% note "bad" action="/x/" action_label="看" %}人满了。{% endnote %}')

    assert 'class="note note--bad"' in text
    assert text.count('class="btn"') == 1
    assert "人满了。" in text


def test_netbar_can_wait_hidden():
    assert "data-netbar hidden>" in render("{% netbar hidden=True %}x{% endnetbar %}")
    assert "data-netbar>" in render("{% netbar %}x{% endnetbar %}")


def test_seg_marks_the_present_choice():
    choices = [Choice("没完成", "?a=1", current=True, count=0), Choice("全部", "?a=2")]

    text = render('{% seg choices label="显示" %}', choices=choices)

    assert '<a href="?a=1" aria-current="true">没完成 <span class="num">0</span></a>' in text
    assert '<a href="?a=2">全部</a>' in text


def test_chip_that_is_pressed_is_current_and_a_removable_one_says_so():
    assert 'aria-current="true"' in render('{% chip "周末" "?" pressed=True %}')
    assert "aria-current" not in render('{% chip "周末" "?" %}')
    assert "点一下去掉" in render('{% chip "周末" "?" remove=True %}')


def test_filters_keep_the_sort_order():
    assert '<input type="hidden" name="sort" value="-rank">' in render(
        "{% filters %}x{% endfilters %}", path="/?sort=-rank&q=1"
    )


@pytest.mark.parametrize(
    ("path", "link", "order"),
    [
        ("/?q=a&page=3", "?q=a&amp;sort=rank", ""),
        ("/?sort=rank", "?sort=-rank", "ascending"),
        ("/?sort=-rank", "?sort=rank", "descending"),
    ],
)
def test_sort_th_turns_the_order_and_starts_at_the_first_page(path, link, order):
    text = render('{% sort_th "志愿" "rank" align="r" %}', path=path)

    assert f'<a href="{link}">' in text
    assert ("aria-sort" in text) == bool(order)
    assert order in text


def test_pager_says_where_it_is_and_keeps_the_query():
    page = Paginator(range(120), 50).page(2)

    text = render('{% pager page unit="人" %}', path="/?q=a&page=2", page=page)

    assert "第 51–100，共 120 人" in text
    assert '<b class="num" aria-current="page">2</b>' in text
    assert 'href="?q=a&amp;page=1" rel="prev"' in text
    assert 'href="?q=a&amp;page=3" rel="next"' in text


def test_pager_of_one_page_has_no_way_to_others():
    assert "<a" not in render("{% pager page %}", page=Paginator(range(3), 50).page(1))


def test_pager_of_nothing_says_so():
    assert "共 0 人" in render("{% pager page %}", page=Paginator([], 50).page(1))


def test_river_marks_what_is_done_and_where_it_is():
    steps = [Step("筹备", state="done"), Step("志愿", state="now", due="还有 6 天"), Step("录取")]

    text = render("{% river steps %}", steps=steps)

    assert 'aria-label="第 2 步，共 3 步：志愿"' in text
    assert text.count('aria-current="step"') == 1
    assert text.count('class="done"') == 1
    assert "还有 6 天" in text


def test_small_river_still_names_its_steps_for_readers():
    assert render("{% river steps small=True %}", steps=[Step("筹备")]).count('<span class="vh">筹备</span>') == 1


def test_stats_group_the_digits():
    assert "<dd>3,842<small>人</small></dd>" in render("{% stats figures %}", figures=[Stat("学生", 3842, "人")])


def test_empty_says_what_to_do_with_one_button():
    text = render('{% empty "还没有志愿" "逛一逛。" action="/c/" action_label="去找项目" %}')

    assert "<h2>还没有志愿</h2>" in text
    assert text.count("btn--main") == 1


def test_bulk_and_select_all_work_by_name_without_script():
    text = render('{% select_all %}{% select_row 7 "示例甲" %}{% bulk %}<button>x</button>{% endbulk %}')

    assert 'data-bulk-all hidden aria-label="全选本页"' in text
    assert 'name="pick" value="7"' in text
    assert 'aria-label="选择示例甲"' in text
    assert "先勾选，再点右边" in text


def test_skel_tells_that_it_loads():
    assert 'aria-busy="true"' in render("{% skel 2 tile=True %}")
