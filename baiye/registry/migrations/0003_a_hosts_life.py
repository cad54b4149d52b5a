import uuid
from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Standards with indicators, applications, papers, inspections, decisions, measures, appeals; more of hosts and venues.

    New columns are nullable or have a constant default: ACCESS EXCLUSIVE on four small tables, brief.
    """

    dependencies = [
        ("accounts", "0002_only_staff_hold_grants"),
        ("core", "0005_files"),
        ("registry", "0002_lead_only_as_an_example"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("text", models.CharField(max_length=1000)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("answered_at", models.DateTimeField(null=True)),
                ("upheld", models.BooleanField(null=True)),
                ("answer", models.CharField(blank=True, max_length=1000)),
            ],
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("new", "首次申报"), ("renewal", "到期复评")], default="new", max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "填写中"),
                            ("submitted", "待受理"),
                            ("accepted", "材料初审"),
                            ("returned", "退回补充"),
                            ("inspection", "现场核查"),
                            ("panel", "待评审"),
                            ("conditions", "限期整改"),
                            ("passed", "已通过"),
                            ("failed", "未通过"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("credit_code", models.CharField(blank=True, max_length=18)),
                ("host_kind", models.CharField(max_length=20)),
                ("address", models.CharField(blank=True, max_length=120)),
                ("street", models.CharField(blank=True, max_length=40)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("contact", models.CharField(blank=True, max_length=40)),
                ("phone_sealed", models.BinaryField(default=b"")),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "occupations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=400)),
                ("venue_name", models.CharField(blank=True, max_length=60)),
                ("capacity", models.PositiveSmallIntegerField(null=True)),
                ("area_m2", models.PositiveIntegerField(null=True)),
                ("is_commercial", models.BooleanField(default=False)),
                ("interests", models.CharField(blank=True, max_length=400)),
                ("penalties", models.CharField(blank=True, max_length=400)),
                ("declared_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("submitted_at", models.DateTimeField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("is_example", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("pass", "通过"), ("conditions", "限期整改"), ("fail", "不通过")], max_length=10
                    ),
                ),
                ("opinion", models.CharField(max_length=400)),
                ("conditions", models.CharField(blank=True, max_length=400)),
                ("due_on", models.DateField(null=True)),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("in_force_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="HostDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("licence", "法人登记证书或营业执照"),
                            ("insurance", "学生意外险与场所责任险"),
                            ("fire", "消防验收或检查意见"),
                            ("food", "食品经营许可"),
                            ("equipment", "设备检查记录"),
                            ("first_aid", "急救员证"),
                            ("plan", "安全与应急预案"),
                            ("other", "其他材料"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("handed_in_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("accepted_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                ("refused_because", models.CharField(blank=True, max_length=200)),
                ("warned_days", models.PositiveSmallIntegerField(null=True)),
                ("is_example", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("area", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=60)),
                ("guidance", models.CharField(blank=True, max_length=400)),
                ("points", models.PositiveSmallIntegerField()),
                ("floor", models.PositiveSmallIntegerField(default=0)),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("licence", "法人登记证书或营业执照"),
                                ("insurance", "学生意外险与场所责任险"),
                                ("fire", "消防验收或检查意见"),
                                ("food", "食品经营许可"),
                                ("equipment", "设备检查记录"),
                                ("first_aid", "急救员证"),
                                ("plan", "安全与应急预案"),
                                ("other", "其他材料"),
                            ],
                            max_length=20,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first", "首次核查"),
                            ("recheck", "整改复核"),
                            ("yearly", "年度复核"),
                            ("renewal", "到期复评"),
                        ],
                        default="first",
                        max_length=10,
                    ),
                ),
                ("planned_on", models.DateField()),
                ("note", models.TextField(blank=True)),
                ("saved_at", models.DateTimeField(null=True)),
                ("signed_at", models.DateTimeField(null=True)),
                ("second_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("is_example", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("review", "年度复核"),
                            ("warning", "提醒改正"),
                            ("suspension", "暂停"),
                            ("resumption", "恢复"),
                            ("dormancy", "休眠"),
                            ("hearing", "听证告知"),
                            ("revocation", "撤销"),
                        ],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField()),
                ("because", models.CharField(max_length=400)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("no_faces", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("met", "符合"), ("deadline", "限期"), ("unmet", "不符合"), ("pending", "待核")],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("agrees", models.BooleanField()),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "填写中"),
                            ("submitted", "待受理"),
                            ("accepted", "材料初审"),
                            ("returned", "退回补充"),
                            ("inspection", "现场核查"),
                            ("panel", "待评审"),
                            ("conditions", "限期整改"),
                            ("passed", "已通过"),
                            ("failed", "未通过"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="host",
            name="host_credit_code_once",
        ),
        migrations.AddField(
            model_name="accreditation",
            name="conditions",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="accreditation",
            name="number",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="accreditation",
            name="revoked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="accreditation",
            name="revoked_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="host",
            name="about",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="host",
            name="contact",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="host",
            name="credit_confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="host",
            name="email",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="host",
            name="is_commercial",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="host",
            name="merged_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="host",
            name="merged_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="host",
            name="merged_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="registry.host"
            ),
        ),
        migrations.AddField(
            model_name="host",
            name="phone_sealed",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="standard",
            name="about",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="standard",
            name="dormant_months",
            field=models.PositiveSmallIntegerField(default=12),
        ),
        migrations.AddField(
            model_name="standard",
            name="keeper",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="standards", to="accounts.unit"
            ),
        ),
        migrations.AddField(
            model_name="standard",
            name="needs",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("licence", "法人登记证书或营业执照"),
                        ("insurance", "学生意外险与场所责任险"),
                        ("fire", "消防验收或检查意见"),
                        ("food", "食品经营许可"),
                        ("equipment", "设备检查记录"),
                        ("first_aid", "急救员证"),
                        ("plan", "安全与应急预案"),
                        ("other", "其他材料"),
                    ],
                    max_length=20,
                ),
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="standard",
            name="panel",
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.AddField(
            model_name="standard",
            name="pass_points",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="standard",
            name="published_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="standard",
            name="stages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="standard",
            name="valid_months",
            field=models.PositiveSmallIntegerField(default=36),
        ),
        migrations.AddField(
            model_name="standard",
            name="withdrawn_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="venue",
            name="access",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("step_free", "无台阶"),
                        ("lift", "有电梯"),
                        ("toilet", "无障碍厕所"),
                        ("quiet", "可安排安静时段"),
                        ("sign", "有手语"),
                    ],
                    max_length=12,
                ),
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="venue",
            name="access_note",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="venue",
            name="area_m2",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="venue",
            name="area_per_pupil_m2",
            field=models.DecimalField(decimal_places=1, default=Decimal("3.0"), max_digits=4),
        ),
        migrations.AddField(
            model_name="venue",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="venue",
            name="closed_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="venue",
            name="lat",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="venue",
            name="lon",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="venue",
            name="opening",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="venue",
            name="street",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="venue",
            name="transport",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="standard",
            name="published_on",
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name="host",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("credit_code", ""), _negated=True), ("merged_into", None)),
                fields=("credit_code",),
                name="host_credit_code_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="host",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_at", None), ("merged_by", None), ("merged_into", None)),
                    models.Q(
                        ("merged_at__isnull", False), ("merged_by__isnull", False), ("merged_into__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="host_merged_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="host",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("pk")), _negated=True), name="host_not_merged_into_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="standard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_on", None)), fields=("name",), name="standard_one_draft_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="standard",
            constraint=models.CheckConstraint(
                condition=models.Q(("panel__gte", 2)), name="standard_decided_by_more_than_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="standard",
            constraint=models.CheckConstraint(
                condition=models.Q(("dormant_months__gte", 1), ("valid_months__gte", 1)),
                name="standard_holds_for_some_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="venue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("area_m2", None),
                    (
                        "area_m2__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("capacity"), "*", models.F("area_per_pupil_m2")
                        ),
                    ),
                    _connector="OR",
                ),
                name="venue_holds_no_more_than_its_area",
            ),
        ),
        migrations.AddConstraint(
            model_name="venue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_by", None), ("closed_on", None)),
                    models.Q(("closed_by__isnull", False), ("closed_on__isnull", False)),
                    _connector="OR",
                ),
                name="venue_closed_by_whom_and_when",
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="answered_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="file",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.file"
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="handled_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="host",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="applications", to="registry.host"
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="on_paper_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="standard",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="applications", to="registry.standard"
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="application",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appeals",
                to="registry.application",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="decision",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="registry.decision"
            ),
        ),
        migrations.AddField(
            model_name="accreditation",
            name="decision",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accreditation",
                to="registry.decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="accreditation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_by", None), ("revoked_on", None)),
                    models.Q(("revoked_by__isnull", False), ("revoked_on__isnull", False)),
                    _connector="OR",
                ),
                name="accreditation_revoked_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="accreditation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True), fields=("number",), name="accreditation_number_once"
            ),
        ),
        migrations.AddField(
            model_name="hostdocument",
            name="accepted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hostdocument",
            name="application",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="registry.application",
            ),
        ),
        migrations.AddField(
            model_name="hostdocument",
            name="file",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.file"
            ),
        ),
        migrations.AddField(
            model_name="hostdocument",
            name="handed_in_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hostdocument",
            name="host",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="registry.host"
            ),
        ),
        migrations.AddField(
            model_name="hostdocument",
            name="refused_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hostdocument",
            name="venue",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="registry.venue"
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="standard",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="indicators", to="registry.standard"
            ),
        ),
        migrations.AddField(
            model_name="inspection",
            name="application",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inspections",
                to="registry.application",
            ),
        ),
        migrations.AddField(
            model_name="inspection",
            name="host",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="inspections", to="registry.host"
            ),
        ),
        migrations.AddField(
            model_name="inspection",
            name="inspector",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="inspections", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="inspection",
            name="planned_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="inspection",
            name="second_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="inspection",
            name="standard",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.standard"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="inspection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="registry.inspection"
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="accreditation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="registry.accreditation"
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="second_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="measure",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="registry.measure"
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="file",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.file"),
        ),
        migrations.AddField(
            model_name="photo",
            name="indicator",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.indicator"
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="inspection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="registry.inspection"
            ),
        ),
        migrations.AddField(
            model_name="score",
            name="indicator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.indicator"
            ),
        ),
        migrations.AddField(
            model_name="score",
            name="inspection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="registry.inspection"
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="registry.decision"
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="registry.application"
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["state", "submitted_at"], name="application_by_state"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    ("state", "withdrawn"),
                    models.Q(("declared_at__isnull", False), ("submitted_at__isnull", False)),
                    _connector="OR",
                ),
                name="application_submitted_with_its_declaration",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["inspection", "panel", "conditions", "passed"]), _negated=True),
                    ("host__isnull", False),
                    _connector="OR",
                ),
                name="application_goes_on_only_for_a_known_host",
            ),
        ),
        migrations.AddIndex(
            model_name="hostdocument",
            index=models.Index(fields=["host", "kind", "valid_until"], name="document_by_host"),
        ),
        migrations.AddConstraint(
            model_name="hostdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="document_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="hostdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("host__isnull", False), ("application__isnull", False), _connector="OR"),
                name="document_belongs_to_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="hostdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at", None), ("accepted_by", None)),
                    models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                    _connector="OR",
                ),
                name="document_accepted_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="hostdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("refused_at", None), ("refused_by", None)),
                    models.Q(("refused_at__isnull", False), ("refused_by__isnull", False)),
                    _connector="OR",
                ),
                name="document_refused_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="hostdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("accepted_at", None), ("refused_at", None), _connector="OR"),
                name="document_accepted_or_refused",
            ),
        ),
        migrations.AddConstraint(
            model_name="hostdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_by", None),
                    ("handed_in_by", None),
                    models.Q(("accepted_by", models.F("handed_in_by")), _negated=True),
                    ("file", None),
                    _connector="OR",
                ),
                name="document_not_checked_by_who_handed_it_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.UniqueConstraint(fields=("standard", "number"), name="indicator_number_once"),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("floor__lte", models.F("points")), ("points__gte", 1)),
                name="indicator_floor_within_its_points",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("second_at", None), ("second_by", None)),
                    models.Q(
                        ("second_at__isnull", False),
                        ("second_by__isnull", False),
                        ("signed_at__isnull", False),
                        models.Q(("second_by", models.F("inspector")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="inspection_signed_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("inspection",), name="decision_one_an_inspection"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("in_force_at", None), ("withdrawn_at", None), _connector="OR"),
                name="decision_in_force_or_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "conditions"), _negated=True),
                    models.Q(("due_on__isnull", False), models.Q(("conditions", ""), _negated=True)),
                    _connector="OR",
                ),
                name="decision_with_conditions_has_a_day",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(fields=["accreditation", "at"], name="measure_of_accreditation"),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "revocation"), _negated=True),
                    models.Q(
                        ("by__isnull", False),
                        ("second_by__isnull", False),
                        models.Q(("by", models.F("second_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="measure_revocation_signed_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("because", ""), _negated=True), name="measure_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision__isnull", False), ("measure", None)),
                    models.Q(("decision", None), ("measure__isnull", False)),
                    _connector="OR",
                ),
                name="appeal_against_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("answered_by", None), ("upheld", None)),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("upheld__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="appeal_answered_by_whom_when_and_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(fields=("inspection", "indicator"), name="score_once_an_indicator"),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict", "pending"), ("points__isnull", False), _connector="OR"),
                name="score_has_points_once_judged",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(fields=("decision", "by"), name="signature_once_a_person"),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(("agrees", True), models.Q(("note", ""), _negated=True), _connector="OR"),
                name="signature_against_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["application", "at"], name="application_step"),
        ),
    ]
