import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Incidents and complaints. No lock: new tables."""

    initial = True

    dependencies = [
        ("accounts", "0002_only_staff_hold_grants"),
        ("core", "0006_files_keep_their_bytes"),
        ("registry", "0004_the_register_keeps_its_word"),
        ("schools", "0002_consent_and_notes"),
        ("visits", "0002_seats_keep_their_promises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("injury", "受伤或突发疾病"),
                            ("missing", "学生走失或未到"),
                            ("harm", "怀疑学生受到侵害"),
                            ("conduct", "成年人言行不当"),
                            ("food", "食品或过敏"),
                            ("equipment", "设备、火、电、化学品"),
                            ("transport", "接送和交通"),
                            ("data", "个人信息泄露"),
                            ("near_miss", "差一点出事"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("place", models.CharField(blank=True, max_length=80)),
                ("what_sealed", models.BinaryField()),
                ("done_sealed", models.BinaryField(default=b"")),
                (
                    "told",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("guardian", "家长"),
                                ("school", "学校"),
                                ("ambulance", "120 急救"),
                                ("police", "110 公安"),
                                ("district", "区教育局"),
                                ("host", "基地负责人"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("reported_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("minor", "轻微"), ("serious", "较重"), ("critical", "严重")],
                        max_length=10,
                    ),
                ),
                ("due_on", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="registry.host",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incidents", to="accounts.unit"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="visits.visit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Concerned",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.pupil"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="concerned", to="incidents.incident"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IncidentPhoto",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "file",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.file"),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="incidents.incident"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("triage", "定级与分派"),
                            ("note", "跟进"),
                            ("told", "已告知"),
                            ("suspended", "暂停基地"),
                            ("closed", "结案"),
                            ("reopened", "重开"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text_sealed", models.BinaryField(default=b"")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="incidents.incident"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("selling", "推销、收费或发广告"),
                            ("contact", "索要联系方式或个人信息"),
                            ("safety", "不安全"),
                            ("conduct", "态度或言行"),
                            ("content", "内容与公布的不一样"),
                            ("fairness", "名额或录取不公平"),
                            ("discrimination", "没有被平等对待"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text_sealed", models.BinaryField()),
                ("contact_sealed", models.BinaryField(default=b"")),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("due_on", models.DateField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("upheld", models.BooleanField(null=True)),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("final_at", models.DateTimeField(null=True)),
                ("final_upheld", models.BooleanField(null=True)),
                ("final_answer", models.CharField(blank=True, max_length=1000)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "final_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="registry.host",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="complaints", to="accounts.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["answered_at", "due_on"], name="complaint_open_first")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None), ("upheld", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("upheld__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="complaint_answered_by_whom_when_and_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("escalated_at", None), ("answered_at__isnull", False), _connector="OR"),
                        name="complaint_escalated_after_an_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("final_answer", ""), ("final_at", None), ("final_by", None), ("final_upheld", None)
                            ),
                            models.Q(
                                ("escalated_at__isnull", False),
                                ("final_at__isnull", False),
                                ("final_by__isnull", False),
                                ("final_upheld__isnull", False),
                                models.Q(("final_answer", ""), _negated=True),
                                models.Q(("final_by", models.F("answered_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="complaint_looked_at_again_by_another",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["closed_at", "-reported_at"], name="incident_open_first"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("happened_at__lte", models.F("reported_at"))),
                name="incident_not_before_it_happened",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_by", None)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="incident_closed_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None),
                    models.Q(models.Q(("severity", ""), _negated=True), ("owner__isnull", False)),
                    _connector="OR",
                ),
                name="incident_closed_once_weighed",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None),
                    ("severity", "minor"),
                    models.Q(("closed_by", models.F("owner")), _negated=True),
                    _connector="OR",
                ),
                name="incident_heavier_than_minor_closed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="concerned",
            constraint=models.UniqueConstraint(fields=("incident", "pupil"), name="concerned_once_an_incident"),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["incident", "at"], name="incident_step"),
        ),
    ]
