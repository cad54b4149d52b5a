from django.db import migrations

WORDS = """
CREATE FUNCTION bookings_grade(p_stage text, p_entry_year integer, p_on date) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_stage WHEN 'primary' THEN 1 WHEN 'junior' THEN 6 ELSE 10 END
    + extract(year FROM p_on)::int - (extract(month FROM p_on) < 9)::int - p_entry_year
$$;

CREATE FUNCTION bookings_state(p_ended timestamptz, p_seat bigint, p_offer_until timestamptz, p_place integer)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_ended IS NOT NULL THEN 'ended' WHEN p_seat IS NOT NULL THEN 'booked'
    WHEN p_offer_until IS NOT NULL THEN 'offered' WHEN p_place IS NULL THEN 'pressed' ELSE 'waiting' END
$$;

-- As many codes as visits, none of them on its visit yet: six of 24 letters and figures that look like no other.
CREATE FUNCTION bookings_codes(p_visits bigint[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE codes text[];
BEGIN
  LOOP
    SELECT array_agg(
      (SELECT string_agg(substr('34679ACDEFGHJKMNPQRTUWXY', 1 + (get_byte(r.b, 2*n)*256 + get_byte(r.b, 2*n + 1)) % 24, 1), '')
       FROM generate_series(0, 5) n) ORDER BY ord)
    INTO codes
    FROM (SELECT ord, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) AS b
          FROM unnest(p_visits) WITH ORDINALITY AS t(visit, ord) OFFSET 0) r;
    IF NOT EXISTS (
      SELECT 1 FROM unnest(p_visits, codes) AS t(visit, code) JOIN visits_seat s ON s.visit_id = visit AND s.code = t.code
    ) AND NOT EXISTS (
      SELECT 1 FROM unnest(p_visits, codes) AS t(visit, code) GROUP BY visit, code HAVING count(*) > 1
    ) THEN
      RETURN codes;
    END IF;
  END LOOP;
END $$;
"""
STANDING = """
-- How a pupil's live bookings stand towards one more: the one on this opening, how many are live, how many seats of the term they hold, whether
-- the rule for who stayed away holds, whether a live one is at that time, and the ranks used in the release.
CREATE FUNCTION bookings_standing(
  p_pupil bigint, p_opening bigint, p_release bigint, p_term bigint, p_span tstzrange, p_at timestamptz)
RETURNS TABLE (this bigint, live bigint, in_term bigint, stayed_away boolean, clash boolean, ranks smallint[])
LANGUAGE sql STABLE AS $$
  SELECT
    min(b.id) FILTER (WHERE b.opening_id = p_opening),
    count(DISTINCT CASE WHEN r.mode = 'ranked' AND b.seat_id IS NULL THEN -r.id ELSE b.id END)
      FILTER (WHERE v.ends_at > p_at AND NOT (r.id = p_release AND r.mode = 'ranked')),
    count(*) FILTER (WHERE r.term_id = p_term AND (b.seat_id IS NOT NULL OR b.offer_until IS NOT NULL)),
    count(*) FILTER (WHERE r.term_id = p_term AND d.came = false) >= 2
      AND COALESCE(max(v.starts_at) FILTER (WHERE d.came) < max(v.starts_at) FILTER (WHERE NOT d.came), true),
    COALESCE(bool_or(b.opening_id <> p_opening AND v.starts_at < upper(p_span) AND v.ends_at > lower(p_span)
      AND NOT (r.id = p_release AND r.mode = 'ranked')), false),
    array_agg(b.rank) FILTER (WHERE r.id = p_release)
  FROM bookings_booking b
  JOIN bookings_opening o ON o.id = b.opening_id
  JOIN bookings_release r ON r.id = o.release_id
  JOIN visits_visit v ON v.id = o.visit_id
  LEFT JOIN LATERAL (
    SELECT true AS came FROM attendance_mark m
    WHERE m.seat_id = b.seat_id AND m.kind = 'in' AND m.voided_at IS NULL LIMIT 1) m ON v.ends_at <= p_at
  LEFT JOIN LATERAL (
    SELECT false AS came FROM attendance_confirmation c
    WHERE c.visit_id = v.id AND c.side = 'host' AND b.seat_id IS NOT NULL LIMIT 1) c ON v.ends_at <= p_at
  CROSS JOIN LATERAL (SELECT COALESCE(m.came, c.came) AS came) d
  WHERE b.pupil_id = p_pupil AND b.ended_at IS NULL
$$;

CREATE FUNCTION bookings_is_elsewhere(p_pupil bigint, p_span tstzrange) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT (SELECT true FROM visits_seat s
          WHERE s.pupil_id = p_pupil AND s.given_up_at IS NULL AND s.span && p_span LIMIT 1) IS NOT NULL
$$;

CREATE FUNCTION bookings_consents(p_pupil bigint, p_purposes text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (
    SELECT 1 FROM unnest(p_purposes) AS needed(purpose)
    WHERE NOT EXISTS (SELECT 1 FROM schools_consent c WHERE c.pupil_id = p_pupil AND c.purpose = needed.purpose
                      AND c.agreed AND c.ended_at IS NULL))
$$;

-- Seats of the reserve that are still kept: those of the last grades who hold one, or were offered one, used theirs.
CREATE FUNCTION bookings_kept(p_opening bigint, p_reserved integer, p_from_grade integer, p_on date) RETURNS integer
LANGUAGE sql STABLE AS $$
  SELECT GREATEST(p_reserved - count(*), 0)::int
  FROM bookings_booking b JOIN schools_pupil p ON p.id = b.pupil_id JOIN schools_schoolclass c ON c.id = p.school_class_id
  WHERE b.opening_id = p_opening AND b.ended_at IS NULL AND (b.seat_id IS NOT NULL OR b.offer_until IS NOT NULL)
    AND bookings_grade(c.stage, c.entry_year, p_on) >= p_from_grade
$$;

-- Whether someone waits in line: anyone, or (p_from_grade) one of the last grades.
CREATE FUNCTION bookings_waits(p_opening bigint, p_from_grade integer, p_on date) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM (
      SELECT b.pupil_id FROM bookings_booking b
      WHERE b.opening_id = p_opening AND b.ended_at IS NULL AND b.seat_id IS NULL AND b.offer_until IS NULL
        AND b.place IS NOT NULL
      ORDER BY b.place) line
    WHERE p_from_grade IS NULL OR EXISTS (
      SELECT 1 FROM schools_pupil p JOIN schools_schoolclass c ON c.id = p.school_class_id
      WHERE p.id = line.pupil_id AND bookings_grade(c.stage, c.entry_year, p_on) >= p_from_grade))
$$;
"""
SOME = """
-- Presses of which no two are by one pupil (but for the same press again), in the order in which they came.
CREATE FUNCTION bookings_press_some(
  p_openings bigint[], p_pupils bigint[], p_by bigint[], p_requests uuid[], p_ranks smallint[], p_at timestamptz)
RETURNS TABLE (request uuid, state text, booking bigint, place integer, reason text)
LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off SET jit = off
  SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE  -- few rows of large tables: always by index, whatever the planner knew of the tables when it planned
  not_ords bigint[]; not_why text[]; not_this bigint[];
  ords bigint[]; ids bigint[]; places integer[]; paths text[]; pressed timestamptz[]; ranks smallint[]; seats bigint[];
  seat_ids bigint[]; seated_ords bigint[]; seated_visits bigint[];
  why_of text[]; this_of bigint[]; new_of bigint[];  -- by number of the press
BEGIN
  WITH i AS MATERIALIZED (
    SELECT DISTINCT ON (t.request) t.*
    FROM unnest(p_openings, p_pupils, p_requests, p_ranks) WITH ORDINALITY AS t(opening, pupil, request, rank, ord)
    ORDER BY t.request, t.ord
  ), o AS MATERIALIZED (
    SELECT o.id AS opening, o.visit_id AS visit, o.release_id AS release, o.grades, o.consents, o.waiting_most,
      r.term_id AS term, r.mode, r.opens_at, r.closes_at, r.most_a_term, r.most_open, r.published_at, r.frozen_at,
      r.draw_until, v.starts_at, v.cancelled_at, tstzrange(v.starts_at, v.ends_at) AS span, d.day, f.free,
      g.from_grade, r.mode = 'first' OR r.drawn_at IS NOT NULL AS settled, split_part(y.path, '/', 2) AS district,
      CASE WHEN f.free > 0 THEN visits_hinders(v.id, v.venue_id, v.starts_at, v.ends_at) END AS hindered,
      CASE WHEN f.free > 0 AND g.from_grade IS NOT NULL
        THEN LEAST(bookings_kept(o.id, o.reserved, g.from_grade, d.day), f.free) ELSE 0 END AS kept,
      f.free > 0 AND NOT l.late AND bookings_waits(o.id, NULL, d.day) AS waits, l.late,
      f.free > 0 AND NOT l.late AND g.from_grade IS NOT NULL AND bookings_waits(o.id, g.from_grade, d.day) AS kept_waits,
      CASE WHEN f.free IS NOT NULL THEN
        COALESCE((SELECT max(b.place) FROM bookings_booking b WHERE b.opening_id = o.id AND b.place IS NOT NULL), 0)
        END AS last_place,
      CASE WHEN f.free IS NOT NULL AND o.waiting_most IS NOT NULL THEN
        (SELECT count(*) FROM bookings_booking b WHERE b.opening_id = o.id AND b.ended_at IS NULL AND b.seat_id IS NULL
         AND b.offer_until IS NULL AND b.place IS NOT NULL) END AS waiting
    FROM bookings_opening o
    JOIN bookings_release r ON r.id = o.release_id
    JOIN accounts_unit y ON y.id = r.unit_id
    JOIN visits_visit v ON v.id = o.visit_id
    CROSS JOIN LATERAL (SELECT (v.starts_at AT TIME ZONE 'Asia/Shanghai')::date AS day) d
    -- too late to offer a seat to who waits: the line is over, and what is free goes first come
    CROSS JOIN LATERAL (SELECT p_at >= v.starts_at - o.cancel_until * interval '1 hour' AS late) l
    CROSS JOIN LATERAL (
      SELECT CASE WHEN r.mode = 'first' OR r.drawn_at IS NOT NULL THEN v.seats - v.taken - v.offered END AS free) f
    CROSS JOIN LATERAL (
      SELECT CASE WHEN o.reserved > 0 AND p_at < o.reserved_until THEN o.reserved_from_grade END AS from_grade) g
    WHERE o.id = ANY (p_openings)
  ), k AS (
    SELECT i.ord, i.opening, p.path, o.settled, o.free, o.kept, o.waits, o.kept_waits, o.from_grade, o.last_place,
      o.waiting, o.waiting_most, o.late, o.visit, o.draw_until, o.frozen_at, CASE WHEN o.mode = 'ranked' THEN i.rank END AS rank,
      bookings_grade(p.stage, p.entry_year, o.day) AS grade, s.this,
      CASE
        WHEN b.id IS NOT NULL THEN
          CASE WHEN b.opening_id = i.opening AND b.pupil_id = i.pupil THEN 'again' ELSE 'bad_key' END
        WHEN o.opening IS NULL OR o.published_at IS NULL THEN 'unknown'
        WHEN p.path IS NULL OR p.left_on IS NOT NULL THEN 'left'
        WHEN o.district <> split_part(p.path, '/', 2) THEN 'unknown'
        WHEN s.this IS NOT NULL THEN 'already'
        WHEN p_at < o.opens_at THEN 'not_yet'
        WHEN o.cancelled_at IS NOT NULL THEN 'cancelled'
        WHEN p_at >= o.closes_at OR o.mode = 'ranked' AND o.frozen_at IS NOT NULL THEN 'closed'
        WHEN p_at >= o.starts_at THEN 'begun'
        WHEN cardinality(o.grades) > 0 AND NOT bookings_grade(p.stage, p.entry_year, o.day) = ANY (o.grades) THEN 'grade'
        WHEN cardinality(o.consents) > 0 AND NOT bookings_consents(i.pupil, o.consents) THEN 'consent'
        WHEN o.mode = 'ranked' AND (i.rank IS NULL OR i.rank NOT BETWEEN 1 AND 5) THEN 'rank'
        WHEN o.mode = 'ranked' AND i.rank = ANY (s.ranks) THEN 'rank_taken'
        WHEN s.stayed_away AND s.live >= 1 THEN 'stayed_away'
        WHEN s.live >= o.most_open THEN 'open_cap'
        WHEN s.in_term >= o.most_a_term THEN 'term_cap'
        WHEN s.clash OR bookings_is_elsewhere(i.pupil, o.span) THEN 'overlap'
        WHEN o.hindered IS NOT NULL THEN 'hindered'
        ELSE ''
      END AS why
    FROM i
    LEFT JOIN o ON o.opening = i.opening
    LEFT JOIN LATERAL (
      SELECT p.left_on, c.stage, c.entry_year, u.path
      FROM schools_pupil p JOIN schools_schoolclass c ON c.id = p.school_class_id
      JOIN schools_school h ON h.id = c.school_id JOIN accounts_unit u ON u.id = h.unit_id
      WHERE p.id = i.pupil LIMIT 1) p ON true
    LEFT JOIN LATERAL (
      SELECT y.id, y.opening_id, y.pupil_id FROM bookings_booking y WHERE y.request = i.request LIMIT 1) b ON true
    LEFT JOIN LATERAL bookings_standing(i.pupil, i.opening, o.release, o.term, o.span, p_at) s
      ON o.opening IS NOT NULL AND b.id IS NULL
  ), kept AS (  -- who takes a seat of the reserve: the first of the last grades, while some are kept
    SELECT k.*, k.kept > 0 AND NOT k.kept_waits AND k.grade >= k.from_grade AND row_number() OVER (
      PARTITION BY k.opening, k.why = '', k.grade >= k.from_grade ORDER BY k.ord) <= k.kept AS keeps
    FROM k
  ), seated AS (  -- the others share what is not kept, where nobody waits in front of them
    SELECT n.*, COALESCE(n.why = '' AND n.free > 0 AND (n.keeps OR NOT n.waits AND row_number() OVER (
      PARTITION BY n.opening, n.why = '', COALESCE(n.keeps, false) ORDER BY n.ord) <= n.free - n.kept), false) AS gets
    FROM kept n
  ), lined AS (
    SELECT n.*, CASE WHEN n.why = '' AND n.settled AND NOT n.gets THEN row_number() OVER (
      PARTITION BY n.opening, n.why = '', n.gets ORDER BY n.ord) END AS nth
    FROM seated n
  ), judged AS (
    SELECT n.*, CASE WHEN n.nth IS NOT NULL AND (n.late OR n.nth + n.waiting > n.waiting_most) THEN 'full' ELSE n.why END AS says FROM lined n
  ), numbered AS (  -- in the order in which they came, as presses one after the other are
    SELECT n.*, CASE WHEN says = '' THEN nextval('bookings_booking_id_seq') END AS id,
      CASE WHEN says = '' AND gets THEN nextval('visits_seat_id_seq') END AS seat
    FROM (SELECT * FROM judged ORDER BY ord) n
  )
  SELECT
    array_agg(ord) FILTER (WHERE says NOT IN ('', 'again')),
    array_agg(says) FILTER (WHERE says NOT IN ('', 'again')),
    array_agg(CASE WHEN says = 'already' THEN this END) FILTER (WHERE says NOT IN ('', 'again')),
    array_agg(ord) FILTER (WHERE says = ''),
    array_agg(id) FILTER (WHERE says = ''),
    array_agg(last_place + nth) FILTER (WHERE says = ''),
    array_agg(path) FILTER (WHERE says = ''),
    array_agg(CASE WHEN NOT settled AND frozen_at IS NOT NULL THEN GREATEST(p_at, draw_until) ELSE p_at END)
      FILTER (WHERE says = ''),
    array_agg(rank) FILTER (WHERE says = ''),
    array_agg(seat) FILTER (WHERE says = ''),
    array_agg(seat) FILTER (WHERE says = '' AND gets),
    array_agg(ord) FILTER (WHERE says = '' AND gets),
    array_agg(visit) FILTER (WHERE says = '' AND gets)
  INTO not_ords, not_why, not_this, ords, ids, places, paths, pressed, ranks, seats, seat_ids, seated_ords, seated_visits
  FROM (SELECT * FROM numbered ORDER BY ord) n;

  IF seat_ids IS NOT NULL THEN
    INSERT INTO visits_seat (id, pupil_id, visit_id, code, origin, request, given_at, given_by_id, given_up_because)
    SELECT t.id, p_pupils[t.ord], t.visit, t.code, 'booked', p_requests[t.ord], p_at, p_by[t.ord], ''
    FROM unnest(seat_ids, seated_ords, seated_visits, bookings_codes(seated_visits)) AS t(id, ord, visit, code);
  END IF;
  IF ids IS NOT NULL THEN
    INSERT INTO bookings_booking (id, opening_id, pupil_id, request, pressed_at, by_id, rank, place, seat_id, because)
    SELECT t.id, p_openings[t.ord], p_pupils[t.ord], p_requests[t.ord], t.pressed, p_by[t.ord], t.rank, t.place, t.seat, ''
    FROM unnest(ids, ords, pressed, ranks, places, seats) AS t(id, ord, pressed, rank, place, seat);
    INSERT INTO core_event (kind, actor_id, object_type, object_id, unit_path, facts)
    SELECT 'booking.made', p_by[t.ord], 'bookings.booking', t.id::text, t.path, jsonb_build_object(
      'opening', p_openings[t.ord], 'pupil', p_pupils[t.ord], 'state', bookings_state(NULL, t.seat, NULL, t.place))
    FROM unnest(ids, ords, paths, places, seats) AS t(id, ord, path, place, seat);
    PERFORM procrastinate_defer_jobs_v1(ARRAY(
      SELECT ROW('mail', 'bookings.tell_press', 0, NULL, NULL, jsonb_build_object('booking_id', t.id), NULL)
        ::procrastinate_job_to_defer_v1 FROM unnest(ids) AS t(id)));
  END IF;

  FOR n IN 1 .. COALESCE(cardinality(not_ords), 0) LOOP
    why_of[not_ords[n]] := not_why[n];
    this_of[not_ords[n]] := not_this[n];
  END LOOP;
  FOR n IN 1 .. COALESCE(cardinality(ords), 0) LOOP
    new_of[ords[n]] := ids[n];
  END LOOP;
  RETURN QUERY
    SELECT i.request, CASE WHEN i.why IS NULL OR i.why = 'already'
        THEN bookings_state(b.ended_at, b.seat_id, b.offer_until, b.place) ELSE 'refused' END,
      b.id, b.place, COALESCE(i.why, CASE WHEN new_of[i.ord] IS NULL THEN 'again' ELSE '' END)
    FROM (SELECT t.request, t.ord, why_of[t.first_] AS why, this_of[t.first_] AS this, new_of[t.first_] AS made
          FROM (SELECT t.request, t.ord, min(t.ord) OVER (PARTITION BY t.request) AS first_
                FROM unnest(p_requests) WITH ORDINALITY AS t(request, ord)) t) i
    LEFT JOIN bookings_booking b ON b.id = CASE WHEN i.why IS NULL
      THEN COALESCE(i.made, (SELECT y.id FROM bookings_booking y WHERE y.request = i.request)) ELSE i.this END
    ORDER BY i.ord;
END $$;
"""
PRESS = """
CREATE FUNCTION bookings_press(
  p_openings bigint[], p_pupils bigint[], p_by bigint[], p_requests uuid[], p_ranks smallint[], p_at timestamptz)
RETURNS TABLE (request uuid, state text, booking bigint, place integer, reason text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  new_pupils bigint[]; new_openings bigint[];
  first_ bigint := 1;
  again record;
BEGIN
  SELECT array_agg(t.pupil), array_agg(DISTINCT t.opening) INTO new_pupils, new_openings
  FROM unnest(p_pupils, p_openings, p_requests) AS t(pupil, opening, request)
  WHERE NOT EXISTS (SELECT 1 FROM bookings_booking b WHERE b.request = t.request);
  IF new_pupils IS NOT NULL THEN
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
  END IF;
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
  RETURN QUERY SELECT * FROM bookings_press_some(
    p_openings[first_:], p_pupils[first_:], p_by[first_:], p_requests[first_:], p_ranks[first_:], p_at);
END $$;
"""
BACKWARD = """
DROP FUNCTION bookings_press, bookings_press_some, bookings_waits, bookings_kept, bookings_consents,
  bookings_is_elsewhere, bookings_standing, bookings_codes, bookings_state, bookings_grade;
"""


class Migration(migrations.Migration):
    """One SQL function takes every press, one or many, in one round trip: `bookings_press`.

    It locks, in this order: the releases still to be drawn (shared, advisory 26660), pupils, visits, each by key; so
    nobody waits for ever. For each press it gives request, state (pressed, booked, waiting, offered, ended, refused),
    booking, place and reason, in the order of the presses; a batch gives what its presses would one after the other.
    Nothing but functions: no lock on a table.
    """

    dependencies = [
        ("bookings", "0002_bookings_keep_their_promises"),
        ("attendance", "0001_initial"),
        ("core", "0004_trail_never_changes"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [migrations.RunSQL(WORDS + STANDING + SOME + PRESS, BACKWARD)]
