from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "baiye.catalogue"

    def ready(self) -> None:
        """Put our figures and courses on the public pages."""
        from baiye.catalogue import public  # noqa: PLC0415 (models are there only now)
        from baiye.registry import landing  # noqa: PLC0415

        landing.FIGURES.append(public.figures)
        landing.COURSES.append(public.courses_of)
