"""How a release stands, as a tag; the drawing of its mode."""

from django.template import Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from baiye.bookings.models import Release
from baiye.bookings.rules import MODE_ICONS, STATES
from baiye.core.templatetags.marks import tag

register = Library()
KINDS = {"soon": "info", "open": "ok", "drawing": "due", "placing": "due", "closed": "line"}
ICONS = {"soon": "clock", "open": "lock-open", "drawing": "dice", "placing": "hourglass", "closed": "history"}


@register.simple_tag
def release_state(release: Release, state: str) -> SafeString:
    """A draft, or where a published release is: a key of rules.STATES."""
    if release.published_at is None:
        return tag(_("草稿"), icon="pencil")
    return tag(STATES[state], KINDS[state], icon=ICONS[state])


@register.filter
def mode_icon(mode: str) -> str:
    """The drawing that stands for a way of giving seats."""
    return MODE_ICONS[mode]
