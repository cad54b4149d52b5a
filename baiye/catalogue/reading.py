"""What a page shows of a version, whoever reads it."""

from baiye.catalogue.comparing import yuan
from baiye.catalogue.hazards import KNOWN
from baiye.catalogue.models import LANGUAGES, STEPS, CourseVersion
from baiye.catalogue.queries.supplies import materials_by_step, supplied


def facts(version: CourseVersion) -> dict[str, object]:
    """What every page of a version shows of it, the public one too; no query."""
    return {
        "version": version,
        "host": version.course.host,
        "hazards": [KNOWN[key] for key in version.hazards if key in KNOWN],
        "languages": [name for code, name in LANGUAGES if code in version.languages],
        "price": yuan(version.price_fen),
    }


def reading(version: CourseVersion) -> dict[str, object]:
    """What the desk's pages show of a version: everything."""
    papers = materials_by_step(version, readers=("pupil", "instructor"))
    notes = (version.steps, version.pupil_notes, version.instructor_notes)
    steps = [(name, *(told.get(key, "") for told in notes), papers.get(key, [])) for key, name in STEPS]
    return facts(version) | {"steps": steps, "supplied": supplied(version)}
