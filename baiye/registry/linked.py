"""What machines read of a public page: schema.org as JSON-LD, a block of data that no browser runs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from baiye.registry.models import Host
from baiye.registry.queries.verdicts import Verdict

HARMLESS = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}  # nothing in it can end the block


@dataclass(frozen=True, slots=True)
class LinkedData:
    """One thing of schema.org."""

    thing: Mapping[str, object]

    def __html__(self) -> str:
        """The block, with everything that HTML could take for its end escaped."""
        said = json.dumps({"@context": "https://schema.org", **self.thing}, ensure_ascii=False)
        return f'<script type="application/ld+json">{said.translate(HARMLESS)}</script>'


def of_host(host: Host, verdict: Verdict) -> SafeString:
    """A host as a schema.org EducationalOrganization; an accreditation as its credential."""
    return format_html("{}", LinkedData(_host(host, verdict)))


def of_register(rows: Iterable[tuple[Host, Verdict]]) -> SafeString:
    """A page of the register as a schema.org ItemList."""
    items = [
        {"@type": "ListItem", "position": n, "item": _host(host, verdict)} for n, (host, verdict) in enumerate(rows, 1)
    ]
    return format_html("{}", LinkedData({"@type": "ItemList", "name": "职业体验单位名单", "itemListElement": items}))


def address_of(host: Host) -> str:
    """The address of a host's page on the open web."""
    return f"{settings.BAIYE_SITE_URL.rstrip('/')}{reverse('registry:host', args=[host.pk])}"


def _host(host: Host, verdict: Verdict) -> dict[str, object]:
    place = {
        "@type": "PostalAddress",
        "streetAddress": host.address,
        "addressLocality": host.street,
        "addressRegion": settings.BAIYE_DISTRICT,
        "addressCountry": "CN",
    }
    said: dict[str, object] = {
        "@type": "EducationalOrganization",
        "name": host.unit.name,
        "url": address_of(host),
        "address": {name: value for name, value in place.items() if value},
    }
    if host.lon is not None and host.lat is not None:
        said["geo"] = {"@type": "GeoCoordinates", "longitude": host.lon, "latitude": host.lat}
    if verdict.state == "accredited" and verdict.by is not None:
        said["hasCredential"] = {
            "@type": "EducationalOccupationalCredential",
            "name": str(verdict.by.standard),
            "validFrom": f"{verdict.by.valid_from:%Y-%m-%d}",
            "expires": f"{verdict.by.valid_until:%Y-%m-%d}",
        }
    return said
