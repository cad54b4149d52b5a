from django.apps import AppConfig


class MentorsConfig(AppConfig):
    name = "baiye.mentors"
