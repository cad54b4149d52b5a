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
