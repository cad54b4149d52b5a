from django.db import migrations

BOOKINGS = """
CREATE FUNCTION bookings_booking_is_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a booking begins without an offer and lives'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_begins_without_an_offer';
END $$;
CREATE TRIGGER booking_begins_without_an_offer BEFORE INSERT ON bookings_booking
  FOR EACH ROW WHEN (NEW.offer_until IS NOT NULL OR NEW.ended_at IS NOT NULL)
  EXECUTE FUNCTION bookings_booking_is_made();

CREATE FUNCTION bookings_booking_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'booking % has ended', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_that_ended_never_changes';
  END IF;
  IF (NEW.id, NEW.opening_id, NEW.pupil_id, NEW.request, NEW.pressed_at, NEW.by_id)
     IS DISTINCT FROM (OLD.id, OLD.opening_id, OLD.pupil_id, OLD.request, OLD.pressed_at, OLD.by_id)
     OR OLD.place IS NOT NULL AND NEW.place IS DISTINCT FROM OLD.place
     OR OLD.seat_id IS NOT NULL AND NEW.seat_id IS DISTINCT FROM OLD.seat_id
     OR OLD."group" IS NOT NULL AND NEW."group" IS DISTINCT FROM OLD."group" THEN
    RAISE EXCEPTION 'booking % keeps whose it is, its place and its seat', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_keeps_its_place_and_its_seat';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER booking_keeps_its_place_and_its_seat BEFORE UPDATE ON bookings_booking
  FOR EACH ROW EXECUTE FUNCTION bookings_booking_changes();

CREATE FUNCTION bookings_booking_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'bookings end, they are never deleted'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_keeps_its_row';
END $$;
CREATE TRIGGER booking_keeps_its_row BEFORE DELETE OR TRUNCATE ON bookings_booking
  FOR EACH STATEMENT EXECUTE FUNCTION bookings_booking_stays();

CREATE FUNCTION bookings_offers_are_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE visits_visit v SET offered = v.offered + c.n
  FROM (SELECT o.visit_id, sum(d.n) AS n
        FROM (SELECT opening_id, 1 AS n FROM after_ WHERE offer_until IS NOT NULL AND ended_at IS NULL
              UNION ALL
              SELECT opening_id, -1 FROM before_ WHERE offer_until IS NOT NULL AND ended_at IS NULL) d
        JOIN bookings_opening o ON o.id = d.opening_id
        GROUP BY o.visit_id HAVING sum(d.n) <> 0) c
  WHERE v.id = c.visit_id;
  RETURN NULL;
END $$;
CREATE TRIGGER visit_counts_the_offers_that_are_out AFTER UPDATE ON bookings_booking
  REFERENCING OLD TABLE AS before_ NEW TABLE AS after_ FOR EACH STATEMENT
  EXECUTE FUNCTION bookings_offers_are_counted();

CREATE FUNCTION bookings_seat_is_theirs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM visits_seat s JOIN bookings_opening o ON o.visit_id = s.visit_id
    WHERE s.id = NEW.seat_id AND o.id = NEW.opening_id AND s.pupil_id = NEW.pupil_id AND s.origin = 'booked'
      AND s.given_up_at IS NULL) THEN
    RAISE EXCEPTION 'seat % is not what booking % came to', NEW.seat_id, NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_comes_to_a_seat_of_its_own';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER booking_is_made_with_a_seat_of_its_own AFTER INSERT ON bookings_booking
  FOR EACH ROW WHEN (NEW.seat_id IS NOT NULL) EXECUTE FUNCTION bookings_seat_is_theirs();
CREATE TRIGGER booking_comes_to_a_seat_of_its_own AFTER UPDATE OF seat_id ON bookings_booking
  FOR EACH ROW WHEN (NEW.seat_id IS DISTINCT FROM OLD.seat_id) EXECUTE FUNCTION bookings_seat_is_theirs();
"""
VISITS = """
CREATE FUNCTION bookings_end_with_the_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE bookings_booking SET ended_at = NEW.given_up_at, ended_by_id = NEW.given_up_by_id, because = 'closed'
  WHERE seat_id = NEW.id AND ended_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER booking_ends_with_its_seat AFTER UPDATE OF given_up_at ON visits_seat
  FOR EACH ROW WHEN (OLD.given_up_at IS NULL AND NEW.given_up_at IS NOT NULL AND NEW.origin = 'booked')
  EXECUTE FUNCTION bookings_end_with_the_seat();

CREATE FUNCTION bookings_end_with_the_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE bookings_booking b SET ended_at = NEW.cancelled_at, ended_by_id = NEW.cancelled_by_id, because = 'closed'
  FROM bookings_opening o
  WHERE o.visit_id = NEW.id AND b.opening_id = o.id AND b.ended_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER booking_ends_with_its_visit AFTER UPDATE OF cancelled_at ON visits_visit
  FOR EACH ROW WHEN (OLD.cancelled_at IS NULL AND NEW.cancelled_at IS NOT NULL)
  EXECUTE FUNCTION bookings_end_with_the_visit();
"""
RELEASES = """
CREATE FUNCTION bookings_release_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NULL THEN
    RETURN COALESCE(NEW, OLD);
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'release % is published', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'release_keeps_its_published_rules';
  END IF;
  IF (to_jsonb(NEW) - '{most_a_term,most_open,frozen_sha256,frozen_at,seed,drawn_at}'::text[])
     <> (to_jsonb(OLD) - '{most_a_term,most_open,frozen_sha256,frozen_at,seed,drawn_at}'::text[])
     OR NEW.most_a_term < OLD.most_a_term OR NEW.most_open < OLD.most_open THEN
    RAISE EXCEPTION 'release % keeps its published rules, or they change in favour of families', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'release_keeps_its_published_rules';
  END IF;
  IF OLD.frozen_sha256 <> '' AND (NEW.frozen_sha256, NEW.frozen_at) IS DISTINCT FROM (OLD.frozen_sha256, OLD.frozen_at)
     OR OLD.seed <> '' AND NEW.seed <> OLD.seed
     OR OLD.drawn_at IS NOT NULL AND NEW.drawn_at IS DISTINCT FROM OLD.drawn_at THEN
    RAISE EXCEPTION 'release % is drawn once', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'release_is_drawn_once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_keeps_its_published_rules BEFORE UPDATE OR DELETE ON bookings_release
  FOR EACH ROW EXECUTE FUNCTION bookings_release_changes();

CREATE FUNCTION bookings_files_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.release_id <> OLD.release_id OR NEW.frozen <> OLD.frozen
     OR OLD.result IS NOT NULL AND (NEW.result IS DISTINCT FROM OLD.result OR NEW.figures <> OLD.figures) THEN
    RAISE EXCEPTION 'the files of release % never change', OLD.release_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'release_files_never_change';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_files_never_change BEFORE UPDATE OR DELETE ON bookings_releasefiles
  FOR EACH ROW EXECUTE FUNCTION bookings_files_change();

CREATE FUNCTION bookings_opening_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  row_ bookings_opening := COALESCE(NEW, OLD);
BEGIN
  PERFORM 1 FROM bookings_release WHERE id = row_.release_id AND published_at IS NOT NULL FOR SHARE;
  IF NOT FOUND AND (TG_OP <> 'UPDATE' OR NEW.release_id = OLD.release_id) THEN
    RETURN row_;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF (to_jsonb(NEW) - '{reserved,reserved_until,waiting_most}'::text[])
       = (to_jsonb(OLD) - '{reserved,reserved_until,waiting_most}'::text[])
       AND NEW.reserved <= OLD.reserved AND NEW.reserved_until IS NOT DISTINCT FROM LEAST(NEW.reserved_until, OLD.reserved_until)
       AND (NEW.waiting_most IS NULL OR NEW.waiting_most >= OLD.waiting_most) THEN
      RETURN row_;
    END IF;
  END IF;
  RAISE EXCEPTION 'opening % keeps its published rules, or they change in favour of families', row_.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'opening_keeps_its_published_rules';
END $$;
CREATE TRIGGER opening_keeps_its_published_rules BEFORE INSERT OR UPDATE OR DELETE ON bookings_opening
  FOR EACH ROW EXECUTE FUNCTION bookings_opening_changes();
"""
BACKWARD = """
DROP TRIGGER booking_ends_with_its_visit ON visits_visit;
DROP TRIGGER booking_ends_with_its_seat ON visits_seat;
DROP FUNCTION bookings_end_with_the_visit, bookings_end_with_the_seat;
DROP TRIGGER opening_keeps_its_published_rules ON bookings_opening;
DROP TRIGGER release_files_never_change ON bookings_releasefiles;
DROP TRIGGER release_keeps_its_published_rules ON bookings_release;
DROP FUNCTION bookings_opening_changes, bookings_files_change, bookings_release_changes;
DROP TRIGGER booking_comes_to_a_seat_of_its_own ON bookings_booking;
DROP TRIGGER booking_is_made_with_a_seat_of_its_own ON bookings_booking;
DROP TRIGGER visit_counts_the_offers_that_are_out ON bookings_booking;
DROP TRIGGER booking_keeps_its_row ON bookings_booking;
DROP TRIGGER booking_keeps_its_place_and_its_seat ON bookings_booking;
DROP TRIGGER booking_begins_without_an_offer ON bookings_booking;
DROP FUNCTION bookings_seat_is_theirs, bookings_offers_are_counted, bookings_booking_stays, bookings_booking_changes,
  bookings_booking_is_made;
"""


class Migration(migrations.Migration):
    """What the database itself holds about releases and bookings, whatever path; the triggers' names are the sentences.

    Locks: SHARE ROW EXCLUSIVE on visits_seat and visits_visit while their triggers are made, brief.
    """

    dependencies = [("bookings", "0001_initial")]
    operations = [migrations.RunSQL(BOOKINGS + VISITS + RELEASES, BACKWARD)]
