"""The live number of free seats, which open pages ask for every two seconds: answered before anybody asks who looks."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve

Respond = Callable[[HttpRequest], HttpResponse]
LIVE = ("/bookings/openings/", "/free/")  # how the addresses of `views.openings.free` and `free_tags` begin and end


def live_numbers(get_response: Respond) -> Respond:
    """Answer a page that asks for its number, the same for everybody, without reading a session or an account."""

    def respond(request: HttpRequest) -> HttpResponse:
        begins, ends = LIVE
        if not (request.path_info.startswith(begins) and request.path_info.endswith(ends)):
            return get_response(request)
        try:
            view, args, kwargs = resolve(request.path_info)
            response: HttpResponse = view(request, *args, **kwargs)
        except Http404:  # the page that says so wants to know who looks
            return get_response(request)
        return response

    return respond
