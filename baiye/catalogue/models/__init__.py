"""The tables of the catalogue, one file a noun; Django looks for them here, and so may everyone."""

from baiye.catalogue.hazards import HAZARDS
from baiye.catalogue.models.courses import ACCESS, LANGUAGES, STEPS, Author, Course, CourseVersion
from baiye.catalogue.models.listings import CourseListing, OccupationListing
from baiye.catalogue.models.occupations import RIASEC, Occupation, OccupationAlias
from baiye.catalogue.models.reported import ReportedCourse, ReportedEvent
from baiye.catalogue.models.reviews import PARTS, Review, ReviewItem, ReviewPart
from baiye.catalogue.models.series import Series, SeriesStep
from baiye.catalogue.models.supplies import Material, Supply, VenueStock
from baiye.catalogue.task_groups import TASK_GROUPS

__all__ = [
    "ACCESS",
    "HAZARDS",
    "LANGUAGES",
    "PARTS",
    "RIASEC",
    "STEPS",
    "TASK_GROUPS",
    "Author",
    "Course",
    "CourseListing",
    "CourseVersion",
    "Material",
    "Occupation",
    "OccupationAlias",
    "OccupationListing",
    "ReportedCourse",
    "ReportedEvent",
    "Review",
    "ReviewItem",
    "ReviewPart",
    "Series",
    "SeriesStep",
    "Supply",
    "VenueStock",
]
