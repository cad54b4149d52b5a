from django.db import migrations

QUEUE = """
CREATE FUNCTION bookings_queue(p_task text, p_queue text, p_name text, p_ids bigint[]) RETURNS void
LANGUAGE sql AS $$
  SELECT procrastinate_defer_jobs_v1(ARRAY(
    SELECT ROW(p_queue, p_task, 0, NULL, NULL, jsonb_build_object(p_name, t.id), NULL)::procrastinate_job_to_defer_v1
    FROM unnest(p_ids) AS t(id)))
$$;
CREATE OR REPLACE FUNCTION bookings_end_with_the_seat() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE opening bigint;
BEGIN
  UPDATE bookings_booking SET ended_at = NEW.given_up_at, ended_by_id = NEW.given_up_by_id, because = 'closed'
  WHERE seat_id = NEW.id AND ended_at IS NULL RETURNING opening_id INTO opening;
  IF opening IS NOT NULL THEN
    PERFORM bookings_queue('bookings.promote', 'core', 'opening_id', ARRAY[opening]);
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION bookings_end_with_the_visit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
  WITH ended AS (
    UPDATE bookings_booking b
    SET ended_at = NEW.cancelled_at, ended_by_id = NEW.cancelled_by_id, because = 'closed'
    FROM bookings_opening o
    WHERE o.visit_id = NEW.id AND b.opening_id = o.id AND b.ended_at IS NULL
    RETURNING b.id)
  SELECT array_agg(id ORDER BY id) INTO ids FROM ended;
  IF ids IS NOT NULL THEN
    PERFORM bookings_queue('bookings.tell_press', 'mail', 'booking_id', ids);
  END IF;
  RETURN NULL;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION bookings_end_with_the_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE bookings_booking SET ended_at = NEW.given_up_at, ended_by_id = NEW.given_up_by_id, because = 'closed'
  WHERE seat_id = NEW.id AND ended_at IS NULL;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION bookings_end_with_the_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE bookings_booking b SET ended_at = NEW.cancelled_at, ended_by_id = NEW.cancelled_by_id, because = 'closed'
  FROM bookings_opening o
  WHERE o.visit_id = NEW.id AND b.opening_id = o.id AND b.ended_at IS NULL;
  RETURN NULL;
END $$;
DROP FUNCTION bookings_queue;
"""


class Migration(migrations.Migration):
    """A seat that staff take back has the next in line asked; a visit that is off tells who waited. Functions alone.

    Whoever held a seat of it is told by `visits`, as of any seat.
    """

    dependencies = [
        ("bookings", "0004_offers_seats_and_endings"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [migrations.RunSQL(QUEUE, BACKWARD)]
