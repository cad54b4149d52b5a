"""By which channels someone wants copies, and when they want quiet."""

from datetime import time

from django.db import transaction

from baiye.accounts.models import User
from baiye.core import audit
from baiye.core.models import Preference


def preference_of(user: User) -> Preference:
    """What ``user`` prefers; what everybody starts with where they never said; one query."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


@transaction.atomic
def save_preference(
    *, mail: bool, wecom: bool, sms: bool, quiet_from: time, quiet_to: time, digest: bool, by: User
) -> Preference:
    """Write down what ``by`` prefers; saying the same again changes nothing."""
    wanted = {
        "mail": mail,
        "wecom": wecom,
        "sms": sms,
        "quiet_from": quiet_from,
        "quiet_to": quiet_to,
        "digest": digest,
    }
    before = preference_of(by)
    if before.pk and all(getattr(before, name) == value for name, value in wanted.items()):
        return before
    saved, _is_new = Preference.objects.update_or_create(user=by, defaults=wanted)
    audit.record("preferences.saved", by=by, on=by)
    return saved
