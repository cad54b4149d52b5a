"""How the page of what is near is asked where there is no script: a school or street, never an address."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.core.questions import Filter
from baiye.registry.queries.register import Origin

A_WALK = 15
MINUTES = [("5", _("5 分钟")), ("10", _("10 分钟")), ("15", _("15 分钟")), ("30", _("30 分钟"))]
KINDS = [
    ("", _("全部")),
    ("project", _("社区公益项目")),
    ("station", _("就业服务站")),
    ("host", _("职业体验基地")),
]


class NearForm(Filter):
    """From where, how far, and what."""

    start = forms.ChoiceField(label=_("从哪里出发"), required=False)
    minutes = forms.ChoiceField(label=_("步行多久"), required=False, choices=MINUTES, initial=str(A_WALK))
    kind = forms.ChoiceField(label=_("找什么"), required=False, choices=KINDS)

    def __init__(self, *args: object, schools: Sequence[Origin], streets: Sequence[Origin], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._origins = {origin.key: origin for origin in (*schools, *streets)}
        groups = [(_("学校"), schools), (_("街镇中心"), streets)]
        choices = [(label, [(each.key, each.name) for each in origins]) for label, origins in groups if origins]
        self.fields["start"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]

    @property
    def origin(self) -> Origin | None:
        """The school or street, if one was chosen."""
        return self._origins.get(self.said()["start"])

    @property
    def most_minutes(self) -> int:
        """How long one walks at most."""
        return int(self.said()["minutes"] or A_WALK)

    @property
    def wanted(self) -> str:
        """What is looked for; empty: anything."""
        return self.said()["kind"]
