import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Releases, their openings, and bookings: what comes before a seat. New tables; locks none."""

    initial = True

    dependencies = [
        ("accounts", "0010_api_keys"),
        ("schools", "0001_initial"),
        ("visits", "0005_seats_held_for_an_offer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=60)),
                (
                    "mode",
                    models.CharField(
                        choices=[("draw", "抽签"), ("ranked", "排志愿"), ("first", "先到先得")],
                        default="draw",
                        max_length=10,
                    ),
                ),
                ("opens_at", models.DateTimeField()),
                ("draw_until", models.DateTimeField(null=True)),
                ("closes_at", models.DateTimeField()),
                ("most_a_term", models.PositiveSmallIntegerField(default=4)),
                ("most_open", models.PositiveSmallIntegerField(default=2)),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("published_at", models.DateTimeField(null=True)),
                ("frozen_sha256", models.CharField(blank=True, max_length=64)),
                ("frozen_at", models.DateTimeField(null=True)),
                ("seed", models.CharField(blank=True, max_length=64)),
                ("drawn_at", models.DateTimeField(null=True)),
                ("is_example", models.BooleanField(default=False)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="schools.term"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="accounts.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "grades",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "consents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("health", "健康提醒"), ("photo", "拍照入档"), ("display", "公开展示")],
                            max_length=10,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("reserved", models.PositiveSmallIntegerField(default=0)),
                ("reserved_from_grade", models.PositiveSmallIntegerField(null=True)),
                ("reserved_until", models.DateTimeField(null=True)),
                ("offer_hours", models.PositiveSmallIntegerField(default=24)),
                ("cancel_until", models.PositiveSmallIntegerField(default=24)),
                ("waiting_most", models.PositiveSmallIntegerField(null=True)),
                (
                    "visit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="opening", to="visits.visit"
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="bookings.release"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReleaseFiles",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("frozen", models.BinaryField()),
                ("result", models.BinaryField(null=True)),
                ("figures", models.JSONField(default=dict)),
                (
                    "release",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="bookings.release"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(unique=True)),
                ("pressed_at", models.DateTimeField()),
                ("group", models.UUIDField(null=True)),
                ("rank", models.PositiveSmallIntegerField(null=True)),
                ("place", models.PositiveIntegerField(null=True)),
                ("offered_at", models.DateTimeField(null=True)),
                ("offer_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("cancelled", "取消了"),
                            ("declined", "没要这个名额"),
                            ("expired", "到时没有答复"),
                            ("swapped", "换到了另一场"),
                            ("lapsed", "候补到截止还没轮到"),
                            ("closed", "这一场取消了"),
                            ("lost", "没有抽中"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="schools.pupil"
                    ),
                ),
                (
                    "seat",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="booking", to="visits.seat"
                    ),
                ),
                (
                    "opening",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="bookings.opening",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("ended_at", None), ("offer_until", None), ("place__isnull", False), ("seat", None)
                        ),
                        fields=["opening", "place"],
                        name="booking_in_line",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None), ("seat", None)),
                        fields=["offer_until"],
                        name="booking_offers_out",
                    ),
                    models.Index(
                        condition=models.Q(("group__isnull", False)), fields=["group"], name="booking_of_group"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("opening", "pupil"),
                        name="booking_one_live_a_pupil_and_opening",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("place__isnull", False)),
                        fields=("opening", "place"),
                        name="booking_place_in_line_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("offer_until", None),
                            models.Q(
                                ("offer_until__gt", models.F("offered_at")),
                                ("offered_at__isnull", False),
                                ("place__isnull", False),
                                ("seat", None),
                            ),
                            _connector="OR",
                        ),
                        name="booking_is_in_one_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("because", ""), ("ended_at", None), ("ended_by", None)),
                            models.Q(
                                ("ended_at__isnull", False),
                                (
                                    "because__in",
                                    ["cancelled", "declined", "expired", "swapped", "lapsed", "closed", "lost"],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="booking_ended_because_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rank", None), ("rank__range", (1, 5)), _connector="OR"),
                        name="booking_ranked_from_one_to_five",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["opens_at"], name="release_by_opening"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="release_closes_after_it_opens"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("draw_until__isnull", False),
                        ("mode", "draw"),
                        ("draw_until__gt", models.F("opens_at")),
                        ("draw_until__lte", models.F("closes_at")),
                    ),
                    models.Q(models.Q(("mode", "draw"), _negated=True), ("draw_until", None)),
                    _connector="OR",
                ),
                name="release_by_draw_says_until_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["draw", "ranked", "first"])), name="release_of_a_known_mode"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("most_a_term__gte", 1), ("most_open__gte", 1)), name="release_caps_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at", None), ("published_by", None)),
                    models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                    _connector="OR",
                ),
                name="release_published_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("seed", ""),
                        models.Q(("frozen_at__isnull", False), ("frozen_sha256__regex", "^[0-9a-f]{64}$")),
                        _connector="OR",
                    ),
                    models.Q(("drawn_at", None), models.Q(("seed", ""), _negated=True), _connector="OR"),
                ),
                name="release_is_frozen_before_the_seed_is_drawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reserved", 0),
                    models.Q(
                        ("reserved_from_grade__isnull", False),
                        ("reserved_from_grade__range", (1, 12)),
                        ("reserved_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="opening_reserves_for_whom_and_until_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.CheckConstraint(
                condition=models.Q(("offer_hours__range", (1, 168))), name="opening_offers_for_some_hours"
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.CheckConstraint(
                condition=models.Q(("cancel_until__lte", 336)), name="opening_cancels_within_two_weeks"
            ),
        ),
    ]
