from django.urls import URLPattern, URLResolver, path

from baiye.registry import views

app_name = "registry"
urlpatterns: list[URLPattern | URLResolver] = [
    path("welcome/", views.landing, name="landing"),
    path("hosts/", views.host_list, name="host-list"),
    path("hosts/register.csv", views.host_export, name="host-export"),
    path("hosts/<int:host_id>/", views.host, name="host"),
]
