"""What must never be found about incidents; each is a constraint or a trigger too."""

from baiye.core.invariants import register

register(
    "incident_heavier_than_minor_closed_by_another",
    "SELECT id FROM incidents_incident WHERE closed_by_id = owner_id AND severity <> 'minor'",
)
register(
    "complaint_looked_at_again_by_another", "SELECT id FROM incidents_complaint WHERE final_by_id = answered_by_id"
)
