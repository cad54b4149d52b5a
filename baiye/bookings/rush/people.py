"""Who presses: sessions and accounts of a batch, looked up anew for each batch."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils.crypto import constant_time_compare

from baiye.accounts.models import User

# An array of all keys: a parameter for each would take longer than the look-up.
SESSIONS = "SELECT session_key, session_data FROM django_session WHERE session_key = ANY(%s) AND expire_date > %s"
ACCOUNTS = "SELECT id, kind, password, is_active FROM accounts_user WHERE id = ANY(%s)"


def signed_in(keys: Collection[str], *, at: datetime) -> dict[str, User]:
    """The guardians and pupils behind session keys: sessions that hold, accounts that are active; two queries.

    Whoever is not among them (staff, whose idle time and second factor are asked elsewhere, or nobody) is no matter
    of the rush: the ordinary path judges them.
    """
    store = SessionStore()
    with connection.cursor() as cursor:
        cursor.execute(SESSIONS, [list(set(keys)), at])
        said = {key: store.decode(data) for key, data in cursor.fetchall()}
    accounts = {int(data[SESSION_KEY]) for data in said.values() if SESSION_KEY in data}
    users = {user.pk: user for user in User.objects.raw(ACCOUNTS, [list(accounts)])}
    found = {}
    for key, data in said.items():
        user = users.get(int(data.get(SESSION_KEY, 0)))
        if user is not None and user.kind != "staff" and _is_theirs(data, user):
            found[key] = user
    return found


def _is_theirs(data: Mapping[str, Any], user: User) -> bool:
    """What Django's own `get_user` asks: a way of signing in that is still on, an active account, the same password.

    A session signed with an older key is renewed by the ordinary path, so it counts as nobody's here.
    """
    backend = _backends().get(data.get(BACKEND_SESSION_KEY, ""))
    said = data.get(HASH_SESSION_KEY) or ""
    return (
        backend is not None
        and backend.user_can_authenticate(user)
        and constant_time_compare(said, user.get_session_auth_hash())
    )


@cache
def _backends() -> dict[str, Any]:
    return {path: load_backend(path) for path in settings.AUTHENTICATION_BACKENDS}
