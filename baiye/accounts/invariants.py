"""What must never be found among accounts, whatever crashed or was restored."""

from baiye.core import invariants

invariants.register(
    "grant_held_by_staff_only",
    "SELECT g.id FROM accounts_grant g JOIN accounts_user u ON u.id = g.user_id WHERE u.kind <> 'staff'",
)
invariants.register(
    "admin_roles_held_by_three_people",
    "SELECT a.user_id FROM accounts_grant a JOIN accounts_grant b ON a.user_id = b.user_id AND a.id < b.id"
    " WHERE a.role IN ('system_admin', 'security_admin', 'audit_admin')"
    " AND b.role IN ('system_admin', 'security_admin', 'audit_admin') AND a.ended_at IS NULL AND b.ended_at IS NULL"
    " AND daterange(a.from_on, a.to_on, '[]') && daterange(b.from_on, b.to_on, '[]')",
)
invariants.register(
    "unit_lies_under_its_parent",
    "SELECT u.id FROM accounts_unit u LEFT JOIN accounts_unit p ON p.id = u.parent_id"
    " WHERE u.path <> coalesce(p.path, '/') || u.id || '/'",
)
invariants.register(
    "invitation_of_staff_only",
    "SELECT i.id FROM accounts_invitation i JOIN accounts_user u ON u.id = i.user_id WHERE u.kind <> 'staff'",
)
invariants.register(
    "pupils_have_an_inbox_alone",
    "SELECT id FROM accounts_user WHERE kind = 'pupil' AND (email <> '' OR wecom_id <> '')",
)
invariants.register(
    "a_digest_holds_messages_of_its_own_reader",
    "SELECT m.id FROM core_message m JOIN core_message d ON d.id = m.in_digest_id WHERE d.to_id <> m.to_id",
)
