"""What a page shows of a version, whoever reads it."""

from baiye.catalogue.comparing import yuan
from baiye.catalogue.hazards import KNOWN
from baiye.catalogue.models import LANGUAGES, STEPS, CourseVersion
from baiye.catalogue.queries.supplies import materials_by_step, supplied


def reading(version: CourseVersion) -> dict[str, object]:
    """What the page of a version shows of it."""
    papers = materials_by_step(version, readers=("pupil", "instructor"))
    notes = (version.steps, version.pupil_notes, version.instructor_notes)
    return {
        "version": version,
        "host": version.course.host,
        "steps": [(name, *(told.get(key, "") for told in notes), papers.get(key, [])) for key, name in STEPS],
        "hazards": [KNOWN[key] for key in version.hazards if key in KNOWN],
        "languages": [name for code, name in LANGUAGES if code in version.languages],
        "price": yuan(version.price_fen),
        "supplied": supplied(version),
    }
