"""WeCom (企业微信): an application of the district's own writes to members; the address is their userid.

``gettoken`` gives a token for two hours, which all processes share; ``message/send`` tells in ``errcode`` what
became of a message. What its error texts say is kept out of ours, since they may name the member.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache

from baiye.core import channels_http, crypto
from baiye.core.channels import Letter, NeverSent, NotSent

LONGEST = 2048  # bytes of a text
EARLIER = timedelta(minutes=5)  # a token is given up so long before it ends
TOKEN_OVER = {40001, 40014, 42001}
NOBODY = {40003, 60111, 81013}  # no such member, or none to whom the application may write
REPEAT_S = 1800  # the same text to the same member within half an hour is the same message


class WeCom:
    """``WECOM_CORP_ID``, ``WECOM_AGENT_ID`` and ``WECOM_SECRET`` are the application's own."""

    keeps_body = False

    def send(self, letter: Letter) -> None:
        said = self._say(letter, _token())
        if said.get("errcode") in TOKEN_OVER:
            said = self._say(letter, _token(afresh=True))
        code = said.get("errcode")
        if code in NOBODY or (code == 0 and (said.get("invaliduser") or said.get("unlicenseduser"))):
            raise NeverSent(f"WeCom {code}")
        if code != 0:
            raise NotSent(f"WeCom {code}")

    def _say(self, letter: Letter, token: str) -> dict[str, Any]:
        return _ask(
            "message/send",
            {"access_token": token},
            {
                "touser": letter.address,
                "msgtype": "text",
                "agentid": settings.WECOM_AGENT_ID,
                "text": {"content": _cut(letter.body)},
                "enable_duplicate_check": 1,
                "duplicate_check_interval": REPEAT_S,
            },
        )


def _token(*, afresh: bool = False) -> str:
    """The application's token: from the cache, where it lies encrypted, or a new one."""
    key = crypto.blind(f"wecom token\0{settings.WECOM_CORP_ID}\0{settings.WECOM_AGENT_ID}")
    kept = None if afresh else cache.get(key)
    if kept is not None:
        return crypto.decrypt(kept)
    said = _ask("gettoken", {"corpid": settings.WECOM_CORP_ID, "corpsecret": settings.WECOM_SECRET})
    if said.get("errcode") != 0 or not said.get("access_token"):
        raise NotSent(f"WeCom token {said.get('errcode')}")
    token = str(said["access_token"])
    lives = int(said.get("expires_in", 0)) - int(EARLIER.total_seconds())
    if lives > 0:
        cache.set(key, crypto.encrypt(token), lives)
    return token


def _ask(what: str, query: dict[str, str], sent: object = None) -> dict[str, Any]:
    return channels_http.ask(f"{settings.WECOM_URL}/cgi-bin/{what}?{urlencode(query)}", sent)


def _cut(text: str) -> str:
    """As much of ``text`` as WeCom takes, no character in halves."""
    raw = text.encode()
    return text if len(raw) <= LONGEST else raw[: LONGEST - 3].decode(errors="ignore") + "…"
