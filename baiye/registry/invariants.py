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
