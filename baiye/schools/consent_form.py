"""The questions of 同意书, for every page that asks them: here, and in rounds because of a course's hazards."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.schools.models import Consent

ANSWERS = [("yes", _("同意")), ("no", _("不同意"))]
ASKED = {
    "health": _("让基地看到您写的健康提醒"),
    "photo": _("拍照，只放进孩子自己的档案"),
    "display": _("照片和作品可以在学校展示"),
}
EXPLAINED = {
    "health": _("只有带教老师在活动前 1 天到活动后 7 天能看到，之后删除。"),
    "photo": _("只有孩子、您和班主任看得到。"),
    "display": _("只在校内展示，不上网。"),
}


class ConsentForm(forms.Form):
    """A guardian's answers to the optional purposes; 同意 and 不同意 weigh the same and neither is preset.

    Parameters
    ----------
    hazards : mapping of slug to label
        What the child's courses have that health matters for; without any, and without notes, health is not asked.
    standing : mapping of purpose to Consent
        The answers that stand; they are filled in.
    written : mapping of slug to text
        The notes that stand.
    from_paper : bool
        A teacher types what a guardian signed on paper.
    """

    signature = forms.CharField(
        label=_("签上您的姓名"), max_length=40, error_messages={"required": _("还没有签名。请写您自己的姓名")}
    )

    def __init__(
        self,
        *args: Any,
        hazards: Mapping[str, Any] | None = None,
        standing: Mapping[str, Consent] | None = None,
        written: Mapping[str, str] | None = None,
        from_paper: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hazards = {**{slug: slug for slug in written or {}}, **(hazards or {})}
        asked = [purpose for purpose in ASKED if purpose != "health" or self.hazards]
        fields: dict[str, forms.Field] = {}
        for slug, label in self.hazards.items():
            fields[f"note_{slug}"] = forms.CharField(
                label=label, max_length=100, required=False, initial=(written or {}).get(slug, "")
            )
        for purpose in asked:
            answer = (standing or {}).get(purpose)
            fields[purpose] = forms.ChoiceField(
                label=ASKED[purpose],
                help_text=EXPLAINED[purpose],
                choices=ANSWERS,
                widget=forms.RadioSelect,
                initial=("yes" if answer.agreed else "no") if answer else None,
                error_messages={"required": _("请选“同意”或“不同意”")},
            )
        self.asked = asked
        self.fields = fields | self.fields
        if from_paper:
            self.fields["signature"].label = _("纸上签的姓名")

    @property
    def answers(self) -> dict[str, bool]:
        """Purpose → agreed, for `actions.give_consents`."""
        return {purpose: self.cleaned_data[purpose] == "yes" for purpose in self.asked}

    @property
    def notes(self) -> dict[str, str]:
        """Hazard → what was written, for `actions.give_consents`."""
        return {slug: self.cleaned_data[f"note_{slug}"] for slug in self.hazards}

    @property
    def note_fields(self) -> list[forms.BoundField]:
        return [self[f"note_{slug}"] for slug in self.hazards]

    @property
    def answer_fields(self) -> list[forms.BoundField]:
        return [self[purpose] for purpose in self.asked]
