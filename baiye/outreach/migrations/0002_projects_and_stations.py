import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Community projects, walk-ins and stations. No lock: new tables."""

    dependencies = [
        ("accounts", "0010_api_keys"),
        ("outreach", "0001_talks"),
        ("registry", "0010_listing_when_it_changes"),
        ("visits", "0004_seats_only_where_nothing_hinders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("title", models.CharField(max_length=40)),
                ("about", models.CharField(blank=True, max_length=400)),
                ("is_example", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("takes_walk_ins", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="projects", to="outreach.programme"
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
                    "visit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="project", to="visits.visit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Station",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("guidance", "职业指导"),
                                ("assessment", "职业兴趣测评"),
                                ("experience", "学生职业体验"),
                                ("job_posts", "岗位信息查询"),
                                ("job_fair", "招聘会"),
                                ("training", "技能培训咨询"),
                                ("traineeship", "青年见习"),
                                ("start_up", "创业指导"),
                                ("registration", "就业失业登记"),
                                ("policy", "就业政策咨询"),
                                ("support", "就业援助"),
                                ("self_service", "自助服务机"),
                            ],
                            max_length=14,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("telephone", models.CharField(blank=True, max_length=30)),
                ("for_pupils", models.CharField(blank=True, max_length=400)),
                ("notice", models.CharField(blank=True, max_length=200)),
                ("notice_until", models.DateField(null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "host",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="station", to="registry.host"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WalkIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("children", models.PositiveSmallIntegerField()),
                ("adults", models.PositiveSmallIntegerField()),
                ("counted_at", models.DateTimeField()),
                ("voided_at", models.DateTimeField(null=True)),
                (
                    "counted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="walk_ins", to="outreach.project"
                    ),
                ),
                (
                    "voided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.UniqueConstraint(fields=("unit", "title"), name="programme_named_once"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at", None), ("published_by", None)),
                    models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                    _connector="OR",
                ),
                name="project_published_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="station",
            constraint=models.CheckConstraint(
                condition=models.Q(("services__len__gte", 1)), name="station_serves_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="station",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("notice", ""), ("notice_until", None)),
                    models.Q(models.Q(("notice", ""), _negated=True), ("notice_until__isnull", False)),
                    _connector="OR",
                ),
                name="station_notice_has_a_last_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="walkin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "children__gte",
                        django.db.models.expressions.CombinedExpression(models.Value(1), "-", models.F("adults")),
                    ),
                    ("children__lte", 500),
                    ("adults__lte", 500),
                ),
                name="walk_in_counts_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="walkin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("voided_at", None), ("voided_by", None)),
                    models.Q(("voided_at__isnull", False), ("voided_by__isnull", False)),
                    _connector="OR",
                ),
                name="walk_in_voided_by_whom_and_when",
            ),
        ),
    ]
