from django.db import migrations

SKIPS = """
-- Why a booking that waits is skipped and keeps its place: empty where a seat may be offered.
CREATE FUNCTION bookings_skips(p_booking bigint, p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN p.left_on IS NOT NULL THEN 'left'
    WHEN NOT bookings_consents(b.pupil_id, o.consents::text[]) THEN 'consent'
    WHEN s.in_term >= r.most_a_term THEN 'term_cap'
    WHEN bookings_is_elsewhere(b.pupil_id, tstzrange(v.starts_at, v.ends_at)) OR EXISTS (
      SELECT 1 FROM bookings_booking y JOIN bookings_opening x ON x.id = y.opening_id
      JOIN visits_visit w ON w.id = x.visit_id
      WHERE y.pupil_id = b.pupil_id AND y.id <> b.id AND y.ended_at IS NULL AND y.offer_until IS NOT NULL
        AND w.starts_at < v.ends_at AND w.ends_at > v.starts_at) THEN 'overlap'
    ELSE '' END
  FROM bookings_booking b
  JOIN schools_pupil p ON p.id = b.pupil_id
  JOIN bookings_opening o ON o.id = b.opening_id
  JOIN bookings_release r ON r.id = o.release_id
  JOIN visits_visit v ON v.id = o.visit_id
  CROSS JOIN LATERAL bookings_standing(b.pupil_id, o.id, r.id, r.term_id, tstzrange(v.starts_at, v.ends_at), p_at) s
  WHERE b.id = p_booking
$$;
"""
GIVE = """
-- Seats for live bookings that have none; an offer becomes the seat. The caller holds the locks.
CREATE FUNCTION bookings_give_seats(p_bookings bigint[], p_by bigint, p_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE ids bigint[]; visits bigint[];
BEGIN
  UPDATE bookings_booking SET offer_until = NULL WHERE id = ANY (p_bookings) AND offer_until IS NOT NULL;
  SELECT array_agg(b.id ORDER BY b.id), array_agg(o.visit_id ORDER BY b.id) INTO ids, visits
  FROM bookings_booking b JOIN bookings_opening o ON o.id = b.opening_id
  WHERE b.id = ANY (p_bookings) AND b.ended_at IS NULL AND b.seat_id IS NULL;
  IF ids IS NULL THEN
    RETURN;
  END IF;
  INSERT INTO visits_seat (pupil_id, visit_id, code, origin, request, given_at, given_by_id, given_up_because)
  SELECT b.pupil_id, t.visit, t.code, 'booked', b.request, p_at, p_by, ''
  FROM unnest(ids, visits, bookings_codes(visits)) AS t(id, visit, code) JOIN bookings_booking b ON b.id = t.id
  ORDER BY t.id;
  UPDATE bookings_booking b SET seat_id = s.id FROM visits_seat s WHERE b.id = ANY (ids) AND s.request = b.request;
END $$;
"""
END = """
-- Ends live bookings for one reason, and gives up the seats they came to; which ended. The caller holds the locks.
CREATE FUNCTION bookings_end(p_bookings bigint[], p_because text, p_by bigint, p_at timestamptz, p_words text)
RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE ids bigint[]; seats bigint[];
BEGIN
  WITH ended AS (
    UPDATE bookings_booking SET ended_at = p_at, ended_by_id = p_by, because = p_because
    WHERE id = ANY (p_bookings) AND ended_at IS NULL RETURNING id, seat_id)
  SELECT array_agg(id ORDER BY id), array_agg(seat_id) INTO ids, seats FROM ended;
  UPDATE visits_seat SET given_up_at = p_at, given_up_by_id = p_by, given_up_because = p_words
  WHERE id = ANY (seats) AND given_up_at IS NULL;
  RETURN QUERY SELECT unnest(ids);
END $$;
"""
BACKWARD = "DROP FUNCTION bookings_end, bookings_give_seats, bookings_skips;"


class Migration(migrations.Migration):
    """What comes after a press: whom an offer skips, how a booking comes to its seat, how it ends. Functions alone."""

    dependencies = [("bookings", "0003_one_function_takes_every_press")]
    operations = [migrations.RunSQL(SKIPS + GIVE + END, BACKWARD)]
