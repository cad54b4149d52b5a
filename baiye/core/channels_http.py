"""Asking a gateway over HTTP: JSON there and back; an error says what went wrong, never where or about whom."""

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from baiye.core.channels import NeverSent, NotSent

TIMEOUT_S = 10
WRONG_ADDRESS = {400, 404, 410, 422}


def ask(url: str, sent: object = None, *, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """The answer to a GET, or to a POST of ``sent`` as JSON; empty where the answer is no JSON object.

    Raises
    ------
    NeverSent
        The other side says that what was asked can never be (400, 404, 410, 422).
    NotSent
        It is not there, not now, or does not know us.
    """
    data = None if sent is None else json.dumps(sent, ensure_ascii=False).encode()
    request = Request(url, data=data, headers={"Content-Type": "application/json", **(headers or {})})  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 (the address is the operator's own)
            read = answer.read()
    except HTTPError as error:
        error.close()
        raise (NeverSent if error.code in WRONG_ADDRESS else NotSent)(f"HTTP {error.code}") from None
    except (URLError, OSError) as error:
        raise NotSent(type(error).__name__) from None
    return _object(read)


def _object(read: bytes) -> dict[str, Any]:
    try:
        found = json.loads(read)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
