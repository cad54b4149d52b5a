from django.urls import path

from baiye.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.roles, name="roles"),
    path("demo/sessions/", views.enter, name="enter"),
    path("demo/outbox/", views.outbox, name="outbox"),
]
