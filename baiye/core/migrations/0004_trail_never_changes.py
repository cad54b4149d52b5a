from django.db import migrations

REFUSE = """
CREATE FUNCTION core_trail_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail never changes: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
GUARD = """
CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION core_trail_never_changes();
CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_trail_never_changes();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_never_changes;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_never_emptied;
"""
TABLES = ("core_event", "core_seal")
LET_GO = "DROP TRIGGER {table}_never_changes ON {table}; DROP TRIGGER {table}_never_emptied ON {table};"


class Migration(migrations.Migration):
    """Events and seals are only ever added; the triggers fire in every session_replication_role.

    SHARE ROW EXCLUSIVE on both tables, for a moment: actions wait, readers do not.
    """

    dependencies = [("core", "0003_cache")]
    operations = [
        migrations.RunSQL(
            REFUSE + "".join(GUARD.format(table=table) for table in TABLES),
            "".join(LET_GO.format(table=table) for table in TABLES) + "DROP FUNCTION core_trail_never_changes();",
        )
    ]
