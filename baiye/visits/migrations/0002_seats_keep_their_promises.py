from django.db import migrations

ACCREDITED = """
CREATE FUNCTION visits_may_receive(p_venue bigint, p_starts timestamptz, p_ends timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM registry_venue v JOIN registry_accreditation a ON a.host_id = v.host_id
    WHERE v.id = p_venue
      AND a.valid_from <= (p_starts AT TIME ZONE 'Asia/Shanghai')::date
      AND a.valid_until >= (p_ends AT TIME ZONE 'Asia/Shanghai')::date
      AND (a.suspended_on IS NULL OR a.suspended_on > (p_ends AT TIME ZONE 'Asia/Shanghai')::date))
$$;
"""
SEAT = """
CREATE FUNCTION visits_seat_is_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE visit record;
BEGIN
  SELECT venue_id, starts_at, ends_at, cancelled_at INTO visit FROM visits_visit WHERE id = NEW.visit_id;
  NEW.span := tstzrange(visit.starts_at, visit.ends_at);
  IF NEW.given_up_at IS NOT NULL THEN
    RETURN NEW;
  END IF;
  IF visit.cancelled_at IS NOT NULL THEN
    RAISE EXCEPTION 'visit % is cancelled', NEW.visit_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_cancelled_holds_no_seat';
  END IF;
  IF NOT visits_may_receive(visit.venue_id, visit.starts_at, visit.ends_at) THEN
    RAISE EXCEPTION 'the host of visit % is not accredited on that day', NEW.visit_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_only_at_an_accredited_host';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER seat_only_at_an_accredited_host BEFORE INSERT ON visits_seat
  FOR EACH ROW EXECUTE FUNCTION visits_seat_is_given();

CREATE FUNCTION visits_seat_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.visit_id, NEW.pupil_id, NEW.origin, NEW.request, NEW.code, NEW.given_at, NEW.given_by_id)
     IS DISTINCT FROM
     (OLD.id, OLD.visit_id, OLD.pupil_id, OLD.origin, OLD.request, OLD.code, OLD.given_at, OLD.given_by_id)
     OR OLD.given_up_at IS NOT NULL AND
     (NEW.given_up_at, NEW.given_up_by_id, NEW.given_up_because)
     IS DISTINCT FROM (OLD.given_up_at, OLD.given_up_by_id, OLD.given_up_because) THEN
    RAISE EXCEPTION 'seat % changes only by being given up, once', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_changes_only_by_being_given_up';
  END IF;
  SELECT tstzrange(starts_at, ends_at) INTO NEW.span FROM visits_visit WHERE id = NEW.visit_id;
  RETURN NEW;
END $$;
CREATE TRIGGER seat_changes_only_by_being_given_up BEFORE UPDATE ON visits_seat
  FOR EACH ROW EXECUTE FUNCTION visits_seat_changes();

CREATE FUNCTION visits_seat_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'seats are given up, never deleted'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_keeps_its_row';
END $$;
CREATE TRIGGER seat_keeps_its_row BEFORE DELETE OR TRUNCATE ON visits_seat
  FOR EACH STATEMENT EXECUTE FUNCTION visits_seat_stays();
"""
TAKEN = """
CREATE FUNCTION visits_seats_are_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE visits_visit v SET taken = v.taken + c.n
    FROM (SELECT visit_id, count(*) AS n FROM after_ WHERE given_up_at IS NULL GROUP BY visit_id) c
    WHERE v.id = c.visit_id;
  ELSE
    UPDATE visits_visit v SET taken = v.taken + c.n
    FROM (SELECT visit_id, sum(n) AS n
          FROM (SELECT visit_id, 1 AS n FROM after_ WHERE given_up_at IS NULL
                UNION ALL SELECT visit_id, -1 FROM before_ WHERE given_up_at IS NULL) d
          GROUP BY visit_id HAVING sum(n) <> 0) c
    WHERE v.id = c.visit_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER visit_counts_seats_given AFTER INSERT ON visits_seat
  REFERENCING NEW TABLE AS after_ FOR EACH STATEMENT EXECUTE FUNCTION visits_seats_are_counted();
CREATE TRIGGER visit_counts_seats_given_up AFTER UPDATE ON visits_seat
  REFERENCING OLD TABLE AS before_ NEW TABLE AS after_ FOR EACH STATEMENT EXECUTE FUNCTION visits_seats_are_counted();
"""
VISIT = """
CREATE FUNCTION visits_visit_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version_id <> OLD.version_id THEN
    RAISE EXCEPTION 'visit % holds on to the version it was made from', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_keeps_its_version';
  END IF;
  IF (NEW.counts_as, NEW.credit_minutes) <> (OLD.counts_as, OLD.credit_minutes)
     AND EXISTS (SELECT 1 FROM visits_seat WHERE visit_id = OLD.id) THEN
    RAISE EXCEPTION 'what visit % counts as is fixed once a seat is given', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_counts_as_fixed_before_it_opens';
  END IF;
  IF (NEW.venue_id, NEW.starts_at, NEW.ends_at) <> (OLD.venue_id, OLD.starts_at, OLD.ends_at) AND NEW.taken > 0
     AND NOT visits_may_receive(NEW.venue_id, NEW.starts_at, NEW.ends_at) THEN
    RAISE EXCEPTION 'the host of visit % is not accredited on that day', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_only_at_an_accredited_host';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER visit_keeps_its_word BEFORE UPDATE ON visits_visit
  FOR EACH ROW EXECUTE FUNCTION visits_visit_changes();

CREATE FUNCTION visits_seats_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE visits_seat SET span = tstzrange(NEW.starts_at, NEW.ends_at) WHERE visit_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER seat_span_is_the_visits_span AFTER UPDATE OF starts_at, ends_at ON visits_visit
  FOR EACH ROW WHEN ((OLD.starts_at, OLD.ends_at) IS DISTINCT FROM (NEW.starts_at, NEW.ends_at))
  EXECUTE FUNCTION visits_seats_follow();
"""
BACKWARD = """
DROP TRIGGER seat_span_is_the_visits_span ON visits_visit;
DROP TRIGGER visit_keeps_its_word ON visits_visit;
DROP TRIGGER visit_counts_seats_given_up ON visits_seat;
DROP TRIGGER visit_counts_seats_given ON visits_seat;
DROP TRIGGER seat_keeps_its_row ON visits_seat;
DROP TRIGGER seat_changes_only_by_being_given_up ON visits_seat;
DROP TRIGGER seat_only_at_an_accredited_host ON visits_seat;
DROP FUNCTION visits_seats_follow, visits_visit_changes, visits_seats_are_counted, visits_seat_stays,
  visits_seat_changes, visits_seat_is_given, visits_may_receive;
"""


class Migration(migrations.Migration):
    """What the database itself holds about seats, whatever path makes one; the triggers' names are the sentences.

    Locks: SHARE ROW EXCLUSIVE on visits_seat and visits_visit while the triggers are made, brief.
    """

    dependencies = [("visits", "0001_initial"), ("registry", "0002_lead_only_as_an_example")]
    operations = [migrations.RunSQL(ACCREDITED + SEAT + TAKEN + VISIT, BACKWARD)]
