"""Questions of a form: label, hint, error, control, and how they are tied together."""

import pytest
from django import forms
from django.template import Context, Template


class SampleForm(forms.Form):
    phone = forms.CharField(label="手机号", help_text="只用于紧急联系", min_length=11)
    photo = forms.ChoiceField(label="照片", choices=[("own", "只放档案"), ("none", "不拍照")], widget=forms.RadioSelect)
    note = forms.CharField(label="提醒", required=False)
    agree = forms.BooleanField(label="我读过了", help_text="两页", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        if self.data.get("note") == "bad":
            raise forms.ValidationError("整张表有一处对不上")
        return self.cleaned_data


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_field_ties_label_hint_and_control():
    text = render("{% field form.phone width='m' num=True autocomplete='tel' %}", form=SampleForm())

    assert '<label for="id_phone">手机号</label>' in text
    assert '<p class="hint" id="id_phone_hint">只用于紧急联系</p>' in text
    assert 'class="in in--m num"' in text
    assert 'autocomplete="tel"' in text
    assert 'aria-describedby="id_phone_hint"' in text
    assert "aria-invalid" not in text


def test_field_with_an_error_says_it_before_the_control_and_keeps_what_was_typed():
    text = render("{% field form.phone %}", form=SampleForm({"phone": "138"}))

    assert text.index('id="id_phone_error"') < text.index("<input")
    assert text.count('aria-invalid="true"') == 1
    assert 'aria-describedby="id_phone_hint id_phone_error"' in text
    assert 'value="138"' in text


def test_field_that_may_stay_empty_says_so_unless_told_not_to():
    assert "（选填）" in render("{% field form.note %}", form=SampleForm())
    assert "（选填）" not in render("{% field form.note optional=False %}", form=SampleForm())
    assert "（选填）" not in render("{% field form.phone %}", form=SampleForm())


def test_field_with_a_hidden_label_keeps_it_for_readers():
    text = render("{% field form.note hide_label=True icon='search' %}", form=SampleForm())

    assert '<label class="vh" for="id_note">提醒</label>' in text
    assert 'class="with-i"' in text


def test_field_of_circles_is_a_fieldset_of_whole_rows():
    text = render("{% field form.photo %}", form=SampleForm({"photo": "own"}))

    assert "<legend>照片</legend>" in text
    assert text.count('<label class="pick"') == 2
    assert text.count("checked") == 1


def test_field_of_one_box_is_a_row():
    text = render("{% field form.agree %}", form=SampleForm({"agree": "on"}))

    assert '<label class="pick" for="id_agree"><input type="checkbox"' in text
    assert '<small id="id_agree_hint">两页</small>' in text


def test_hidden_field_is_only_its_control():
    text = render("{% field form.token %}", form=SampleForm())

    assert text == '<input type="hidden" name="token" id="id_token">'


def test_error_summary_leads_to_each_place():
    text = render("{% error_summary form %}", form=SampleForm({"phone": "138", "note": "bad"}))

    assert "有 3 处要改" in text
    assert '<a href="#id_phone">' in text
    assert '<a href="#id_photo_0">' in text
    assert "<li>整张表有一处对不上</li>" in text
    assert 'role="alert"' in text


@pytest.mark.parametrize("form", [SampleForm(), SampleForm({"phone": "13800000000", "photo": "own"})])
def test_error_summary_of_a_form_without_errors_is_nothing(form):
    assert render("{% error_summary form %}", form=form).strip() == ""
