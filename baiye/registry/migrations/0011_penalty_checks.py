"""Checks of penalties.

A new table; a trigger on decisions takes a short ACCESS EXCLUSIVE lock. Decisions in force are left as they are.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER penalty_check_stays BEFORE UPDATE OR DELETE ON registry_penaltycheck
  FOR EACH ROW EXECUTE FUNCTION registry_row_is_fixed();

CREATE FUNCTION registry_decision_is_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM registry_penaltycheck c JOIN registry_inspection n ON n.application_id = c.application_id
                 WHERE n.id = NEW.inspection_id) THEN
    PERFORM registry_refuse('decision_passes_only_after_a_penalty_check', 'nobody looked for penalties');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_passes_only_after_a_penalty_check BEFORE UPDATE ON registry_decision
  FOR EACH ROW WHEN (NEW.outcome = 'pass' AND OLD.in_force_at IS NULL AND NEW.in_force_at IS NOT NULL)
  EXECUTE FUNCTION registry_decision_is_checked();
"""
BACKWARD = """
DROP TRIGGER decision_passes_only_after_a_penalty_check ON registry_decision;
DROP FUNCTION registry_decision_is_checked;
DROP TRIGGER penalty_check_stays ON registry_penaltycheck;
"""
PLACES = [("credit_china", "信用中国"), ("gsxt", "国家企业信用信息公示系统"), ("other", "其他公开渠道")]


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0010_listing_when_it_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PenaltyCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("place", models.CharField(choices=PLACES, max_length=12)),
                ("found", models.CharField(blank=True, max_length=400)),
                ("at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="penalty_checks",
                        to="registry.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["application", "at"], name="penalty_check_of")]},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
