from django.urls import URLPattern, URLResolver, path

from baiye.registry.views import register

app_name = "registry"
urlpatterns: list[URLPattern | URLResolver] = [
    path("welcome/", register.landing, name="landing"),
    path("hosts/", register.host_list, name="host-list"),
    path("hosts/register.csv", register.host_export, name="host-export"),
    path("hosts/<int:host_id>/", register.host, name="host"),
]
