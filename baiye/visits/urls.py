from django.urls import URLPattern, URLResolver, path

from baiye.visits import views

app_name = "visits"
urlpatterns: list[URLPattern | URLResolver] = [
    path("visits/", views.visit_list, name="visit-list"),
    path("visits/new/", views.visit_new, name="visit-new"),
    path("visits/<int:visit_id>/cancellation/", views.cancellation, name="cancellation"),
]
