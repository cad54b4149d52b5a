from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "baiye.incidents"
