from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "baiye.catalogue"

    def ready(self) -> None:
        """Courses come as a sheet, stand on the public pages with their figures, and follow a host that is merged."""
        from baiye.catalogue import public  # noqa: PLC0415 (models are there only now)
        from baiye.catalogue.queries import search  # noqa: PLC0415
        from baiye.catalogue.sheets import courses  # noqa: PLC0415
        from baiye.core.sheets import kinds  # noqa: PLC0415
        from baiye.registry import landing, merges  # noqa: PLC0415

        kinds.offer(courses.SHEET)
        landing.FIGURES.append(public.figures)
        landing.COURSES.append(public.courses_of)
        landing.OFFERING.append(search.hosts_offering)
        landing.COURSE_LINES.append(search.course_lines)
        merges.follow("catalogue.Course", "host")
        merges.follow("catalogue.ReportedCourse", "host")
