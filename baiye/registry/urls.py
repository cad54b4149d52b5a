from django.urls import URLPattern, URLResolver, include, path

from baiye.registry.views import opendata, register

app_name = "registry"
urlpatterns: list[URLPattern | URLResolver] = [
    path("welcome/", register.landing, name="landing"),
    path("hosts/", register.host_list, name="host-list"),
    path("hosts/register.csv", opendata.host_export, name="host-export"),
    path("hosts/register.json", opendata.host_data, name="host-data"),
    path("hosts/official-list.pdf", opendata.official_list, name="official-list"),
    path("hosts/<int:host_id>/", register.host, name="host"),
    path("", include("baiye.registry.urls_accreditation")),
    path("", include("baiye.registry.urls_hosts")),
]
