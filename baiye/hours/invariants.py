"""What must never be found in the ledger (`baiye check --invariants`): constraints keep most, these prove all."""

from baiye.attendance.rule import EARLY_LIMIT_MIN
from baiye.core.invariants import register

register(
    "hours_without_marks_and_confirmations",
    """
    SELECT e.id FROM hours_hourentry e JOIN visits_seat s ON s.id = e.seat_id
    WHERE e.reverses_id IS NULL AND (
      (SELECT count(DISTINCT m.kind) FROM attendance_mark m WHERE m.seat_id = s.id AND m.voided_at IS NULL) < 2
      OR (SELECT count(DISTINCT c.side) FROM attendance_confirmation c WHERE c.visit_id = s.visit_id) < 2
      OR EXISTS (SELECT 1 FROM attendance_confirmation a JOIN attendance_confirmation b ON b.visit_id = a.visit_id
                 WHERE a.visit_id = s.visit_id AND a.side = 'host' AND b.side = 'school' AND a.by_id = b.by_id))
    """,
)
register(
    "hours_for_who_came_late_or_left_early",
    f"""
    SELECT e.id FROM hours_hourentry e JOIN visits_seat s ON s.id = e.seat_id JOIN visits_visit v ON v.id = s.visit_id
    JOIN LATERAL (
      SELECT min(m.at) FILTER (WHERE m.kind = 'in') AS came, max(m.at) FILTER (WHERE m.kind = 'out') AS went
      FROM attendance_mark m WHERE m.seat_id = s.id AND m.voided_at IS NULL) t ON true
    WHERE e.reverses_id IS NULL
      AND (t.came > v.starts_at + v.late_limit_min * interval '1 minute'
           OR t.went < v.ends_at - interval '{EARLY_LIMIT_MIN} minutes')
    """,  # noqa: S608 - a constant of ours
)
register(
    "hours_are_those_of_the_visit",
    """
    SELECT e.id FROM hours_hourentry e JOIN visits_seat s ON s.id = e.seat_id JOIN visits_visit v ON v.id = s.visit_id
    WHERE abs(e.minutes) <> v.credit_minutes OR e.category <> v.counts_as OR e.pupil_id <> s.pupil_id
    """,
)
register(
    "balance_is_the_sum_of_what_stands",
    """
    SELECT pupil_id FROM (
      SELECT e.pupil_id, sum(e.minutes) AS ledger,
             sum(e.minutes) FILTER (WHERE e.minutes > 0 AND r.id IS NULL) AS stands
      FROM hours_hourentry e LEFT JOIN hours_hourentry r ON r.reverses_id = e.id GROUP BY e.pupil_id) sums
    WHERE ledger <> coalesce(stands, 0)
    """,
)
register(
    "seat_never_counts_twice",
    "SELECT seat_id FROM hours_hourentry GROUP BY seat_id HAVING sum(minutes) < 0 OR sum(minutes) > max(minutes)",
)
register(
    "certificate_shows_what_stands_on_it",
    """
    SELECT c.id FROM hours_certificate c
    LEFT JOIN hours_certificateline l ON l.certificate_id = c.id
    LEFT JOIN hours_hourentry e ON e.id = l.entry_id
    GROUP BY c.id HAVING c.minutes <> coalesce(sum(e.minutes), 0)
    """,
)
register(
    "certificate_stands_over_nothing_reversed",
    """
    SELECT c.id FROM hours_certificate c JOIN hours_certificateline l ON l.certificate_id = c.id
    JOIN hours_hourentry r ON r.reverses_id = l.entry_id
    WHERE c.revoked_at IS NULL
    """,
)
register(
    "certificate_lines_are_let_go_exactly_when_it_is_revoked",
    """
    SELECT l.id FROM hours_certificateline l JOIN hours_certificate c ON c.id = l.certificate_id
    WHERE (l.released_at IS NULL) <> (c.revoked_at IS NULL)
    """,
)
register(
    "notice_shows_each_entry_to_its_school_once",
    """
    SELECT l.id FROM hours_noticeline l JOIN hours_hourentry e ON e.id = l.entry_id WHERE e.minutes < 0
    """,
)
