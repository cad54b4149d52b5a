"""What must never be found about bookings; most are constraints or triggers too."""

from baiye.core.invariants import register

register(
    "visit_counts_the_offers_that_are_out",
    """
    SELECT v.id, v.offered, count(b.id) FROM visits_visit v LEFT JOIN bookings_opening o ON o.visit_id = v.id
    LEFT JOIN bookings_booking b ON b.opening_id = o.id AND b.ended_at IS NULL AND b.offer_until IS NOT NULL
    GROUP BY v.id HAVING v.offered <> count(b.id)
    """,
)
register(
    "booking_that_lives_holds_its_seat_and_one_that_ended_holds_none",
    """
    SELECT b.id FROM bookings_booking b JOIN visits_seat s ON s.id = b.seat_id
    WHERE (b.ended_at IS NULL) <> (s.given_up_at IS NULL)
    """,
)
register(
    "booking_comes_to_a_seat_of_its_own",
    """
    SELECT b.id FROM bookings_booking b JOIN visits_seat s ON s.id = b.seat_id
    JOIN bookings_opening o ON o.id = b.opening_id
    WHERE s.visit_id <> o.visit_id OR s.pupil_id <> b.pupil_id OR s.origin <> 'booked'
    """,
)
register(
    "seat_that_was_booked_has_its_booking",
    """
    SELECT s.id FROM visits_seat s LEFT JOIN bookings_booking b ON b.seat_id = s.id
    WHERE s.origin = 'booked' AND s.given_up_at IS NULL AND b.id IS NULL
      AND EXISTS (SELECT 1 FROM bookings_opening o WHERE o.visit_id = s.visit_id)
    """,
)
register(
    "booking_of_a_cancelled_visit_has_ended",
    """
    SELECT b.id FROM bookings_booking b JOIN bookings_opening o ON o.id = b.opening_id
    JOIN visits_visit v ON v.id = o.visit_id
    WHERE b.ended_at IS NULL AND b.place IS NOT NULL AND v.cancelled_at IS NOT NULL
    """,
)
register(
    "booking_has_the_rank_of_no_other",
    """
    SELECT b.id, y.id FROM bookings_booking b JOIN bookings_opening o ON o.id = b.opening_id
    JOIN bookings_booking y ON y.pupil_id = b.pupil_id AND y.rank = b.rank AND y.id > b.id AND y.ended_at IS NULL
    JOIN bookings_opening x ON x.id = y.opening_id AND x.release_id = o.release_id
    WHERE b.ended_at IS NULL
    """,
)
register(
    "release_that_is_drawn_has_its_files_and_nobody_left_over",
    """
    SELECT r.id FROM bookings_release r LEFT JOIN bookings_releasefiles f ON f.release_id = r.id
    WHERE r.drawn_at IS NOT NULL AND (f.result IS NULL OR EXISTS (
      SELECT 1 FROM bookings_opening o JOIN bookings_booking b ON b.opening_id = o.id
      WHERE o.release_id = r.id AND b.ended_at IS NULL AND b.seat_id IS NULL AND b.place IS NULL))
    """,
)
register(
    "release_files_are_those_that_were_hashed",
    """
    SELECT r.id FROM bookings_release r JOIN bookings_releasefiles f ON f.release_id = r.id
    WHERE r.mode = 'draw' AND r.frozen_sha256 <> encode(sha256(f.frozen), 'hex')
    """,
)
