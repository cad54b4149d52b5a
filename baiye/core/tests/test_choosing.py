"""Choosing one of very many: in a list while they are few, by words when they are many, with and without a script."""

import json

import pytest
from django import forms
from django.http import QueryDict
from django.test import RequestFactory

from baiye.accounts.models import Unit
from baiye.accounts.queries import units_by_words
from baiye.accounts.tests.factories import DistrictFactory, UnitFactory
from baiye.core import choosing
from baiye.core.choosing import ChooseInput, ChosenField

pytestmark = pytest.mark.django_db
NAMES = ("武宁路小学", "武宁中学", "曹杨二中", "曹杨中学")


class Choice(forms.Form):
    school = ChosenField(find=units_by_words, note=lambda unit: unit.get_kind_display(), label="学校")
    why = forms.CharField(required=False)

    def __init__(self, data=None, *, few=2, required=True, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["school"].required = required
        self.fields["school"].offer(Unit.objects.filter(kind="school").order_by("pinyin", "pk"), few=few)


@pytest.fixture
def schools():
    district = DistrictFactory()
    return {name: UnitFactory(parent=district, name=name) for name in NAMES}


def sent(**said):
    data = QueryDict(mutable=True)
    data.update({name.replace("__", "-"): str(value) for name, value in said.items()})
    return data


def shown(form):
    """The words of the field, what can be ticked, and what is."""
    look = form.fields["school"].shown(form["school"].value())
    rows = look["rows"]
    return look["words"], [row["label"] for row in rows], [row["label"] for row in rows if row["is_picked"]]


def test_a_few_stand_in_a_list_with_one_query(schools, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = str(Choice(few=4))

    assert "<select" in page
    assert all(name in page for name in NAMES)


def test_a_few_are_taken_by_key_and_nothing_else_is(schools):
    taken, other = Choice(sent(school=schools["曹杨中学"].pk), few=4), Choice(sent(school=999_999), few=4)

    assert taken.is_valid()
    assert taken.cleaned_data["school"] == schools["曹杨中学"]
    assert not other.is_valid()


def test_many_are_searched_and_no_list_of_them_is_sent(schools):
    form = Choice()

    assert isinstance(form.fields["school"].widget, ChooseInput)
    assert shown(form) == ("", [], [])


@pytest.mark.parametrize(
    ("words", "found"),
    [("武宁", ["武宁路小学", "武宁中学"]), ("cy", ["曹杨二中", "曹杨中学"]), ("没有这所", []), ("100%", [])],
)
def test_words_without_a_key_give_what_was_found_to_tick(schools, words, found):
    form = Choice(sent(school__words=words))

    assert not form.is_valid()
    assert sorted(shown(form)[1]) == sorted(found)
    said = "请从找到的里面选一个。" if found else f"没有找到「{words}」。请换几个字再找。"
    assert form.errors["school"] == [said]


def test_what_was_ticked_among_what_was_found_is_taken(schools):
    form = Choice(sent(school__words="武宁", school=schools["武宁中学"].pk))

    assert form.is_valid()
    assert form.cleaned_data["school"] == schools["武宁中学"]


def test_the_whole_name_is_taken_without_a_tick(schools):
    form = Choice(sent(school__words="曹杨二中"))

    assert form.is_valid()
    assert form.cleaned_data["school"] == schools["曹杨二中"]


def test_a_single_find_is_ticked_already_but_not_taken_unseen(schools):
    form = Choice(sent(school__words="武宁路"))

    assert not form.is_valid()
    assert shown(form) == ("武宁路", ["武宁路小学"], ["武宁路小学"])


def test_words_that_no_longer_fit_what_was_ticked_are_looked_for_anew(schools):
    form = Choice(sent(school__words="武宁", school=schools["曹杨二中"].pk))

    assert not form.is_valid()
    assert shown(form)[2] == []


def test_find_only_looks_even_where_all_is_said(schools):
    form = Choice(sent(school__words="武宁", school=schools["武宁中学"].pk, school__find="1"))

    assert not form.is_valid()
    assert shown(form)[2] == ["武宁中学"]


def test_a_row_out_of_scope_is_not_taken_by_its_key(schools):
    host = UnitFactory(kind="host", name="武宁工坊")

    for key in (host.pk, "1e3", "9" * 30, "武"):
        for required in (True, False):
            assert not Choice(sent(school=key), required=required).is_valid()


def test_nothing_said_is_asked_for_only_where_it_must_be(schools):
    asked, free = Choice(sent(school="")), Choice(sent(school=""), required=False)

    assert asked.errors["school"] == ["这个字段是必填项。"]
    assert free.is_valid()
    assert free.cleaned_data["school"] is None


def test_words_that_find_nothing_are_no_empty_answer(schools):
    assert not Choice(sent(school__words="没有这所"), required=False).is_valid()


def test_what_is_chosen_at_first_stands_there(schools):
    form = Choice(initial={"school": schools["武宁中学"].pk})

    assert shown(form) == ("武宁中学", ["武宁中学"], ["武宁中学"])


def test_more_than_are_offered_is_said(schools, monkeypatch):
    monkeypatch.setattr(choosing, "FOUND", 1)

    assert Choice().fields["school"].offered("武宁")["more"] is True


def test_suggestions_answer_the_script_and_nobody_else(schools):
    asks, said = RequestFactory(), {"choose": "school", "q": "武宁中"}

    answer = choosing.suggestions(asks.post("/", said), Choice())
    by_address = choosing.suggestions(asks.get("/", said), Choice())
    others = [asks.get("/"), asks.get("/", {"choose": "why", "q": "武"}), asks.post("/?choose=school&q=武")]

    assert answer is not None
    assert by_address is not None
    assert by_address.content == answer.content
    assert json.loads(answer.content) == {
        "rows": [{"key": schools["武宁中学"].pk, "label": "武宁中学", "note": "学校"}],
        "more": False,
    }
    assert [choosing.suggestions(request, Choice()) for request in others] == [None] * 3
