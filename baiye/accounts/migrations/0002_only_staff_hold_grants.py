from django.db import migrations

MAKE = """
CREATE FUNCTION accounts_only_staff_hold_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT kind FROM accounts_user WHERE id = NEW.user_id) <> 'staff' THEN
        RAISE EXCEPTION 'grant_held_by_staff_only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grant_held_by_staff_only BEFORE INSERT OR UPDATE OF user_id ON accounts_grant
    FOR EACH ROW EXECUTE FUNCTION accounts_only_staff_hold_grants();

CREATE FUNCTION accounts_user_kind_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'user_kind_never_changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER user_kind_never_changes BEFORE UPDATE OF kind ON accounts_user
    FOR EACH ROW WHEN (OLD.kind <> NEW.kind) EXECUTE FUNCTION accounts_user_kind_never_changes();
"""
UNMAKE = """
DROP TRIGGER grant_held_by_staff_only ON accounts_grant;
DROP FUNCTION accounts_only_staff_hold_grants();
DROP TRIGGER user_kind_never_changes ON accounts_user;
DROP FUNCTION accounts_user_kind_never_changes();
"""


class Migration(migrations.Migration):
    """A pupil or a guardian never holds an office. SHARE ROW EXCLUSIVE on both tables, for a moment."""

    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
