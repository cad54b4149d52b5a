from django.urls import URLPattern, URLResolver, path

from baiye.portfolio import views

app_name = "portfolio"
urlpatterns: list[URLPattern | URLResolver] = [
    path("portfolio/", views.mine, name="mine"),
    path("portfolio/pupils/<int:pupil_id>/", views.pupil, name="pupil"),
    path("portfolio/<int:seat_id>/", views.visit, name="visit"),
]
