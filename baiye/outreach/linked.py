"""What machines read of a community project: schema.org Event as JSON-LD."""

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from baiye.outreach.models import Project
from baiye.registry.linked import LinkedData


def address_of(project: Project) -> str:
    """The address of a project's page on the open web."""
    return f"{settings.BAIYE_SITE_URL.rstrip('/')}{reverse('outreach:project', args=[project.pk])}"


def of_project(project: Project) -> SafeString:
    """A project, as `queries.projects.loaded`, as an Event that is free and offline."""
    visit = project.visit
    state = "EventCancelled" if visit.cancelled_at else "EventScheduled"
    said: dict[str, object] = {
        "@type": "Event",
        "name": visit.version.title,
        "url": address_of(project),
        "startDate": visit.starts_at.isoformat(),
        "endDate": visit.ends_at.isoformat(),
        "eventStatus": f"https://schema.org/{state}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": visit.version.price_fen == 0,
        "superEvent": {"@type": "EventSeries", "name": project.programme.title},
        "organizer": {"@type": "Organization", "name": project.programme.unit.name},
        "location": _place(project),
    }
    if visit.version.summary:
        said["description"] = visit.version.summary
    if visit.guide:
        said["performer"] = {"@type": "Person", "name": visit.guide}
    return format_html("{}", LinkedData(said))


def _place(project: Project) -> dict[str, object]:
    venue = project.visit.venue
    address = {
        "@type": "PostalAddress",
        "streetAddress": venue.address or venue.host.address,
        "addressLocality": project.street,  # type: ignore[attr-defined]
        "addressRegion": settings.BAIYE_DISTRICT,
        "addressCountry": "CN",
    }
    place: dict[str, object] = {
        "@type": "Place",
        "name": f"{venue.host.unit.name} {venue.name}",
        "address": {name: value for name, value in address.items() if value},
    }
    lon, lat = project.lon, project.lat  # type: ignore[attr-defined]
    if lon is not None and lat is not None:
        place["geo"] = {"@type": "GeoCoordinates", "longitude": lon, "latitude": lat}
    return place
