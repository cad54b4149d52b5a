import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import baiye.accounts.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_only_staff_hold_grants"),
        ("catalogue", "0002_published_versions_never_change"),
        ("core", "0006_files_keep_their_bytes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("place", models.CharField(blank=True, max_length=60)),
                ("topic", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Mentor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("pinyin", models.CharField(blank=True, max_length=240)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("counsellor", "校外辅导员"),
                                ("craftsman", "劳模工匠"),
                                ("guide", "基地带教"),
                                ("driver", "司机"),
                                ("volunteer", "志愿者"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                    ),
                ),
                ("phone_sealed", models.BinaryField(default=b"")),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("mandarin", "普通话"),
                                ("shanghainese", "沪语"),
                                ("english", "英语"),
                                ("sign", "手语"),
                                ("other", "其他语言"),
                            ],
                            max_length=14,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("trade", models.CharField(blank=True, max_length=60)),
                (
                    "free_slots",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("1am", "周一上午"),
                                ("1pm", "周一下午"),
                                ("2am", "周二上午"),
                                ("2pm", "周二下午"),
                                ("3am", "周三上午"),
                                ("3pm", "周三下午"),
                                ("4am", "周四上午"),
                                ("4pm", "周四下午"),
                                ("5am", "周五上午"),
                                ("5pm", "周五下午"),
                                ("6am", "周六上午"),
                                ("6pm", "周六下午"),
                                ("7am", "周日上午"),
                                ("7pm", "周日下午"),
                            ],
                            max_length=3,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("most_a_term", models.PositiveSmallIntegerField(default=20)),
                ("about", models.CharField(blank=True, max_length=400)),
                ("is_example", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("left_on", models.DateField(null=True)),
                (
                    "appointed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counsellors",
                        to="accounts.unit",
                    ),
                ),
                (
                    "left_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("occupations", models.ManyToManyField(related_name="mentors", to="catalogue.occupation")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mentors", to="accounts.unit"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentor",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("school_year", models.PositiveSmallIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[("excellent", "优秀"), ("good", "称职"), ("fair", "基本称职"), ("poor", "不称职")],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=400)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mentor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evaluations", to="mentors.mentor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "result",
                    models.CharField(
                        choices=[("clear", "未发现限制从业的记录"), ("not_clear", "不宜接触学生")], max_length=10
                    ),
                ),
                ("checked_on", models.DateField()),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("education", "教育部门教职员工准入查询"),
                            ("police", "公安机关查询"),
                            ("employer", "单位出具的查询结果"),
                        ],
                        max_length=10,
                    ),
                ),
                ("entered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "checker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mentor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="mentors.mentor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("number", models.CharField(max_length=160, unique=True)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("shows", models.JSONField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ended_on", models.DateField(null=True)),
                ("ended_because", models.CharField(blank=True, max_length=200)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="accounts.unit"
                    ),
                ),
                (
                    "mentor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="mentors.mentor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("noted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mentor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="mentors.mentor"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="mentors.session"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Title",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("model_worker", "劳模"), ("craftsman", "工匠"), ("may_day", "五一奖章")],
                        max_length=14,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("national", "全国"), ("city", "市级"), ("industry", "行业"), ("district", "区级")],
                        max_length=10,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("awarded_by", models.CharField(max_length=60)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("entered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirming_unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.file"
                    ),
                ),
                (
                    "mentor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="titles", to="mentors.mentor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("title", models.CharField(max_length=60)),
                ("minutes_needed", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("is_example", models.BooleanField(default=False)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="trainings", to="accounts.unit"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="session",
            name="training",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="mentors.training"
            ),
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("number", models.CharField(max_length=160, unique=True)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("issued_by", models.CharField(max_length=60)),
                ("issued_on", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("entered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.file"
                    ),
                ),
                (
                    "mentor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="certificates", to="mentors.mentor"
                    ),
                ),
                (
                    "training",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="mentors.training",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="mentor",
            index=models.Index(fields=["unit", "pinyin"], name="mentor_by_unit"),
        ),
        migrations.AddConstraint(
            model_name="mentor",
            constraint=models.CheckConstraint(
                condition=models.Q(("kinds__len__gte", 1)), name="mentor_is_of_some_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="mentor",
            constraint=models.CheckConstraint(
                condition=models.Q(("most_a_term__gte", 1)), name="mentor_may_be_asked_for_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="mentor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_by", None), ("left_on", None)),
                    models.Q(("left_by__isnull", False), ("left_on__isnull", False)),
                    _connector="OR",
                ),
                name="mentor_left_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.UniqueConstraint(fields=("mentor", "school_year"), name="evaluation_once_a_year"),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="evaluation_says_why"
            ),
        ),
        migrations.AddIndex(
            model_name="check",
            index=models.Index(fields=["mentor", "-checked_on"], name="check_of_mentor"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_on__gte", models.F("from_on"))), name="appointment_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_because", ""), ("ended_by", None), ("ended_on", None)),
                    models.Q(
                        ("ended_by__isnull", False),
                        ("ended_on__isnull", False),
                        models.Q(("ended_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="appointment_ended_by_whom_when_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("ended_on", None)),
                expressions=[
                    ("mentor", "="),
                    ("unit", "="),
                    (
                        baiye.accounts.models.DateSpan(
                            "from_on", "until_on", django.contrib.postgres.fields.ranges.RangeBoundary(True, True)
                        ),
                        "&&",
                    ),
                ],
                name="appointment_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("session", "mentor"), name="attendance_once_a_session"),
        ),
        migrations.AddConstraint(
            model_name="title",
            constraint=models.CheckConstraint(
                condition=models.Q(("file__isnull", False), ("confirmed_at__isnull", False), _connector="OR"),
                name="title_with_its_paper_or_a_unions_word",
            ),
        ),
        migrations.AddConstraint(
            model_name="title",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None), ("confirming_unit", None)),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("confirming_unit__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="title_confirmed_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="title",
            constraint=models.UniqueConstraint(fields=("mentor", "kind", "level", "year"), name="title_claimed_once"),
        ),
        migrations.AddConstraint(
            model_name="training",
            constraint=models.UniqueConstraint(fields=("unit", "title"), name="training_named_once_a_unit"),
        ),
        migrations.AddConstraint(
            model_name="training",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes_needed__gte", 1)), name="training_takes_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="session_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(fields=("training", "starts_at"), name="session_begins_once"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("training__isnull", False), ("file__isnull", False), _connector="OR"),
                name="certificate_earned_here_or_with_its_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until", None), ("valid_until__gte", models.F("issued_on")), _connector="OR"),
                name="training_certificate_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("training", "mentor"), name="certificate_once_a_training"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True), name="training_certificate_has_a_number"
            ),
        ),
    ]
