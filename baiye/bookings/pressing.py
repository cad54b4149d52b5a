"""A press as it comes over the wire, and the answer that goes back: the same for the plain view and for the rush."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.bookings.actions.presses import TOO_OFTEN, Answer

T = TypeVar("T")
ADDRESS = "/bookings/presses/"
MOST_BYTES = 16 * 1024  # a press has four short fields
PRESSES, PER_S = 30, 60  # so many presses of one account in so many seconds
MOST_TRIES = 4
TRY_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock: PostgreSQL says the transaction may be done again


@dataclass(frozen=True, slots=True)
class Press:
    """What a form says: this pupil wants a seat of this opening; ``request`` is made by the client, once a press."""

    opening: int
    pupil: int
    request: UUID
    rank: int | None = None


def read(form: Mapping[str, str]) -> Press | None:
    """The press in a form, or None when one of its fields is no such thing."""
    rank = form.get("rank", "")
    try:
        return Press(
            opening=_number(form.get("opening", ""), 2**63),
            pupil=_number(form.get("pupil", ""), 2**63),
            request=UUID(form.get("request", "")),
            rank=_number(rank, 2**15) if rank else None,
        )
    except ValueError:
        return None


def _number(text: str, below: int) -> int:
    """A whole number from 1, as a column of ours can hold it; ValueError for anything else."""
    if text.isascii() and text.isdigit() and len(text) < 20 and 0 < int(text) < below:
        return int(text)
    raise ValueError(text)


def throttle_key(user_id: int) -> str:
    """Whose tries are counted: an account's, whatever it presses."""
    return f"booking press {user_id}"


def again(act: Callable[[], T]) -> T:
    """What ``act`` gives, a whole transaction; tried a few times when the database asks for it to be done again."""
    left = MOST_TRIES
    while True:
        left -= 1
        try:
            return act()
        except OperationalError as error:
            if not left or getattr(error.__cause__, "sqlstate", None) not in TRY_AGAIN:
                raise


# ── answers ──


def reply(request: HttpRequest, press: Press, answer: Answer) -> HttpResponse:
    """To a browser: on to the booking, or back with a sentence why not. To who asks for JSON: what came of it."""
    if wants_json(request):
        return JsonResponse(told(press, answer))
    if answer.is_refused:
        messages.warning(request, answer.sentence)
    return HttpResponseRedirect(_url(press, answer))


def told(press: Press, answer: Answer) -> dict[str, str | int | None]:
    """What came of a press, for who asks for JSON."""
    said: dict[str, str | int | None] = {"state": answer.state, "reason": answer.reason, "sentence": answer.sentence}
    said |= {"url": _url(press, answer), "request": str(answer.request)}
    return said | {"booking": answer.booking, "place": answer.place}


def _url(press: Press, answer: Answer) -> str:
    return _back(press, answer.reason) if answer.booking is None else _address("booking", answer.booking)


def reply_too_often(request: HttpRequest, press: Press) -> HttpResponse:
    """To one press too many: nothing was done, and when to come again."""
    sentence = _("点得太快了，这一次没有算。请过 {s} 秒再试。").format(s=PER_S)
    if wants_json(request):
        said = {"state": "refused", "reason": TOO_OFTEN, "sentence": sentence}
        return JsonResponse(said, status=429, headers={"Retry-After": str(PER_S)})
    messages.warning(request, sentence)
    return HttpResponseRedirect(_back(press, ""))


def reply_busy(after_s: int) -> HttpResponse:
    """To a press for which there is no room at the moment: nothing was done, and when to come again."""
    sentence = _("现在点的人太多，这一次没有算。请过 {s} 秒再点一次，排队次序按点上的那一次算。").format(s=after_s)
    headers = {"Retry-After": str(after_s), "Cache-Control": "no-store"}
    return HttpResponse(sentence, status=503, content_type="text/plain; charset=utf-8", headers=headers)


def _back(press: Press, reason: str) -> str:
    """Where the button was; or, when there is no such opening for this pupil, to those there are."""
    return reverse("bookings:opening-list") if reason == "unknown" else _address("opening", press.opening)


def _address(name: str, pk: int) -> str:
    return _pattern(name).replace("/0/", f"/{pk}/")


@cache
def _pattern(name: str) -> str:
    return reverse(f"bookings:{name}", args=[0])


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.META.get("HTTP_ACCEPT", "")  # `headers` would read all of them
