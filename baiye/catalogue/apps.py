from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "baiye.catalogue"

    def ready(self) -> None:
        """Put our figures and courses on the public pages, and have courses follow a host that is merged."""
        from baiye.catalogue import public  # noqa: PLC0415 (models are there only now)
        from baiye.catalogue.queries import search  # noqa: PLC0415
        from baiye.registry import landing, merges  # noqa: PLC0415

        landing.FIGURES.append(public.figures)
        landing.COURSES.append(public.courses_of)
        landing.OFFERING.append(search.hosts_offering)
        landing.COURSE_LINES.append(search.course_lines)
        merges.follow("catalogue.Course", "host")
        merges.follow("catalogue.ReportedCourse", "host")
