from django.db import migrations

HINDERS = """
CREATE FUNCTION visits_place_hinders(p_venue bigint, p_from date, p_until date) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN v.closed_on <= p_until THEN 'venue' ELSE registry_hinders(v.host_id, p_from, p_until) END
  FROM registry_venue v WHERE v.id = p_venue
$$;
CREATE FUNCTION visits_hinders(p_visit bigint, p_venue bigint, p_starts timestamptz, p_ends timestamptz)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  first date := (p_starts AT TIME ZONE 'Asia/Shanghai')::date;
  last date := (p_ends AT TIME ZONE 'Asia/Shanghai')::date;
  answer text := visits_place_hinders(p_venue, first, last);
BEGIN
  IF answer IS NULL THEN
    SELECT 'adult:' || mentors_hinders(a.mentor_id, first, last) INTO answer
    FROM visits_assignment a
    WHERE a.visit_id = p_visit AND a.ended_at IS NULL AND mentors_hinders(a.mentor_id, first, last) IS NOT NULL
    ORDER BY a.id LIMIT 1;
  END IF;
  RETURN answer;
END $$;
CREATE FUNCTION visits_refuse(p_visit bigint, p_because text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'visit % may have no pupils: %', p_visit, p_because
    USING ERRCODE = 'check_violation', DETAIL = p_because, CONSTRAINT = CASE split_part(p_because, ':', 1)
      WHEN 'venue' THEN 'seat_only_at_an_open_venue'
      WHEN 'accreditation' THEN 'seat_only_at_an_accredited_host'
      WHEN 'document' THEN 'seat_only_with_the_papers_that_are_needed'
      ELSE 'seat_only_with_vetted_adults' END;
END $$;
"""
SEATS = """
DROP TRIGGER seat_only_at_an_accredited_host ON visits_seat;
CREATE OR REPLACE FUNCTION visits_seat_is_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE visit record;
BEGIN
  SELECT starts_at, ends_at, cancelled_at INTO visit FROM visits_visit WHERE id = NEW.visit_id;
  NEW.span := tstzrange(visit.starts_at, visit.ends_at);
  IF NEW.given_up_at IS NULL AND visit.cancelled_at IS NOT NULL THEN
    RAISE EXCEPTION 'visit % is cancelled', NEW.visit_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_cancelled_holds_no_seat';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER seat_has_the_visits_span BEFORE INSERT ON visits_seat
  FOR EACH ROW EXECUTE FUNCTION visits_seat_is_given();

CREATE FUNCTION visits_seats_are_hindered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT v.id, visits_hinders(v.id, v.venue_id, v.starts_at, v.ends_at) AS because
    FROM visits_visit v
    WHERE v.id IN (SELECT visit_id FROM after_ WHERE given_up_at IS NULL)
    ORDER BY v.id
  LOOP
    IF one.because IS NOT NULL THEN
      PERFORM visits_refuse(one.id, one.because);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER visit_may_have_its_seats AFTER INSERT ON visits_seat
  REFERENCING NEW TABLE AS after_ FOR EACH STATEMENT EXECUTE FUNCTION visits_seats_are_hindered();

CREATE OR REPLACE FUNCTION visits_visit_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE because text;
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
  IF (NEW.venue_id, NEW.starts_at, NEW.ends_at) <> (OLD.venue_id, OLD.starts_at, OLD.ends_at) AND NEW.taken > 0 THEN
    because := visits_hinders(NEW.id, NEW.venue_id, NEW.starts_at, NEW.ends_at);
    IF because IS NOT NULL THEN
      PERFORM visits_refuse(NEW.id, because);
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION visits_venue_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT v.id, visits_hinders(v.id, v.venue_id, v.starts_at, v.ends_at) AS because
    FROM visits_visit v WHERE v.venue_id = NEW.id AND v.taken > 0 AND v.ends_at > now()
    ORDER BY v.id
  LOOP
    IF one.because IS NOT NULL THEN
      PERFORM visits_refuse(one.id, one.because);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER venue_with_seats_moves_only_to_a_host_that_may_receive
  AFTER UPDATE OF host_id ON registry_venue DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.host_id <> NEW.host_id) EXECUTE FUNCTION visits_venue_moves();
"""
ASSIGNMENTS = """
CREATE FUNCTION visits_assignment_is_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  visit record;
  because text;
BEGIN
  SELECT starts_at, ends_at, cancelled_at INTO visit FROM visits_visit WHERE id = NEW.visit_id FOR SHARE;
  NEW.span := tstzrange(visit.starts_at, visit.ends_at);
  IF NEW.ended_at IS NOT NULL THEN
    RETURN NEW;
  END IF;
  IF visit.cancelled_at IS NOT NULL THEN
    RAISE EXCEPTION 'visit % is cancelled', NEW.visit_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_to_a_visit_that_is_held';
  END IF;
  because := mentors_hinders(NEW.mentor_id, (visit.starts_at AT TIME ZONE 'Asia/Shanghai')::date,
                             (visit.ends_at AT TIME ZONE 'Asia/Shanghai')::date);
  IF because IS NOT NULL THEN
    PERFORM visits_refuse(NEW.visit_id, 'adult:' || because);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assignment_only_of_an_adult_who_may BEFORE INSERT ON visits_assignment
  FOR EACH ROW EXECUTE FUNCTION visits_assignment_is_made();

CREATE FUNCTION visits_assignment_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'assignments are ended, never deleted'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_keeps_its_row';
  END IF;
  IF (to_jsonb(NEW) - '{ended_at,ended_by_id,span}'::text[]) <> (to_jsonb(OLD) - '{ended_at,ended_by_id,span}'::text[])
     OR OLD.ended_at IS NOT NULL
        AND (NEW.ended_at, NEW.ended_by_id) IS DISTINCT FROM (OLD.ended_at, OLD.ended_by_id) THEN
    RAISE EXCEPTION 'assignment % changes only by being ended, once', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_changes_only_by_being_ended';
  END IF;
  SELECT tstzrange(starts_at, ends_at) INTO NEW.span FROM visits_visit WHERE id = NEW.visit_id;
  RETURN NEW;
END $$;
CREATE TRIGGER assignment_changes_only_by_being_ended BEFORE UPDATE OR DELETE ON visits_assignment
  FOR EACH ROW EXECUTE FUNCTION visits_assignment_changes();

CREATE OR REPLACE FUNCTION visits_seats_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE visits_seat SET span = tstzrange(NEW.starts_at, NEW.ends_at) WHERE visit_id = NEW.id;
  UPDATE visits_assignment SET span = tstzrange(NEW.starts_at, NEW.ends_at) WHERE visit_id = NEW.id;
  RETURN NULL;
END $$;
DROP FUNCTION visits_may_receive;
"""


class Migration(migrations.Migration):
    """No pupil at a host that may not receive, without its papers, or with an adult who may not be with pupils.

    What hinders is asked once a visit however many seats are given, after `taken` was counted: that locks the visit,
    so a visit moved meanwhile is seen. `visits_hinders(visit, venue, starts, ends)` is "venue", "accreditation",
    "document:<kind>", "adult:<code>" or NULL. SHARE ROW EXCLUSIVE on visits_seat and registry_venue, brief. There is
    no way back: the release before knows nothing of assignments but runs on it.
    """

    dependencies = [
        ("visits", "0003_assignments"),
        ("registry", "0004_the_register_keeps_its_word"),
        ("mentors", "0002_who_may_be_with_pupils"),
    ]
    operations = [migrations.RunSQL(HINDERS + SEATS + ASSIGNMENTS)]
