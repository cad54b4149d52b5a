from django.db import migrations

OWN = """
-- One press of somebody for a pupil of theirs: no row when the pupil is not theirs on the day, and nothing is done.
CREATE FUNCTION bookings_press_own(
  p_kind text, p_by bigint, p_pupil bigint, p_opening bigint, p_request uuid, p_rank smallint, p_at timestamptz)
RETURNS TABLE (request uuid, state text, booking bigint, place integer, reason text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  today date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
  IF p_kind = 'guardian' AND EXISTS (
       SELECT 1 FROM schools_guardianship g
       WHERE g.user_id = p_by AND g.pupil_id = p_pupil AND g.ended_at IS NULL
         AND g.from_on <= today AND (g.to_on IS NULL OR g.to_on >= today))
     OR p_kind = 'pupil' AND EXISTS (SELECT 1 FROM schools_pupil p WHERE p.id = p_pupil AND p.user_id = p_by) THEN
    RETURN QUERY SELECT * FROM bookings_press(
      ARRAY[p_opening], ARRAY[p_pupil], ARRAY[p_by], ARRAY[p_request], ARRAY[p_rank], p_at);
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    """A function for the plain way in: whether a pupil is one's own is asked in the press's own round trip.

    What it asks is planned once a connection. Nothing but a function: no lock on a table.
    """

    dependencies = [("bookings", "0005_who_waits_is_told_and_asked"), ("schools", "0001_initial")]
    operations = [migrations.RunSQL(OWN, "DROP FUNCTION bookings_press_own")]
