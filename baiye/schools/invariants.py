"""What must never be found about pupils, who stands for them, and rosters."""

from baiye.core import invariants

invariants.register(
    "consent_never_by_a_pupil",
    "SELECT c.id FROM schools_consent AS c JOIN accounts_user AS u ON u.id = c.given_by_id WHERE u.kind = 'pupil'",
)
invariants.register(
    "consent_by_a_guardian_or_from_paper",
    "SELECT c.id FROM schools_consent AS c JOIN accounts_user AS u ON u.id = c.given_by_id"
    " WHERE (u.kind = 'guardian') = c.from_paper",
)
invariants.register(
    "health_note_only_under_consent",
    "SELECT n.id FROM schools_healthnote AS n JOIN schools_consent AS c ON c.id = n.consent_id"
    " WHERE c.ended_at IS NOT NULL OR NOT c.agreed OR c.purpose <> 'health' OR c.pupil_id <> n.pupil_id",
)
invariants.register(
    "pupil_signs_in_as_a_pupil",
    "SELECT p.id FROM schools_pupil AS p JOIN accounts_user AS u ON u.id = p.user_id WHERE u.kind <> 'pupil'",
)
invariants.register(
    "guardianship_never_by_a_pupil",
    "SELECT g.id FROM schools_guardianship AS g JOIN accounts_user AS u ON u.id = g.user_id WHERE u.kind = 'pupil'",
)
invariants.register(
    "leaver_has_no_live_code",
    "SELECT k.id FROM schools_pupilcode AS k JOIN schools_pupil AS p ON p.id = k.pupil_id"
    " WHERE p.left_on IS NOT NULL AND k.revoked_at IS NULL",
)
invariants.register(
    "roster_goes_in_once_and_whole",
    "SELECT r.id FROM schools_rosterupload AS r WHERE r.applied_at IS NOT NULL AND 1 <> (SELECT count(*)"
    " FROM core_event AS e WHERE e.kind = 'roster.imported' AND e.object_type = 'schools.rosterupload'"
    " AND e.object_id = r.id::text)",
)
