import django.contrib.postgres.fields
import django.contrib.postgres.operations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import baiye.catalogue.models.courses


class Migration(migrations.Migration):
    """What a version says of price, languages, access, papers and supplies; constant defaults, so locks are brief.

    Task group and hazards are checked for new and changed rows only: published ones stand as they are and never change.
    """

    dependencies = [
        ("accounts", "0002_only_staff_hold_grants"),
        ("catalogue", "0002_published_versions_never_change"),
        ("core", "0005_files"),
        ("registry", "0003_a_hosts_life"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Author",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.CreateModel(
            name="Material",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("school", "走进一所职校"),
                            ("project", "体验一个项目"),
                            ("occupation", "了解一门职业"),
                            ("culture", "感受一种文化"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reader",
                    models.CharField(choices=[("pupil", "给学生"), ("instructor", "给带教老师")], max_length=10),
                ),
                ("request", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="Supply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("kind", models.CharField(choices=[("equipment", "设备工具"), ("consumable", "耗材")], max_length=10)),
                ("quantity", models.PositiveSmallIntegerField()),
                ("share", models.CharField(choices=[("pupil", "每人"), ("group", "每场")], max_length=5)),
            ],
        ),
        migrations.CreateModel(
            name="VenueStock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("count", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="course",
            name="copied_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="catalogue.courseversion",
            ),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="access",
            field=models.CharField(
                blank=True,
                choices=[("full", "行动不便的学生都能参加"), ("adapted", "调整后能参加"), ("barred", "目前还做不到")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="access_note",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="hands_on_percent",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="instructor_notes",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[("zh", "普通话"), ("sh", "上海话"), ("en", "英语"), ("sign", "手语")], max_length=6
                ),
                default=baiye.catalogue.models.courses.mandarin,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="price_covers",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="price_fen",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="pupil_notes",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="courseversion",
            name="unreviewed",
            field=models.CharField(
                blank=True, choices=[("before", "在有评审以前发布"), ("example", "示例，不经评审")], max_length=10
            ),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="courseversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("grade_from__gte", 10),
                    models.Q(("grade_from__gte", 1), ("task_group", "清洁与卫生"), ("grade_to__lte", 4)),
                    models.Q(("grade_from__gte", 1), ("task_group", "整理与收纳")),
                    models.Q(("grade_from__gte", 1), ("task_group", "烹饪与营养")),
                    models.Q(("grade_from__gte", 3), ("task_group", "家用器具使用与维护")),
                    models.Q(("grade_from__gte", 1), ("task_group", "农业生产劳动")),
                    models.Q(("grade_from__gte", 1), ("task_group", "传统工艺制作")),
                    models.Q(("grade_from__gte", 5), ("task_group", "工业生产劳动")),
                    models.Q(("grade_from__gte", 5), ("task_group", "新技术体验与应用")),
                    models.Q(("grade_from__gte", 3), ("task_group", "现代服务业劳动")),
                    models.Q(("grade_from__gte", 3), ("task_group", "公益劳动与志愿服务")),
                    _connector="OR",
                ),
                name="course_version_task_group_fits_the_grades",
            ),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="courseversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "hazards__contained_by",
                        [
                            "food",
                            "flash",
                            "colour",
                            "heat",
                            "tools",
                            "latex",
                            "animals",
                            "pollen",
                            "height",
                            "chemicals",
                            "noise",
                            "motion",
                            "electric",
                            "machines",
                            "water",
                        ],
                    )
                ),
                name="course_version_hazards_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("hands_on_percent", None), ("hands_on_percent__lte", 100), _connector="OR"),
                name="course_version_hands_on_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("price_fen", 0),
                    models.Q(("price_fen__gt", 0), models.Q(("price_covers", ""), _negated=True)),
                    _connector="OR",
                ),
                name="course_version_price_says_what_it_covers",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("languages__contained_by", ["zh", "sh", "en", "sign"]), ("languages__len__gte", 1)),
                name="course_version_is_held_in_a_language",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("access__in", ["", "full"]),
                    models.Q(("access__in", ["adapted", "barred"]), models.Q(("access_note", ""), _negated=True)),
                    _connector="OR",
                ),
                name="course_version_access_says_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unreviewed", ""),
                    models.Q(("published_at__isnull", False), ("unreviewed__in", ["before", "example"])),
                    _connector="OR",
                ),
                name="course_version_unreviewed_only_when_published",
            ),
        ),
        migrations.AddField(
            model_name="author",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="author",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="authors", to="catalogue.courseversion"
            ),
        ),
        migrations.AddField(
            model_name="material",
            name="file",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.file"),
        ),
        migrations.AddField(
            model_name="material",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="materials", to="catalogue.courseversion"
            ),
        ),
        migrations.AddField(
            model_name="supply",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="supplies", to="catalogue.courseversion"
            ),
        ),
        migrations.AddField(
            model_name="venuestock",
            name="counted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="venuestock",
            name="venue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="stock", to="registry.venue"
            ),
        ),
        migrations.AddConstraint(
            model_name="author",
            constraint=models.UniqueConstraint(fields=("version", "user"), name="author_once"),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.UniqueConstraint(fields=("version", "request"), name="material_once"),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reader__in", ["pupil", "instructor"]),
                    ("step__in", ["school", "project", "occupation", "culture"]),
                ),
                name="material_of_a_step_for_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="supply",
            constraint=models.UniqueConstraint(fields=("version", "name"), name="supply_named_once"),
        ),
        migrations.AddConstraint(
            model_name="supply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["equipment", "consumable"]),
                    ("quantity__gte", 1),
                    ("share__in", ["pupil", "group"]),
                    models.Q(("name", ""), _negated=True),
                ),
                name="supply_makes_sense",
            ),
        ),
        migrations.AddConstraint(
            model_name="venuestock",
            constraint=models.UniqueConstraint(fields=("venue", "name"), name="venue_stock_named_once"),
        ),
    ]
