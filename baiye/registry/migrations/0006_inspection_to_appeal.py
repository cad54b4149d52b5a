import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION registry_refuse(p_name text, p_because text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', p_because USING ERRCODE = 'check_violation', CONSTRAINT = p_name;
END $$;

CREATE FUNCTION registry_standard_is_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT COALESCE(sum(points), 0) < GREATEST(NEW.pass_points, 1) FROM registry_indicator
      WHERE standard_id = NEW.id) THEN
    PERFORM registry_refuse('standard_published_can_be_passed', 'the indicators give fewer points than a pass asks for');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER standard_published_can_be_passed BEFORE UPDATE ON registry_standard
  FOR EACH ROW WHEN (OLD.published_on IS NULL AND NEW.published_on IS NOT NULL)
  EXECUTE FUNCTION registry_standard_is_published();

CREATE FUNCTION registry_inspection_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.signed_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.signed_at IS NULL) AND EXISTS (
       SELECT 1 FROM registry_indicator i
       LEFT JOIN registry_score s ON s.indicator_id = i.id AND s.inspection_id = NEW.id AND s.verdict <> 'pending'
       WHERE i.standard_id = NEW.standard_id AND s.id IS NULL) THEN
    PERFORM registry_refuse('inspection_signed_once_all_is_judged', 'an indicator is not judged yet');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER inspection_signed_once_all_is_judged BEFORE INSERT OR UPDATE ON registry_inspection
  FOR EACH ROW EXECUTE FUNCTION registry_inspection_is_signed();

CREATE OR REPLACE FUNCTION registry_finding_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM registry_inspection
             WHERE id IN (OLD.inspection_id, NEW.inspection_id) AND signed_at IS NOT NULL) THEN
    PERFORM registry_refuse('inspection_once_signed_keeps_its_findings', 'what was signed for stays as it is');
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;

CREATE FUNCTION registry_score_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM registry_indicator i JOIN registry_inspection n ON n.standard_id = i.standard_id
                 WHERE i.id = NEW.indicator_id AND n.id = NEW.inspection_id AND COALESCE(NEW.points, 0) <= i.points)
  THEN
    PERFORM registry_refuse('score_within_its_standard', 'more points than there are, or an indicator of another standard');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER score_within_its_standard BEFORE INSERT OR UPDATE ON registry_score
  FOR EACH ROW EXECUTE FUNCTION registry_score_fits();

CREATE FUNCTION registry_signature_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM registry_decision WHERE id = NEW.decision_id AND in_force_at IS NULL AND withdrawn_at IS NULL
    FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM registry_refuse('signature_only_while_open', 'the decision is in force or was withdrawn');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signature_only_while_open BEFORE INSERT ON registry_signature
  FOR EACH ROW EXECUTE FUNCTION registry_signature_counts();

CREATE FUNCTION registry_decision_takes_force() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked record;
BEGIN
  SELECT n.id, n.second_at, s.id AS standard, s.pass_points, s.panel INTO asked
    FROM registry_inspection n JOIN registry_standard s ON s.id = n.standard_id WHERE n.id = NEW.inspection_id;
  IF asked.second_at IS NULL THEN
    PERFORM registry_refuse('decision_only_of_a_signed_inspection', 'two people have not signed the inspection');
  END IF;
  IF (SELECT count(*) FILTER (WHERE agrees) < asked.panel OR count(*) FILTER (WHERE NOT agrees) > 0
      FROM registry_signature WHERE decision_id = NEW.id) THEN
    PERFORM registry_refuse('decision_signed_by_its_panel', 'a signature is missing, or one is against it');
  END IF;
  IF NEW.outcome = 'pass' AND (
       (SELECT COALESCE(sum(points), 0) < asked.pass_points FROM registry_score WHERE inspection_id = asked.id)
       OR EXISTS (SELECT 1 FROM registry_indicator i
                  LEFT JOIN registry_score s ON s.indicator_id = i.id AND s.inspection_id = asked.id
                  WHERE i.standard_id = asked.standard AND (s.points IS NULL OR s.points < i.floor))) THEN
    PERFORM registry_refuse('decision_passes_only_by_the_points', 'too few points, or an indicator below its floor');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_takes_force_by_the_rules_insert BEFORE INSERT ON registry_decision
  FOR EACH ROW WHEN (NEW.in_force_at IS NOT NULL) EXECUTE FUNCTION registry_decision_takes_force();
CREATE TRIGGER decision_takes_force_by_the_rules BEFORE UPDATE ON registry_decision
  FOR EACH ROW WHEN (OLD.in_force_at IS NULL AND NEW.in_force_at IS NOT NULL)
  EXECUTE FUNCTION registry_decision_takes_force();

CREATE FUNCTION registry_accreditation_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM registry_decision d JOIN registry_inspection n ON n.id = d.inspection_id
                 WHERE d.id = NEW.decision_id AND d.in_force_at IS NOT NULL AND d.outcome = 'pass'
                   AND n.standard_id = NEW.standard_id) THEN
    PERFORM registry_refuse('accreditation_follows_its_decision', 'no such decision, or it did not pass');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accreditation_follows_its_decision BEFORE INSERT OR UPDATE OF decision_id, standard_id
  ON registry_accreditation FOR EACH ROW WHEN (NEW.decision_id IS NOT NULL)
  EXECUTE FUNCTION registry_accreditation_follows();

