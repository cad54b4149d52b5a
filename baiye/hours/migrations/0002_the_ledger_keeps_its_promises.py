from django.db import migrations

STAY = """
CREATE FUNCTION hours_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on %: the ledger is only added to', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER hour_entry_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON hours_hourentry
  FOR EACH STATEMENT EXECUTE FUNCTION hours_row_stays();
CREATE TRIGGER public_notice_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON hours_publicnotice
  FOR EACH STATEMENT EXECUTE FUNCTION hours_row_stays();
CREATE TRIGGER notice_line_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON hours_noticeline
  FOR EACH STATEMENT EXECUTE FUNCTION hours_row_stays();
CREATE TRIGGER objection_keeps_its_row BEFORE DELETE OR TRUNCATE ON hours_objection
  FOR EACH STATEMENT EXECUTE FUNCTION hours_row_stays();
CREATE TRIGGER certificate_keeps_its_row BEFORE DELETE OR TRUNCATE ON hours_certificate
  FOR EACH STATEMENT EXECUTE FUNCTION hours_row_stays();
CREATE TRIGGER certificate_line_keeps_its_row BEFORE DELETE OR TRUNCATE ON hours_certificateline
  FOR EACH STATEMENT EXECUTE FUNCTION hours_row_stays();
CREATE TRIGGER hour_export_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON hours_hourexport
  FOR EACH STATEMENT EXECUTE FUNCTION hours_row_stays();
"""
ENTRY = """
CREATE FUNCTION hours_seat_is_confirmed(p_seat bigint, p_visit bigint, p_school_unit bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT count(DISTINCT m.kind) = 2 FROM attendance_mark m
  WHERE m.seat_id = p_seat AND m.voided_at IS NULL
    AND EXISTS (SELECT 1 FROM attendance_confirmation c
                WHERE c.visit_id = p_visit AND c.side = 'host' AND c.received_at >= m.received_at)
    AND EXISTS (SELECT 1 FROM attendance_confirmation c
                WHERE c.visit_id = p_visit AND c.side = 'school' AND c.unit_id = p_school_unit
                  AND c.received_at >= m.received_at)
$$;

CREATE FUNCTION hours_entry_is_earned() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
  SELECT f.id INTO wrong FROM fresh f
    JOIN visits_seat s ON s.id = f.seat_id
    JOIN visits_visit v ON v.id = s.visit_id
    JOIN registry_venue n ON n.id = v.venue_id
    JOIN registry_host h ON h.id = n.host_id
    JOIN schools_pupil p ON p.id = s.pupil_id
    JOIN schools_schoolclass k ON k.id = p.school_class_id
    JOIN schools_school o ON o.id = k.school_id
  WHERE f.reverses_id IS NULL AND (
    s.given_up_at IS NOT NULL OR f.pupil_id <> s.pupil_id
    OR (f.category, f.minutes, f.is_vocational) <> (v.counts_as, v.credit_minutes, h.is_vocational)
    OR NOT hours_seat_is_confirmed(s.id, v.id, o.unit_id))
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'hour entry % does not follow from a confirmed visit', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'hour_entry_only_from_a_confirmed_visit';
  END IF;
  SELECT f.id INTO wrong FROM fresh f JOIN hours_hourentry e ON e.id = f.reverses_id
  WHERE (f.pupil_id, f.seat_id, f.category, f.is_vocational, f.minutes, f.rule_version, f.school_year)
    <> (e.pupil_id, e.seat_id, e.category, e.is_vocational, -e.minutes, e.rule_version, e.school_year)
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'hour entry % is no exact reversal', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'hour_entry_reversal_is_exact';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER hour_entry_only_from_a_confirmed_visit AFTER INSERT ON hours_hourentry
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION hours_entry_is_earned();
"""
NOTICE = """
CREATE FUNCTION hours_line_is_of_a_standing_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM fresh f JOIN hours_hourentry e ON e.id = f.entry_id
             WHERE e.minutes < 0 OR EXISTS (SELECT 1 FROM hours_hourentry r WHERE r.reverses_id = e.id)) THEN
    RAISE EXCEPTION 'a reversed entry on a notice'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_line_only_of_a_standing_entry';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER notice_line_only_of_a_standing_entry AFTER INSERT ON hours_noticeline
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION hours_line_is_of_a_standing_entry();

CREATE FUNCTION hours_objection_is_ruled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ruled_at IS NOT NULL OR NEW.ruled_at IS NULL
     OR (NEW.id, NEW.notice_id, NEW.pupil_id, NEW.entry_id, NEW.text, NEW.made_by_id, NEW.made_at)
     IS DISTINCT FROM (OLD.id, OLD.notice_id, OLD.pupil_id, OLD.entry_id, OLD.text, OLD.made_by_id, OLD.made_at) THEN
    RAISE EXCEPTION 'objection % changes only by a ruling, once', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'objection_changes_only_by_a_ruling';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER objection_changes_only_by_a_ruling BEFORE UPDATE ON hours_objection
  FOR EACH ROW EXECUTE FUNCTION hours_objection_is_ruled();
"""
CERTIFICATE = """
CREATE FUNCTION hours_line_may_be_certified() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh f
      JOIN hours_certificate c ON c.id = f.certificate_id
      JOIN hours_hourentry e ON e.id = f.entry_id
      LEFT JOIN hours_noticeline l ON l.entry_id = e.id
      LEFT JOIN hours_publicnotice n ON n.id = l.notice_id
    WHERE e.minutes < 0 OR e.pupil_id <> c.pupil_id OR n.id IS NULL
      OR n.ends_on >= (c.issued_at AT TIME ZONE 'Asia/Shanghai')::date
      OR EXISTS (SELECT 1 FROM hours_hourentry r WHERE r.reverses_id = e.id)
      OR EXISTS (SELECT 1 FROM hours_objection o
                 WHERE o.notice_id = n.id AND o.pupil_id = e.pupil_id AND o.ruled_at IS NULL)) THEN
    RAISE EXCEPTION 'an entry whose notice has not ended, or which somebody objects to, cannot be certified'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_only_after_notice_without_open_objection';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER certificate_only_after_notice_without_open_objection AFTER INSERT ON hours_certificateline
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION hours_line_may_be_certified();

CREATE FUNCTION hours_certificate_is_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
     OR (NEW.id, NEW.number, NEW.token, NEW.pupil_id, NEW.minutes, NEW.shows, NEW.issued_at, NEW.issued_by_id)
     IS DISTINCT FROM
     (OLD.id, OLD.number, OLD.token, OLD.pupil_id, OLD.minutes, OLD.shows, OLD.issued_at, OLD.issued_by_id) THEN
    RAISE EXCEPTION 'certificate % changes only by being revoked, once', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_changes_only_by_being_revoked';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certificate_changes_only_by_being_revoked BEFORE UPDATE ON hours_certificate
  FOR EACH ROW EXECUTE FUNCTION hours_certificate_is_revoked();

CREATE FUNCTION hours_line_is_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.released_at IS NOT NULL OR NEW.released_at IS NULL
     OR (NEW.id, NEW.certificate_id, NEW.entry_id) IS DISTINCT FROM (OLD.id, OLD.certificate_id, OLD.entry_id)
     OR NOT EXISTS (SELECT 1 FROM hours_certificate c WHERE c.id = OLD.certificate_id AND c.revoked_at IS NOT NULL) THEN
    RAISE EXCEPTION 'certificate line % is let go only when its certificate is revoked', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_line_released_only_when_revoked';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certificate_line_released_only_when_revoked BEFORE UPDATE ON hours_certificateline
  FOR EACH ROW EXECUTE FUNCTION hours_line_is_released();
"""
BACKWARD = """
DROP TRIGGER certificate_line_released_only_when_revoked ON hours_certificateline;
DROP TRIGGER certificate_changes_only_by_being_revoked ON hours_certificate;
DROP TRIGGER certificate_only_after_notice_without_open_objection ON hours_certificateline;
DROP TRIGGER objection_changes_only_by_a_ruling ON hours_objection;
DROP TRIGGER notice_line_only_of_a_standing_entry ON hours_noticeline;
DROP TRIGGER hour_entry_only_from_a_confirmed_visit ON hours_hourentry;
DROP TRIGGER hour_export_never_changes ON hours_hourexport;
DROP TRIGGER certificate_line_keeps_its_row ON hours_certificateline;
DROP TRIGGER certificate_keeps_its_row ON hours_certificate;
DROP TRIGGER objection_keeps_its_row ON hours_objection;
DROP TRIGGER notice_line_never_changes ON hours_noticeline;
DROP TRIGGER public_notice_never_changes ON hours_publicnotice;
DROP TRIGGER hour_entry_never_changes ON hours_hourentry;
DROP FUNCTION hours_line_is_released, hours_certificate_is_revoked, hours_line_may_be_certified,
  hours_objection_is_ruled, hours_line_is_of_a_standing_entry, hours_entry_is_earned, hours_seat_is_confirmed,
  hours_row_stays;
"""


class Migration(migrations.Migration):
    """What the database itself holds about class hours, whoever writes; the triggers' names are the sentences.

    Locks: SHARE ROW EXCLUSIVE on the tables of hours while the triggers are made, brief.
    """

    dependencies = [("hours", "0001_initial"), ("attendance", "0002_marks_and_confirmations_stay")]
    operations = [migrations.RunSQL(STAY + ENTRY + NOTICE + CERTIFICATE, BACKWARD)]
