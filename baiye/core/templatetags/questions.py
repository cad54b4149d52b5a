"""Forms: a question with label, hint, error, control; the summary of what is to be changed."""

from dataclasses import dataclass

from django.forms import BaseForm, CheckboxInput, CheckboxSelectMultiple, HiddenInput, RadioSelect
from django.forms.boundfield import BoundField
from django.template import Library
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from baiye.core.choosing import ChooseInput, ChosenField

register = Library()


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence of the summary, and where it leads."""

    text: str
    anchor: str = ""


@register.simple_tag
def field(
    bound: BoundField,
    *,
    width: str = "",
    num: bool = False,
    icon: str = "",
    hide_label: bool = False,
    hint: str = "",
    label: str = "",
    optional: bool = True,
    **attrs: str,
) -> SafeString:
    """A whole question: label, hint (``help_text`` unless given), error, control; boxes and circles become whole rows.

    ``width``: s, m or l; ``num``: figures; ``optional=False`` drops 选填; anything else: an attribute of the control.
    """
    if isinstance(bound.field.widget, HiddenInput):
        return format_html("{}{}", bound.errors, bound.as_widget())
    hint = hint or str(bound.help_text)
    described = _described(bound, hint)
    context = {
        "bound": bound,
        "id": bound.auto_id,
        "hint": hint,
        "label": label or bound.label,
        "icon": icon,
        "hide_label": hide_label,
        "optional": optional and not bound.field.required,
        "described": described,
    }
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        return render_to_string("core/parts/field_choices.html", context)
    if isinstance(bound.field, ChosenField) and isinstance(bound.field.widget, ChooseInput):
        return render_to_string("core/parts/field_choose.html", context | bound.field.shown(bound.value()))
    boxed = isinstance(bound.field.widget, CheckboxInput)
    css = " ".join(["in", *([f"in--{width}"] if width else []), *(["num"] if num else [])])
    given: dict[str, str | bool] = {} if boxed else {"class": css}
    given |= {name.replace("_", "-"): value for name, value in attrs.items()}
    context["control"] = bound.as_widget(attrs=_control_attrs(bound, described) | given)
    return render_to_string("core/parts/field_check.html" if boxed else "core/parts/field.html", context)


def _described(bound: BoundField, hint: str) -> str:
    """The ids of what is said about a control: its hint, its error."""
    said = {"hint": hint, "error": bound.errors}
    return " ".join(f"{bound.auto_id}_{name}" for name, text in said.items() if text)


def _control_attrs(bound: BoundField, described: str) -> dict[str, str | bool]:
    attrs: dict[str, str | bool] = {"aria-describedby": described} if described else {}
    return attrs | ({"aria-invalid": "true"} if bound.errors else {})


@register.inclusion_tag("core/parts/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, object]:
    """What is to be changed in these forms, each a link to its place; nothing where all is well."""
    return {"problems": [problem for form in forms for problem in _problems(form)]}


def _problems(form: BaseForm) -> list[Problem]:
    found = [Problem(str(error)) for error in form.non_field_errors()]
    for name, errors in form.errors.items():
        if name in form.fields:
            found += [Problem(str(error), _anchor(form[name])) for error in errors]
    return found


def _anchor(bound: BoundField) -> str:
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.auto_id
