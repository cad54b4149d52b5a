from django.db import migrations

HINDERS = """
CREATE OR REPLACE FUNCTION visits_place_hinders(p_venue bigint, p_from date, p_until date) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN v.closed_on <= p_until THEN 'venue' ELSE registry_hinders(v.host_id, p_from, p_until{venue}) END
  FROM registry_venue v WHERE v.id = p_venue
$$;
"""


class Migration(migrations.Migration):
    """A visit needs the papers of its own venue, or of the whole host. A function only; no lock."""

    dependencies = [
        ("registry", "0013_a_venues_paper_counts_for_it_alone"),
        ("visits", "0006_moves_reminders_and_calendars"),
    ]
    operations = [migrations.RunSQL(HINDERS.format(venue=", v.id"), HINDERS.format(venue=""))]
