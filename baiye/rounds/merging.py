"""Class trips follow a host that is merged with another."""

from django.utils.translation import gettext as _

from baiye.registry.actions.merging import MergeRefused
from baiye.registry.models import Host
from baiye.rounds.models import Trip


def move_trips(old: Host, new: Host) -> int:
    """Have the trips to ``old`` lead to ``new``; how many.

    Raises
    ------
    MergeRefused
        A class travels to both in one round, which it cannot to one host.
    """
    there = Trip.objects.filter(host=new).values_list("round", "school_class")
    both = set(there) & set(Trip.objects.filter(host=old).values_list("round", "school_class"))
    if both:
        raise MergeRefused(
            _("有 %(n)s 个班在同一轮里两家都去。请先在轮次里改掉其中一次行程，再合并") % {"n": len(both)}
        )
    return Trip.objects.filter(host=old).update(host=new)
