"""What a pupil's home page says is to write."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core.todos import Todo
from baiye.portfolio.queries import attended


def reflections(pupil_id: int, by: AbstractBaseUser, at: datetime) -> list[Todo]:  # noqa: ARG001 (a provider's shape)
    """The newest visit the pupil has not written about, to the pupil alone; one query."""
    if not isinstance(by, User) or by.kind != "pupil":
        return []
    seat = attended(by).filter(pupil=pupil_id, reflection=None).first()
    if seat is None:
        return []
    version = seat.visit.version
    title = _("写一句「{title}」的收获").format(title=version.title)
    note = _("写完就能得到「{glyph}」字印").format(glyph=version.glyph)
    return [Todo(title, note, reverse("portfolio:visit", args=[seat.pk]), "pencil", order=60)]
