"""The tables of the registry, one file a noun; Django looks for them here, and so may everyone."""

from baiye.registry.models.accreditations import Accreditation, Appeal, Measure, Proposal
from baiye.registry.models.applications import Application, Step
from baiye.registry.models.documents import HostDocument
from baiye.registry.models.hosts import Host, MapShape, Venue
from baiye.registry.models.inspections import Decision, Inspection, Photo, Score, Signature
from baiye.registry.models.listing import Listing
from baiye.registry.models.penalties import PenaltyCheck
from baiye.registry.models.standards import DOCUMENTS, Indicator, Standard

__all__ = [
    "DOCUMENTS",
    "Accreditation",
    "Appeal",
    "Application",
    "Decision",
    "Host",
    "HostDocument",
    "Indicator",
    "Inspection",
    "Listing",
    "MapShape",
    "Measure",
    "PenaltyCheck",
    "Photo",
    "Proposal",
    "Score",
    "Signature",
    "Standard",
    "Step",
    "Venue",
]
