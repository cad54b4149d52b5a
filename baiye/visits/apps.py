from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "baiye.visits"
