"""What must never be found about visits and seats; each but the first is a trigger or a constraint too."""

from baiye.core.invariants import register

register(
    "no_coming_seat_at_a_host_that_may_not_receive",
    """
    SELECT s.id FROM visits_seat s
    JOIN (SELECT id FROM visits_visit WHERE ends_at > now() AND taken > 0
          AND visits_hinders(id, venue_id, starts_at, ends_at) IS NOT NULL) v ON v.id = s.visit_id
    WHERE s.given_up_at IS NULL ORDER BY s.id
    """,
)
register(
    "assignment_no_mentor_in_two_places_at_once",
    """
    SELECT a.id, b.id FROM visits_assignment a JOIN visits_assignment b ON b.mentor_id = a.mentor_id AND b.id > a.id
    AND b.span && a.span WHERE a.ended_at IS NULL AND b.ended_at IS NULL
    """,
)
register(
    "assignment_span_is_the_visits_span",
    """
    SELECT a.id FROM visits_assignment a JOIN visits_visit v ON v.id = a.visit_id
    WHERE a.span <> tstzrange(v.starts_at, v.ends_at)
    """,
)
register(
    "visit_counts_the_seats_that_are_held",
    """
    SELECT v.id, v.taken, count(s.id) FROM visits_visit v
    LEFT JOIN visits_seat s ON s.visit_id = v.id AND s.given_up_at IS NULL
    GROUP BY v.id HAVING v.taken <> count(s.id)
    """,
)
register("visit_never_oversold", "SELECT id, taken, offered, seats FROM visits_visit WHERE taken + offered > seats")
register(
    "seat_no_pupil_in_two_places_at_once",
    """
    SELECT a.id, b.id FROM visits_seat a JOIN visits_seat b ON b.pupil_id = a.pupil_id AND b.id > a.id
    AND b.span && a.span WHERE a.given_up_at IS NULL AND b.given_up_at IS NULL
    """,
)
register(
    "seat_span_is_the_visits_span",
    """
    SELECT s.id FROM visits_seat s JOIN visits_visit v ON v.id = s.visit_id
    WHERE s.span <> tstzrange(v.starts_at, v.ends_at)
    """,
)
register(
    "visit_cancelled_holds_no_seat",
    """
    SELECT s.id FROM visits_seat s JOIN visits_visit v ON v.id = s.visit_id
    WHERE s.given_up_at IS NULL AND v.cancelled_at IS NOT NULL
    """,
)
register(
    "visit_at_a_venue_of_the_courses_host",
    """
    SELECT v.id FROM visits_visit v JOIN registry_venue p ON p.id = v.venue_id
    JOIN catalogue_courseversion e ON e.id = v.version_id JOIN catalogue_course c ON c.id = e.course_id
    WHERE c.host_id <> p.host_id
    """,
)
register(
    "a_visit_is_made_from_a_published_version",
    """
    SELECT v.id FROM visits_visit v JOIN catalogue_courseversion e ON e.id = v.version_id WHERE e.published_at IS NULL
    """,
)
register(
    "no_reminder_before_its_time",
    """
    SELECT r.id FROM visits_reminder r JOIN visits_visit v ON v.id = r.visit_id
    WHERE r.moves = (SELECT count(*) FROM visits_move m WHERE m.visit_id = v.id)
      AND r.made_at < v.starts_at
        - CASE r.stage WHEN '3d' THEN interval '3 days' WHEN '1d' THEN interval '1 day' ELSE interval '2 hours' END
    """,
)
