from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from baiye.core import views, views_design, views_look

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="health"),
    path("look/", views_look.look, name="look"),
    path("help/", views_look.help_page, name="help"),
]
if settings.DEMONSTRATION or settings.BAIYE_MODE == "development":
    urlpatterns.append(path("design/", views_design.design, name="design"))
