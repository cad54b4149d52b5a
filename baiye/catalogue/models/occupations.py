"""Occupations, and the older codes by which papers still call them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

RIASEC = [("R", _("动手")), ("I", _("探究")), ("A", _("创意")), ("S", _("助人")), ("E", _("经营")), ("C", _("条理"))]


class Occupation(models.Model):
    """An occupation of 《职业分类大典》(2022): data with a date, not an enumeration, for codes are added."""

    code = models.CharField(max_length=12, unique=True)  # 4-03-02-02
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=240, blank=True)
    riasec = models.CharField(max_length=3, blank=True)  # top three, O*NET interests (CC BY 4.0)
    valid_from = models.DateField()
    source = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class OccupationAlias(models.Model):
    """Another code of an occupation, such as that of the 2015 edition, which skill standards still print."""

    code = models.CharField(max_length=12, unique=True)
    occupation = models.ForeignKey(Occupation, models.CASCADE, related_name="aliases")
    valid_from = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(name="occupation_alias_has_a_source", condition=~models.Q(source="")),
        ]

    def __str__(self) -> str:
        return self.code
