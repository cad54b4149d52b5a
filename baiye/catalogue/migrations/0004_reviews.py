import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables for reviews; locks nothing that is in use."""

    dependencies = [
        ("accounts", "0002_only_staff_hold_grants"),
        ("catalogue", "0003_what_a_course_says"),
        ("core", "0005_files"),
        ("registry", "0003_a_hosts_life"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.CharField(blank=True, max_length=300)),
                ("proposed_at", models.DateTimeField()),
                ("passed_at", models.DateTimeField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReviewItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=30)),
                ("asks", models.CharField(max_length=200)),
                (
                    "answer",
                    models.CharField(
                        blank=True, choices=[("met", "符合"), ("unmet", "不符合"), ("na", "不适用")], max_length=5
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="ReviewPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("safety", "安全评审"), ("pedagogy", "教学评审")], max_length=10)),
                (
                    "verdict",
                    models.CharField(blank=True, choices=[("passed", "通过"), ("returned", "退回修改")], max_length=10),
                ),
                ("because", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="review",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="catalogue.courseversion"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reviewpart",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reviewpart",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="catalogue.review"
            ),
        ),
        migrations.AddField(
            model_name="reviewitem",
            name="part",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="catalogue.reviewpart"
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["proposed_at"], name="review_by_day"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("returned_at", None), ("withdrawn_at", None)),
                fields=("version",),
                name="review_one_a_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("returned_at", None), models.Q(("passed_at", None), ("withdrawn_at", None)), _connector="OR"
                ),
                name="review_ends_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="review_withdrawn_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpart",
            constraint=models.UniqueConstraint(fields=("review", "kind"), name="review_part_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["safety", "pedagogy"])), name="review_part_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("verdict", "")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("verdict__in", ["passed", "returned"]),
                    ),
                    _connector="OR",
                ),
                name="review_part_decided_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict", "returned"), _negated=True),
                    models.Q(("because", ""), _negated=True),
                    _connector="OR",
                ),
                name="review_part_returned_with_reasons",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewitem",
            constraint=models.UniqueConstraint(fields=("part", "code"), name="review_item_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer__in", ["", "met", "unmet", "na"])), name="review_item_answer_is_known"
            ),
        ),
    ]
