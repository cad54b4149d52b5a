"""Classes, grades and weekdays as they are called."""

from datetime import date

from django.template import Library

from baiye.core.templatetags.text import WEEKDAYS
from baiye.schools.models import HAN_GRADES, SchoolClass

register = Library()


@register.simple_tag
def class_name(school_class: SchoolClass, on: date) -> str:
    """七（3）班 on a day."""
    return school_class.name(on)


@register.filter
def grade_name(grade: int) -> str:
    """七年级, 高一."""
    return f"{HAN_GRADES[grade]}年级" if grade < 10 else HAN_GRADES[grade]


@register.filter
def weekday_name(weekday: int) -> str:
    """周一 for ISO weekday 1."""
    return f"周{WEEKDAYS[weekday - 1]}"
