"""What must never be found of rounds, trips and wishes; `baiye check --invariants` looks."""

from baiye.core.invariants import register

register(
    "round_phases_follow_in_order",
    """
    SELECT earlier.round_id, earlier.kind, later.kind
    FROM rounds_phase earlier JOIN rounds_phase later ON later.round_id = earlier.round_id
    WHERE array_position(ARRAY['prepare','schedule','wish','place','review','run','close'], earlier.kind::text)
        < array_position(ARRAY['prepare','schedule','wish','place','review','run','close'], later.kind::text)
      AND earlier.ends_at > later.starts_at
    """,
)
register(
    "trip_only_for_a_class_of_its_round",
    """
    SELECT t.id FROM rounds_trip t
    JOIN rounds_round r ON r.id = t.round_id JOIN accounts_unit d ON d.id = r.unit_id
    JOIN schools_schoolclass c ON c.id = t.school_class_id JOIN schools_school s ON s.id = c.school_id
    JOIN accounts_unit u ON u.id = s.unit_id
    WHERE (c.stage, c.entry_year) <> (r.stage, r.entry_year) OR NOT starts_with(u.path, d.path)
    """,
)
register(
    "trip_on_no_more_days_than_the_round_gives",
    """
    SELECT t.round_id, t.school_class_id, count(*) FROM rounds_trip t JOIN rounds_round r ON r.id = t.round_id
    GROUP BY t.round_id, t.school_class_id, r.half_days HAVING count(*) > (r.half_days + 1) / 2
    """,
)
register(
    "wish_list_submitted_has_wishes",
    """
    SELECT l.id FROM rounds_wishlist l
    WHERE l.submitted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM rounds_wish w WHERE w.wish_list_id = l.id)
    """,
)
register(
    "wish_ranks_without_a_gap",
    """
    SELECT wish_list_id FROM rounds_wish GROUP BY wish_list_id HAVING max(rank) <> count(*) OR min(rank) <> 1
    """,
)
register(
    "notice_read_by_no_pupil",
    """
    SELECT n.id FROM rounds_noticeread n JOIN accounts_user u ON u.id = n.read_by_id WHERE u.kind = 'pupil'
    """,
)
