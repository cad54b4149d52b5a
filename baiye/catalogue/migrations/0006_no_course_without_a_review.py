from django.db import migrations

# What was published before there were reviews, and examples, say so; everything later has passed one.
MARKED = """
ALTER TABLE catalogue_courseversion DISABLE TRIGGER course_version_published_never_changes;
UPDATE catalogue_courseversion v SET unreviewed = CASE WHEN c.is_example THEN 'example' ELSE 'before' END
  FROM catalogue_course c WHERE c.id = v.course_id AND v.published_at IS NOT NULL;
ALTER TABLE catalogue_courseversion ENABLE TRIGGER course_version_published_never_changes;
"""
FORWARD = """
CREATE FUNCTION catalogue_is_in_review(version bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM catalogue_review r
                 WHERE r.version_id = version AND r.returned_at IS NULL AND r.withdrawn_at IS NULL)
$$;

CREATE FUNCTION catalogue_published_after_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.unreviewed = 'example'
     AND EXISTS (SELECT FROM catalogue_course c WHERE c.id = NEW.course_id AND c.is_example) THEN
    RETURN NEW;
  END IF;
  IF NEW.unreviewed = '' AND EXISTS (SELECT FROM catalogue_review r
       WHERE r.version_id = NEW.id AND r.passed_at IS NOT NULL AND r.withdrawn_at IS NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'version % of course % passed no review', NEW.number, NEW.course_id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'course_version_published_after_a_review';
END $$;
CREATE TRIGGER course_version_published_after_a_review BEFORE INSERT OR UPDATE ON catalogue_courseversion
  FOR EACH ROW WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION catalogue_published_after_review();

CREATE FUNCTION catalogue_draft_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'published_at' - 'published_by_id' = to_jsonb(OLD) - 'published_at' - 'published_by_id'
     OR NOT catalogue_is_in_review(OLD.id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'version % of course % is in review', OLD.number, OLD.course_id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'course_version_in_review_never_changes';
END $$;
CREATE TRIGGER course_version_in_review_never_changes BEFORE UPDATE ON catalogue_courseversion
  FOR EACH ROW WHEN (OLD.published_at IS NULL) EXECUTE FUNCTION catalogue_draft_is_frozen();

CREATE FUNCTION catalogue_belongings_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE version bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
BEGIN
  IF catalogue_is_in_review(version) OR TG_OP = 'UPDATE' AND catalogue_is_in_review(NEW.version_id)
     OR EXISTS (SELECT FROM catalogue_courseversion v WHERE v.id = version AND v.published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'version % is published or in review', version
      USING ERRCODE = 'check_violation', CONSTRAINT = 'course_version_keeps_what_belongs_to_it';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER course_version_keeps_its_supplies BEFORE INSERT OR UPDATE OR DELETE ON catalogue_supply
  FOR EACH ROW EXECUTE FUNCTION catalogue_belongings_are_frozen();
CREATE TRIGGER course_version_keeps_its_materials BEFORE INSERT OR UPDATE OR DELETE ON catalogue_material
  FOR EACH ROW EXECUTE FUNCTION catalogue_belongings_are_frozen();

CREATE FUNCTION catalogue_review_passes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM catalogue_reviewpart p WHERE p.review_id = NEW.id AND p.verdict = 'passed') < 2 THEN
    RAISE EXCEPTION 'review % has not passed both parts', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'review_passed_by_both_parts';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_passed_by_both_parts BEFORE INSERT OR UPDATE ON catalogue_review
  FOR EACH ROW WHEN (NEW.passed_at IS NOT NULL) EXECUTE FUNCTION catalogue_review_passes();

CREATE FUNCTION catalogue_part_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM catalogue_review r LEFT JOIN catalogue_author a
               ON a.version_id = r.version_id AND a.user_id = NEW.decided_by_id
             WHERE r.id = NEW.review_id AND (a.id IS NOT NULL OR r.proposed_by_id = NEW.decided_by_id)) THEN
    RAISE EXCEPTION 'part % is decided by an author', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'review_part_not_decided_by_an_author';
  END IF;
  IF NEW.verdict = 'passed' AND EXISTS (SELECT FROM catalogue_reviewitem i
       WHERE i.part_id = NEW.id AND i.answer NOT IN ('met', 'na')) THEN
    RAISE EXCEPTION 'part % passes with something not met', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'review_part_passed_with_everything_met';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_part_decided_rightly BEFORE INSERT OR UPDATE ON catalogue_reviewpart
  FOR EACH ROW WHEN (NEW.decided_at IS NOT NULL) EXECUTE FUNCTION catalogue_part_is_decided();

CREATE FUNCTION catalogue_part_stays_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'part % is decided', OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'review_part_decided_never_changes';
END $$;
CREATE TRIGGER review_part_decided_never_changes BEFORE UPDATE OR DELETE ON catalogue_reviewpart
  FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION catalogue_part_stays_decided();

CREATE FUNCTION catalogue_items_stay_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.part_id ELSE OLD.part_id END;
BEGIN
  IF EXISTS (SELECT FROM catalogue_reviewpart p WHERE p.id = part AND p.decided_at IS NOT NULL) THEN
    RAISE EXCEPTION 'part % is decided', part
      USING ERRCODE = 'check_violation', CONSTRAINT = 'review_part_decided_never_changes';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER review_item_stays_decided BEFORE INSERT OR UPDATE OR DELETE ON catalogue_reviewitem
  FOR EACH ROW EXECUTE FUNCTION catalogue_items_stay_decided();

CREATE FUNCTION catalogue_step_is_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM catalogue_courseversion v
                 WHERE v.course_id = NEW.course_id AND v.published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'course % is not published', NEW.course_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'series_step_is_a_published_course';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER series_step_is_a_published_course BEFORE INSERT OR UPDATE ON catalogue_seriesstep
  FOR EACH ROW WHEN (NEW.course_id IS NOT NULL) EXECUTE FUNCTION catalogue_step_is_published();
"""
BACKWARD = """
DROP TRIGGER series_step_is_a_published_course ON catalogue_seriesstep;
DROP TRIGGER review_item_stays_decided ON catalogue_reviewitem;
DROP TRIGGER review_part_decided_never_changes ON catalogue_reviewpart;
DROP TRIGGER review_part_decided_rightly ON catalogue_reviewpart;
DROP TRIGGER review_passed_by_both_parts ON catalogue_review;
DROP TRIGGER course_version_keeps_its_materials ON catalogue_material;
DROP TRIGGER course_version_keeps_its_supplies ON catalogue_supply;
DROP TRIGGER course_version_in_review_never_changes ON catalogue_courseversion;
DROP TRIGGER course_version_published_after_a_review ON catalogue_courseversion;
DROP FUNCTION catalogue_step_is_published();
DROP FUNCTION catalogue_items_stay_decided();
DROP FUNCTION catalogue_part_stays_decided();
DROP FUNCTION catalogue_part_is_decided();
DROP FUNCTION catalogue_review_passes();
DROP FUNCTION catalogue_belongings_are_frozen();
DROP FUNCTION catalogue_draft_is_frozen();
DROP FUNCTION catalogue_published_after_review();
DROP FUNCTION catalogue_is_in_review(bigint);
"""


class Migration(migrations.Migration):
    """No version is published unreviewed, and what is reviewed does not change under the reviewers' hands.

    ACCESS EXCLUSIVE on the versions while each old one is marked once (thousands in well under a second).
    """

    dependencies = [("catalogue", "0005_series_events_aliases")]
    operations = [migrations.RunSQL(MARKED, migrations.RunSQL.noop), migrations.RunSQL(FORWARD, BACKWARD)]
