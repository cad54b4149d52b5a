"""What a child reaches on foot: the page, and its points as open data."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from baiye.core import clock
from baiye.core.middleware import POLICY
from baiye.outreach.forms.near import A_WALK, NearForm
from baiye.outreach.queries import near as queries
from baiye.registry.queries.register import DETOUR, M_A_DEGREE, M_A_MINUTE, map_shapes
from baiye.registry.sketch import sketch

WALK = {"m_a_degree": M_A_DEGREE, "detour": DETOUR, "m_a_minute": M_A_MINUTE, "farther": queries.FARTHER}
MAY_LOCATE = POLICY.replace("geolocation=()", "geolocation=(self)")  # on this page alone, and only when one asks


@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """What is open within a walk: from a school or street without script, from any point in the browser with it.

    A point that is chosen on the map never comes here.
    """
    schools, streets = queries.schools(), queries.streets()
    form = NearForm({"minutes": str(A_WALK)} | request.GET.dict(), schools=schools, streets=streets)
    drawn = sketch(list(map_shapes()), ())
    origin, minutes = form.origin, form.most_minutes
    rows = queries.reached(queries.places(clock.now()), origin, minutes, form.wanted) if origin else []
    context = {
        "form": form,
        "origin": origin,
        "minutes": minutes,
        "map": drawn,
        "near": [row for row in rows if row.number],
        "farther": [row for row in rows if not row.number],
        "settings": {"walk": WALK, "frame": drawn.frame.data() if drawn else None},
    }
    response = render(request, "outreach/near.html", context)
    response["Permissions-Policy"] = MAY_LOCATE
    return response


@require_safe
@cache_control(public=True, max_age=60)
def points(_request: HttpRequest) -> JsonResponse:
    """Every place where something is open, and what one may start from: public, the same for everyone."""
    places = [asdict(place) for place in queries.places(clock.now())]
    starts = [asdict(each) for each in (*queries.schools(), *queries.streets())]
    return JsonResponse({"places": places, "starts": starts, "walk": WALK}, json_dumps_params={"ensure_ascii": False})
