from django.db import migrations

MAKE = """
CREATE FUNCTION schools_consent_never_by_a_pupil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.given_by_id AND kind = 'pupil')
       OR EXISTS (SELECT 1 FROM schools_pupil WHERE user_id = NEW.given_by_id) THEN
        RAISE EXCEPTION 'consent_never_by_a_pupil' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent_never_by_a_pupil BEFORE INSERT OR UPDATE OF given_by_id ON schools_consent
    FOR EACH ROW EXECUTE FUNCTION schools_consent_never_by_a_pupil();

CREATE FUNCTION schools_guardianship_never_by_a_pupil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.user_id AND kind = 'pupil')
       OR EXISTS (SELECT 1 FROM schools_pupil WHERE user_id = NEW.user_id) THEN
        RAISE EXCEPTION 'guardianship_never_by_a_pupil' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guardianship_never_by_a_pupil BEFORE INSERT OR UPDATE OF user_id ON schools_guardianship
    FOR EACH ROW EXECUTE FUNCTION schools_guardianship_never_by_a_pupil();

CREATE FUNCTION schools_health_note_only_under_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM schools_consent WHERE id = NEW.consent_id AND pupil_id = NEW.pupil_id AND purpose = 'health'
        AND agreed AND ended_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'health_note_only_under_consent' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER health_note_only_under_consent BEFORE INSERT OR UPDATE OF consent_id, pupil_id ON schools_healthnote
    FOR EACH ROW EXECUTE FUNCTION schools_health_note_only_under_consent();

CREATE FUNCTION schools_consent_end_takes_its_notes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM schools_healthnote WHERE consent_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER consent_end_takes_its_notes AFTER UPDATE OF ended_at ON schools_consent
    FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION schools_consent_end_takes_its_notes();
"""
UNMAKE = """
DROP TRIGGER consent_never_by_a_pupil ON schools_consent;
DROP FUNCTION schools_consent_never_by_a_pupil();
DROP TRIGGER guardianship_never_by_a_pupil ON schools_guardianship;
DROP FUNCTION schools_guardianship_never_by_a_pupil();
DROP TRIGGER health_note_only_under_consent ON schools_healthnote;
DROP FUNCTION schools_health_note_only_under_consent();
DROP TRIGGER consent_end_takes_its_notes ON schools_consent;
DROP FUNCTION schools_consent_end_takes_its_notes();
"""


class Migration(migrations.Migration):
    """What a pupil can never do, and that a health note never outlives its consent.

    SHARE ROW EXCLUSIVE on three tables, for a moment: writers wait, readers do not.
    """

    dependencies = [("schools", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
