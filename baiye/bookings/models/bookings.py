"""Booking (预约): what comes before a seat, and the seat it came to."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baiye.bookings.models.releases import Opening
from baiye.schools.models import Pupil
from baiye.visits.models import Seat

USER = settings.AUTH_USER_MODEL
STATES = {
    "pressed": _("已登记"),
    "booked": _("已约上"),
    "waiting": _("候补中"),
    "offered": _("等您答复"),
    "ended": _("已结束"),
}
ENDINGS = [
    ("cancelled", _("取消了")),
    ("declined", _("没要这个名额")),
    ("expired", _("到时没有答复")),
    ("swapped", _("换到了另一场")),
    ("lapsed", _("候补到截止还没轮到")),
    ("closed", _("这一场取消了")),
    ("lost", _("没有抽中")),
]


class Booking(models.Model):
    """``pupil`` asked for a seat: pressed, booked, waiting or offered, until it ends; which one, its columns say.

    Made by the SQL function ``bookings_press`` alone. A seat that is given up ends its booking (a trigger); what has
    ended never changes; no row is deleted.
    """

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="bookings", db_index=False)
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="bookings")
    request = models.UUIDField(unique=True)  # client-made: a retry gets the same answer
    pressed_at = models.DateTimeField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False)
    group = models.UUIDField(null=True)  # a class teacher's, who booked for several at once
    rank = models.PositiveSmallIntegerField(null=True)  # ranked: 1 is most wanted
    place = models.PositiveIntegerField(null=True)  # in line; kept for good, so the order can be checked
    seat = models.OneToOneField(Seat, models.PROTECT, null=True, related_name="booking")
    offered_at = models.DateTimeField(null=True)
    offer_until = models.DateTimeField(null=True)  # a seat is held for the pupil until then
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", db_index=False)  # empty: by rule
    because = models.CharField(max_length=10, choices=ENDINGS, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["opening", "place"],
                condition=Q(ended_at=None, seat=None, offer_until=None, place__isnull=False),
                name="booking_in_line",
            ),
            models.Index(fields=["offer_until"], condition=Q(ended_at=None, seat=None), name="booking_offers_out"),
            models.Index(fields=["group"], condition=Q(group__isnull=False), name="booking_of_group"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "pupil"], condition=Q(ended_at=None), name="booking_one_live_a_pupil_and_opening"
            ),
            models.UniqueConstraint(
                fields=["opening", "place"], condition=Q(place__isnull=False), name="booking_place_in_line_once"
            ),
            models.CheckConstraint(
                name="booking_is_in_one_state",
                condition=Q(offer_until=None)
                | Q(seat=None, place__isnull=False, offered_at__isnull=False, offer_until__gt=F("offered_at")),
            ),
            models.CheckConstraint(
                name="booking_ended_because_of_something",
                condition=Q(ended_at=None, ended_by=None, because="")
                | (Q(ended_at__isnull=False) & Q(because__in=[code for code, _name in ENDINGS])),
            ),
            models.CheckConstraint(
                name="booking_ranked_from_one_to_five", condition=Q(rank=None) | Q(rank__range=(1, 5))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}：{STATES[self.state]}"

    @property
    def state(self) -> str:
        """The one place where the state is derived: a key of STATES."""
        if self.ended_at is not None:
            return "ended"
        if self.seat_id is not None:
            return "booked"
        if self.offer_until is not None:
            return "offered"
        return "pressed" if self.place is None else "waiting"
