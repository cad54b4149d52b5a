"""What courses and occupations are searched by; kept by the database."""

from django.db import models

from baiye.catalogue.models.courses import Course, CourseVersion
from baiye.catalogue.models.occupations import Occupation
from baiye.core.search import Searched
from baiye.registry.models import Host


class CourseListing(Searched):
    """A course's line of the catalogue: its version in force; a course that is a draft or retired has none.

    Triggers on courses, versions, occupations and units write it, so that no path to a course can forget to.
    """

    course = models.OneToOneField(Course, models.CASCADE, primary_key=True, related_name="listing")
    version = models.OneToOneField(CourseVersion, models.CASCADE, related_name="listing")
    host = models.ForeignKey(Host, models.CASCADE, related_name="+")
    is_example = models.BooleanField()
    riasec = models.CharField(max_length=1)
    grade_from = models.PositiveSmallIntegerField()
    grade_to = models.PositiveSmallIntegerField()
    occupation = models.TextField(blank=True)  # its name and code, in lower case
    sort = models.TextField(blank=True)  # host, then title, by sound

    class Meta(Searched.Meta):
        indexes = [
            *Searched.Meta.indexes,
            models.Index(fields=["is_example", "sort", "course"], name="courselisting_in_order"),
            models.Index(fields=["host", "is_example", "grade_from", "grade_to"], name="courselisting_by_stage"),
        ]

    def __str__(self) -> str:
        return str(self.course_id)


class OccupationListing(Searched):
    """An occupation's line: its name and code, and the codes it had before or stands under as well."""

    occupation = models.OneToOneField(Occupation, models.CASCADE, primary_key=True, related_name="listing")

    class Meta(Searched.Meta):
        pass

    def __str__(self) -> str:
        return str(self.occupation_id)
