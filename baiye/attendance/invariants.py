"""What must never be found about marks and confirmations (`baiye check --invariants`)."""

from baiye.core.invariants import register

register(
    "mark_lies_around_its_visit",
    """
    SELECT m.id FROM attendance_mark m JOIN visits_seat s ON s.id = m.seat_id JOIN visits_visit v ON v.id = s.visit_id
    WHERE m.at < v.starts_at - interval '3 hours' OR m.at > v.ends_at + interval '3 hours'
    """,
)
register(
    "confirmation_by_who_was_concerned",
    """
    SELECT c.id FROM attendance_confirmation c JOIN visits_visit v ON v.id = c.visit_id
    JOIN registry_venue n ON n.id = v.venue_id JOIN registry_host h ON h.id = n.host_id
    JOIN accounts_unit u ON u.id = c.unit_id
    WHERE (c.side = 'host') <> (u.kind = 'host') OR (c.side = 'host' AND c.unit_id <> h.unit_id)
    """,
)
register(
    "confirmation_sees_no_more_marks_than_there_are",
    """
    SELECT c.id FROM attendance_confirmation c
    WHERE c.side = 'host' AND c.marks_seen > (
      SELECT count(*) FROM attendance_mark m JOIN visits_seat s ON s.id = m.seat_id
      WHERE s.visit_id = c.visit_id AND m.received_at <= c.received_at)
    """,
)
