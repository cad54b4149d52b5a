"""What must never be found of talks, projects, walk-ins and stations; `baiye check --invariants` looks."""

from baiye.core.invariants import register

register(
    "project_never_counts_as_class_hours",
    """
    SELECT p.id FROM outreach_project p JOIN visits_visit v ON v.id = p.visit_id
    WHERE v.organised_by_id IS NOT NULL OR v.counts_as <> ''
    """,
)
register(
    "walk_in_only_where_one_may_walk_in",
    """
    SELECT w.id FROM outreach_walkin w JOIN outreach_project p ON p.id = w.project_id
    WHERE w.voided_at IS NULL AND NOT p.takes_walk_ins
    """,
)
register(
    "talk_by_the_speaker_of_its_offer_at_the_school_of_its_request",
    """
    SELECT t.id FROM outreach_talk t JOIN outreach_talkoffer o ON o.id = t.offer_id
    JOIN outreach_talkrequest r ON r.id = t.ask_id
    WHERE t.speaker_id <> o.speaker_id OR t.school_id <> r.school_id OR o.campaign_id <> r.campaign_id
    """,
)
register(
    "talk_no_speaker_in_two_places_at_once",
    """
    SELECT t.id, a.id FROM outreach_talk t JOIN visits_assignment a ON a.mentor_id = t.speaker_id
    AND a.span && tstzrange(t.starts_at, t.ends_at) WHERE t.ended_at IS NULL AND a.ended_at IS NULL
    """,
)
register(
    "talk_no_more_than_its_speaker_offers",
    """
    SELECT o.id, count(t.id) FROM outreach_talkoffer o JOIN outreach_talk t ON t.offer_id = o.id AND t.ended_at IS NULL
    GROUP BY o.id HAVING count(t.id) > o.most_talks
    """,
)
register(
    "match_published_with_its_files",
    """
    SELECT id FROM outreach_match WHERE approved_at IS NOT NULL
    AND (output_zip IS NULL OR finished_at IS NULL OR NOT (figures->>'verified')::boolean)
    """,
)
