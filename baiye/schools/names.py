"""Grades and weekdays as they are called, in the reader's language."""

from django.utils.translation import gettext_lazy as _

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
GRADES = (
    _("一年级"),
    _("二年级"),
    _("三年级"),
    _("四年级"),
    _("五年级"),
    _("六年级"),
    _("七年级"),
    _("八年级"),
    _("九年级"),
    _("高一"),
    _("高二"),
    _("高三"),
)
