from importlib import import_module

from django.db import migrations

PRESS_BEFORE = import_module("baiye.bookings.migrations.0003_one_function_takes_every_press").PRESS
OWN_BEFORE = import_module("baiye.bookings.migrations.0006_one_press_of_ones_own").OWN

DROP = "DROP FUNCTION bookings_press, bookings_press_own;"
PRESS = """
CREATE FUNCTION bookings_press(
  p_openings bigint[], p_pupils bigint[], p_by bigint[], p_requests uuid[], p_ranks smallint[], p_at timestamptz)
RETURNS TABLE (request uuid, state text, booking bigint, place integer, reason text)
LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off SET jit = off
  SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE  -- few rows of large tables: always by index, whatever the planner knew of the tables when it planned
  new_pupils bigint[]; new_openings bigint[];
  first_ bigint := 1;
  again record;
BEGIN
  SELECT array_agg(t.pupil), array_agg(DISTINCT t.opening) INTO new_pupils, new_openings
  FROM unnest(p_pupils, p_openings, p_requests) AS t(pupil, opening, request)
  WHERE NOT EXISTS (SELECT 1 FROM bookings_booking b WHERE b.request = t.request);
  IF new_pupils IS NULL THEN  -- each of them came before
    RETURN QUERY
      SELECT t.request, CASE WHEN o.own THEN bookings_state(b.ended_at, b.seat_id, b.offer_until, b.place) ELSE 'refused' END,
        CASE WHEN o.own THEN b.id END, CASE WHEN o.own THEN b.place END, CASE WHEN o.own THEN 'again' ELSE 'bad_key' END
      FROM unnest(p_openings, p_pupils, p_requests) WITH ORDINALITY AS t(opening, pupil, request, ord)
      JOIN bookings_booking b ON b.request = t.request
      CROSS JOIN LATERAL (SELECT b.opening_id = t.opening AND b.pupil_id = t.pupil AS own) o
      ORDER BY t.ord;
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(26660, r.id::int) FROM (
    SELECT r.id FROM bookings_release r
    WHERE r.mode <> 'first' AND r.drawn_at IS NULL
      AND r.id IN (SELECT o.release_id FROM bookings_opening o WHERE o.id = ANY (new_openings))
    ORDER BY r.id OFFSET 0) r;
  PERFORM 1 FROM schools_pupil WHERE id = ANY (new_pupils) ORDER BY id FOR NO KEY UPDATE;
  PERFORM 1 FROM visits_visit v
    WHERE v.id IN (SELECT o.visit_id FROM bookings_opening o JOIN bookings_release r ON r.id = o.release_id
                   WHERE o.id = ANY (new_openings) AND (r.mode = 'first' OR r.drawn_at IS NOT NULL))
    ORDER BY v.id FOR NO KEY UPDATE;
  IF cardinality(p_requests) > 1 THEN
    FOR again IN  -- a pupil's second press sees the first: there the batch is cut
      SELECT c.ord, c.before_ FROM (
        SELECT t.ord,
          CASE WHEN lag(ROW(t.opening, t.request)) OVER same_pupil <> ROW(t.opening, t.request)
            THEN lag(t.ord) OVER same_pupil END AS before_
        FROM unnest(p_openings, p_pupils, p_requests) WITH ORDINALITY AS t(opening, pupil, request, ord)
        WINDOW same_pupil AS (PARTITION BY t.pupil ORDER BY t.ord)
        UNION ALL
        SELECT t.ord,
          CASE WHEN lag(ROW(t.opening, t.pupil)) OVER same_request <> ROW(t.opening, t.pupil)
            THEN lag(t.ord) OVER same_request END
        FROM unnest(p_openings, p_pupils, p_requests) WITH ORDINALITY AS t(opening, pupil, request, ord)
        WINDOW same_request AS (PARTITION BY t.request ORDER BY t.ord)
      ) c WHERE c.before_ IS NOT NULL ORDER BY c.ord
    LOOP
      IF again.before_ >= first_ THEN
        RETURN QUERY SELECT * FROM bookings_press_some(
          p_openings[first_:again.ord - 1], p_pupils[first_:again.ord - 1], p_by[first_:again.ord - 1],
          p_requests[first_:again.ord - 1], p_ranks[first_:again.ord - 1], p_at);
        first_ := again.ord;
      END IF;
    END LOOP;
  END IF;
  RETURN QUERY SELECT * FROM bookings_press_some(
    p_openings[first_:], p_pupils[first_:], p_by[first_:], p_requests[first_:], p_ranks[first_:], p_at);
END $$;
"""
# What `bookings_press` sets holds for what it calls.
SOME = "ALTER FUNCTION bookings_press_some(bigint[], bigint[], bigint[], uuid[], smallint[], timestamptz) RESET ALL;"
OWN = """
-- One press of somebody for a pupil of theirs: no row when the pupil is not theirs on the day, and nothing is done.
-- It is counted first, where p_key is given: `too_often` when it is one too many.
CREATE FUNCTION bookings_press_own(
  p_kind text, p_by bigint, p_pupil bigint, p_opening bigint, p_request uuid, p_rank smallint, p_at timestamptz,
  p_key text, p_most integer, p_per_s integer)
RETURNS TABLE (request uuid, state text, booking bigint, place integer, reason text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  today date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  IF p_key IS NOT NULL AND (SELECT t.hits FROM core_throttle_count(ARRAY[p_key], ARRAY[1], p_per_s) t) > p_most THEN
    RETURN QUERY SELECT p_request, 'refused', NULL::bigint, NULL::integer, 'too_often';
  ELSIF p_kind = 'guardian' AND EXISTS (
       SELECT 1 FROM schools_guardianship g
       WHERE g.user_id = p_by AND g.pupil_id = p_pupil AND g.ended_at IS NULL
         AND g.from_on <= today AND (g.to_on IS NULL OR g.to_on >= today))
     OR p_kind = 'pupil' AND EXISTS (SELECT 1 FROM schools_pupil p WHERE p.id = p_pupil AND p.user_id = p_by) THEN
    RETURN QUERY SELECT * FROM bookings_press(
      ARRAY[p_opening], ARRAY[p_pupil], ARRAY[p_by], ARRAY[p_request], ARRAY[p_rank], p_at);
  END IF;
END $$;
"""
SOME_BEFORE = """
ALTER FUNCTION bookings_press_some(bigint[], bigint[], bigint[], uuid[], smallint[], timestamptz)
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off SET jit = off
  SET plan_cache_mode = force_generic_plan;
"""


class Migration(migrations.Migration):
    """A press that came before is answered at once, and a press is counted in its own round trip.

    A single press is not looked at for a pupil's second one; the look-ups before the locks are by index too, whatever
    the planner knew of the tables. Nothing but functions: no lock on a table.
    """

    dependencies = [
        ("bookings", "0006_one_press_of_ones_own"),
        ("core", "0013_tries_are_counted_by_a_function"),
    ]
    operations = [
        migrations.RunSQL(DROP + PRESS + SOME + OWN, DROP + PRESS_BEFORE + SOME_BEFORE + OWN_BEFORE),
    ]
