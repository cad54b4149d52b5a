"""Classes, grades and weekdays as they are called."""

from datetime import date

from django.template import Library

from baiye.schools.models import SchoolClass
from baiye.schools.names import GRADES, WEEKDAYS

register = Library()


@register.simple_tag
def class_name(school_class: SchoolClass, on: date) -> str:
    """七（3）班 on a day."""
    return school_class.name(on)


@register.filter
def grade_name(grade: int) -> str:
    """七年级, 高一."""
    return str(GRADES[grade - 1])


@register.filter
def weekday_name(weekday: int) -> str:
    """周一 for ISO weekday 1."""
    return str(WEEKDAYS[weekday - 1])
