"""What must never be found in the registry."""

from baiye.core.invariants import register

register(
    "accreditation_of_a_lead_only_as_an_example",
    """
    SELECT a.id FROM registry_accreditation a JOIN registry_host h ON h.id = a.host_id
    WHERE h.evidence = 'lead' AND NOT a.is_example
    """,
)
register(
    "an_example_host_has_only_example_accreditations",
    """
    SELECT a.id FROM registry_accreditation a JOIN registry_host h ON h.id = a.host_id
    JOIN accounts_unit u ON u.id = h.unit_id WHERE u.is_example AND NOT a.is_example
    """,
)
register(
    "an_application_stands_where_its_last_step_left_it",
    """
    SELECT a.id FROM registry_application a
    JOIN LATERAL (SELECT state FROM registry_step WHERE application_id = a.id ORDER BY id DESC LIMIT 1) AS s
      ON true
    WHERE s.state <> a.state
    """,
)
register(
    "a_merged_host_keeps_no_venue_and_no_open_grant",
    """
    SELECT h.id FROM registry_host h WHERE h.merged_into_id IS NOT NULL AND (
      EXISTS (SELECT 1 FROM registry_venue WHERE host_id = h.id)
      OR EXISTS (SELECT 1 FROM accounts_grant WHERE unit_id = h.unit_id AND ended_at IS NULL))
    """,
)
