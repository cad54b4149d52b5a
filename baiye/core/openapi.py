"""What the open API's answers have in common: licence, moment, pages that follow a key, how often one may ask."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_cache_control
from ninja import Query, Schema

from baiye.core import clock, throttle

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
KEEP_S = 300  # for so long an answer may be shown again
ASKS, PER_S = 600, 600  # an address may ask so often in so many seconds

View = Callable[..., HttpResponse]
After = Annotated[int, Query(ge=0, description="从上一页的 next 里来；不填从头开始")]
Limit = Annotated[int, Query(ge=1, le=100, description="一页几条，最多 100")]


class Licensed(Schema):
    """What every answer says of itself: under which licence, and as of when."""

    licence: str = LICENCE
    licence_url: str = LICENCE_URL
    as_of: datetime


class Answer(Licensed):
    """A page of open data; ``next`` is the ``after`` of the page that follows, empty on the last."""

    next: int | None


def page_of(rows: QuerySet[Any], after: int, limit: int) -> tuple[list[Any], int | None]:
    """The rows after a key, in order of key, and the last key where more follow: one query, however far one reads."""
    found = list(rows.order_by("pk").filter(pk__gt=after)[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def answer(items: Iterable[Any], following: int | None) -> dict[str, object]:
    """What an ``Answer`` is made from."""
    return {"items": list(items), "as_of": _this_minute(), "next": following}


def answer_of_one(item: object) -> dict[str, object]:
    """What a ``Licensed`` answer with one ``item`` is made from."""
    return {"item": item, "as_of": _this_minute()}


def _this_minute() -> datetime:
    return clock.now().replace(second=0, microsecond=0)


def public(view: View) -> View:
    """An answer that anybody may keep for a while, with an ETag; 429 to who asks too often."""

    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            patch_cache_control(response, public=True, max_age=KEEP_S)
        shown = ConditionalGetMiddleware(lambda _request: response)(request)
        assert isinstance(shown, HttpResponse)
        return shown

    return _rationed("api", wraps(view)(kept))


def private(view: View) -> View:
    """An answer for one partner alone, kept by nobody; 429 to who asks too often."""

    def unkept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return _rationed("partner api", wraps(view)(unkept))


def _rationed(what: str, view: View) -> View:
    """``view`` for an address that has not asked too often."""

    @wraps(view)
    def rationed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not throttle.hit_from(request, what, limit=ASKS, per_s=PER_S):
            return HttpResponse("请求太多，请过十分钟再来。", status=429, headers={"Retry-After": str(PER_S)})
        return view(request, *args, **kwargs)

    return rationed
