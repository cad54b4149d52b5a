"""What the public register is searched by: one row a real host, kept by the database."""

from django.db import models

from baiye.core.search import Searched
from baiye.registry.models.hosts import Host


class Listing(Searched):
    """A host's line of the public register (名录); never an example, never one that was merged into another.

    Triggers on hosts, units and venues write it when what it says changes, so that no path to a host can forget to.
    Lists sort by ``sounds``, the name's. Whether the host is accredited depends on the day and is not in it.
    """

    host = models.OneToOneField(Host, models.CASCADE, primary_key=True, related_name="listing")
    evidence = models.CharField(max_length=10)
    kind = models.CharField(max_length=20)
    street = models.CharField(max_length=40, blank=True)
    trades = models.TextField(blank=True)  # the host's occupations, in lower case
    lon = models.FloatField(null=True)  # the host's own position, else that of its first open venue
    lat = models.FloatField(null=True)
    is_accessible = models.BooleanField(default=False)  # an open venue can be entered without a step

    class Meta(Searched.Meta):
        indexes = [
            *Searched.Meta.indexes,
            models.Index(fields=["evidence", "sounds", "host"], name="listing_in_order"),
            models.Index(fields=["lat", "lon", "host"], name="listing_by_place"),
        ]

    def __str__(self) -> str:
        return str(self.host_id)
