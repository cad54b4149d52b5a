"""The addresses of this room."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "outreach"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("baiye.outreach.urls_talks")),
    path("", include("baiye.outreach.urls_streets")),
]
