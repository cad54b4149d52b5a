"""What must never be found in the catalogue."""

from baiye.core.invariants import register

register(
    "a_course_of_an_example_host_is_an_example",
    """
    SELECT c.id FROM catalogue_course c JOIN registry_host h ON h.id = c.host_id
    JOIN accounts_unit u ON u.id = h.unit_id WHERE u.is_example AND NOT c.is_example
    """,
)
register(
    "no_course_is_published_without_a_review",
    """
    SELECT v.id FROM catalogue_courseversion v
    WHERE v.published_at IS NOT NULL AND v.unreviewed = '' AND NOT EXISTS (
      SELECT FROM catalogue_review r WHERE r.version_id = v.id AND r.passed_at IS NOT NULL AND r.withdrawn_at IS NULL)
    """,
)
