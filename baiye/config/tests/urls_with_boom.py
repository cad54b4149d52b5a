"""The site with one page that breaks; for test_headers."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from baiye.config.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("as planned")


urlpatterns = [path("boom/", boom), path("", include("baiye.config.urls"))]