CREATE FUNCTION registry_measure_is_revocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM registry_measure m
                 WHERE m.accreditation_id = NEW.accreditation_id AND m.kind = 'hearing' AND m."on" <= NEW."on"
                   AND NOT EXISTS (SELECT 1 FROM registry_appeal WHERE measure_id = m.id AND upheld)) THEN
    PERFORM registry_refuse('measure_revocation_after_its_hearing', 'no hearing was announced, or its day has not come');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER measure_revocation_after_its_hearing BEFORE INSERT ON registry_measure
  FOR EACH ROW WHEN (NEW.kind = 'revocation') EXECUTE FUNCTION registry_measure_is_revocation();

CREATE FUNCTION registry_appeal_is_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.answered_by_id = NEW.made_by_id
     OR EXISTS (SELECT 1 FROM registry_decision d JOIN registry_inspection n ON n.id = d.inspection_id
                WHERE d.id = NEW.decision_id AND NEW.answered_by_id IN (d.proposed_by_id, n.inspector_id, n.second_by_id))
     OR EXISTS (SELECT 1 FROM registry_signature WHERE decision_id = NEW.decision_id AND by_id = NEW.answered_by_id)
     OR EXISTS (SELECT 1 FROM registry_measure WHERE id = NEW.measure_id
                AND NEW.answered_by_id IN (by_id, second_by_id)) THEN
    PERFORM registry_refuse('appeal_answered_by_somebody_else', 'who answers has signed what is appealed against');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER appeal_answered_by_somebody_else BEFORE INSERT OR UPDATE ON registry_appeal
  FOR EACH ROW WHEN (NEW.answered_by_id IS NOT NULL) EXECUTE FUNCTION registry_appeal_is_answered();
"""
BACKWARD = """
DROP TRIGGER appeal_answered_by_somebody_else ON registry_appeal;
DROP TRIGGER measure_revocation_after_its_hearing ON registry_measure;
DROP TRIGGER accreditation_follows_its_decision ON registry_accreditation;
DROP TRIGGER decision_takes_force_by_the_rules ON registry_decision;
DROP TRIGGER decision_takes_force_by_the_rules_insert ON registry_decision;
DROP TRIGGER signature_only_while_open ON registry_signature;
DROP TRIGGER score_within_its_standard ON registry_score;
DROP TRIGGER inspection_signed_once_all_is_judged ON registry_inspection;
DROP TRIGGER standard_published_can_be_passed ON registry_standard;
CREATE OR REPLACE FUNCTION registry_finding_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM registry_inspection
             WHERE id IN (OLD.inspection_id, NEW.inspection_id) AND second_at IS NOT NULL) THEN
    RAISE EXCEPTION 'what an inspection signed by two people found stays as it is'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'inspection_signed_by_two_keeps_its_findings';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
DROP FUNCTION registry_appeal_is_answered, registry_measure_is_revocation, registry_accreditation_follows,
  registry_decision_takes_force, registry_signature_counts, registry_score_fits, registry_inspection_is_signed,
  registry_standard_is_published, registry_refuse;
"""


class Migration(migrations.Migration):
    """From the inspection to the appeal: who signs what, by which points, and after which hearing.

    New columns are nullable or have a constant default, but for the id of a measure's form; nobody has taken a measure
    yet. ACCESS EXCLUSIVE on seven small tables, brief.
    """

    dependencies = [
        ("registry", "0005_credit_codes_and_likeness"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("because", models.CharField(max_length=400)),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="accreditation",
            name="accreditation_suspended_by_whom_and_when",
        ),
        migrations.AddField(
            model_name="accreditation",
            name="dormant_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="inspection",
            name="cancelled_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="taken_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="photo",
            name="taken_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="score",
            name="edit",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="score",
            name="saved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="score",
            name="saved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="score",
            name="version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="standard",
            name="edited_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="request",
            field=models.UUIDField(default=uuid.uuid4, unique=True),
        ),
        migrations.AddConstraint(
            model_name="accreditation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dormant_on", None), ("suspended_by", None), ("suspended_on", None)),
                    models.Q(("dormant_on", None), ("suspended_by__isnull", False), ("suspended_on__isnull", False)),
                    models.Q(
                        ("dormant_on", models.F("suspended_on")),
                        ("dormant_on__isnull", False),
                        ("suspended_by", None),
                        ("suspended_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="accreditation_suspended_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)), fields=("decision",), name="appeal_one_open_a_decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)), fields=("measure",), name="appeal_one_open_a_measure"
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at", None), ("cancelled_by", None)),
                    models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False), ("second_at", None)),
                    _connector="OR",
                ),
                name="inspection_cancelled_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None), ("second_at", None)),
                fields=("application",),
                name="inspection_one_open_an_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(condition=models.Q(("no_faces", True)), name="photo_shows_no_face"),
        ),
        migrations.AddConstraint(
            model_name="standard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_by", None),
                    ("edited_by", None),
                    models.Q(("published_by", models.F("edited_by")), _negated=True),
                    _connector="OR",
                ),
                name="standard_published_by_another",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="accreditation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="registry.accreditation"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="measure",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="proposal", to="registry.measure"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("measure", None), ("withdrawn_at", None)),
                fields=("accreditation",),
                name="proposal_one_open_an_accreditation",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("measure", None), ("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="proposal_withdrawn_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("because", ""), _negated=True), name="proposal_says_why"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
