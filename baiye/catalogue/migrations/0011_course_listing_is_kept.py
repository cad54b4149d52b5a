from django.db import migrations

FORWARD = """
CREATE FUNCTION catalogue_list_course(p_course bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalogue_courselisting AS l
    (course_id, version_id, host_id, is_example, riasec, grade_from, grade_to, occupation, sort, words, sounds, grams)
  SELECT c.id, v.id, c.host_id, c.is_example, v.riasec, v.grade_from, v.grade_to,
    core_words(o.name, o.code), u.pinyin || '|' || v.pinyin, said.words, said.sounds, core_grams(said.words, said.sounds)
  FROM catalogue_course c
  JOIN LATERAL (
    SELECT * FROM catalogue_courseversion WHERE course_id = c.id AND published_at IS NOT NULL ORDER BY number DESC LIMIT 1
  ) AS v ON true
  JOIN registry_host h ON h.id = c.host_id
  JOIN accounts_unit u ON u.id = h.unit_id
  LEFT JOIN catalogue_occupation o ON o.id = v.occupation_id
  CROSS JOIN LATERAL (
    SELECT core_words(v.title, v.summary, o.name, u.name, u.short_name) AS words,
      array_to_string(ARRAY[nullif(v.pinyin, ''), nullif(o.pinyin, ''), nullif(u.pinyin, '')], ' | ') AS sounds
  ) AS said
  WHERE c.id = p_course AND c.retired_at IS NULL
  ON CONFLICT (course_id) DO UPDATE SET
    (version_id, host_id, is_example, riasec, grade_from, grade_to, occupation, sort, words, sounds, grams) =
    (excluded.version_id, excluded.host_id, excluded.is_example, excluded.riasec, excluded.grade_from,
     excluded.grade_to, excluded.occupation, excluded.sort, excluded.words, excluded.sounds, excluded.grams);
  IF NOT FOUND THEN
    DELETE FROM catalogue_courselisting WHERE course_id = p_course;
  END IF;
END $$;

CREATE FUNCTION catalogue_list_of_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalogue_list_course(NEW.course_id);
  RETURN NULL;
END $$;
CREATE TRIGGER course_is_listed AFTER INSERT OR UPDATE ON catalogue_courseversion FOR EACH ROW
  WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION catalogue_list_of_version();

CREATE FUNCTION catalogue_list_of_course() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalogue_list_course(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER course_is_listed_anew AFTER UPDATE ON catalogue_course FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION catalogue_list_of_course();

CREATE FUNCTION catalogue_list_of_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalogue_list_course(c.id)
  FROM catalogue_course c JOIN registry_host h ON h.id = c.host_id WHERE h.unit_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER course_is_listed_by_its_host AFTER UPDATE OF name, short_name, pinyin ON accounts_unit
  FOR EACH ROW WHEN (NEW.kind = 'host') EXECUTE FUNCTION catalogue_list_of_unit();

CREATE FUNCTION catalogue_list_occupation(p_occupation bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO catalogue_occupationlisting AS l (occupation_id, words, sounds, grams)
  SELECT o.id, said.words, o.pinyin, core_grams(said.words, o.pinyin)
  FROM catalogue_occupation o CROSS JOIN LATERAL (
    SELECT core_words(o.name, o.code, string_agg(a.code, ' ' ORDER BY a.code)) AS words
    FROM catalogue_occupationalias a WHERE a.occupation_id = o.id
  ) AS said
  WHERE o.id = p_occupation
  ON CONFLICT (occupation_id) DO UPDATE SET
    (words, sounds, grams) = (excluded.words, excluded.sounds, excluded.grams)
$$;

CREATE FUNCTION catalogue_list_of_occupation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalogue_list_occupation(NEW.id);
  IF TG_OP = 'UPDATE' THEN
    PERFORM catalogue_list_course(each.course_id) FROM (
      SELECT DISTINCT course_id FROM catalogue_courseversion
      WHERE occupation_id = NEW.id AND published_at IS NOT NULL
    ) AS each;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER occupation_is_listed AFTER INSERT ON catalogue_occupation FOR EACH ROW
  EXECUTE FUNCTION catalogue_list_of_occupation();
CREATE TRIGGER occupation_is_listed_anew AFTER UPDATE ON catalogue_occupation FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION catalogue_list_of_occupation();

CREATE FUNCTION catalogue_list_of_alias() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalogue_list_occupation(l.occupation_id) FROM catalogue_occupationlisting l
  WHERE l.occupation_id IN (OLD.occupation_id, NEW.occupation_id);
  RETURN NULL;
END $$;
CREATE TRIGGER occupation_is_listed_by_its_codes AFTER INSERT OR UPDATE OR DELETE ON catalogue_occupationalias
  FOR EACH ROW EXECUTE FUNCTION catalogue_list_of_alias();

SELECT catalogue_list_course(id) FROM catalogue_course;
SELECT catalogue_list_occupation(id) FROM catalogue_occupation;
"""
BACKWARD = """
DROP TRIGGER occupation_is_listed_by_its_codes ON catalogue_occupationalias;
DROP TRIGGER occupation_is_listed_anew ON catalogue_occupation;
DROP TRIGGER occupation_is_listed ON catalogue_occupation;
DROP TRIGGER course_is_listed_by_its_host ON accounts_unit;
DROP TRIGGER course_is_listed_anew ON catalogue_course;
DROP TRIGGER course_is_listed ON catalogue_courseversion;
DROP FUNCTION catalogue_list_of_alias, catalogue_list_of_occupation, catalogue_list_occupation, catalogue_list_of_unit,
  catalogue_list_of_course, catalogue_list_of_version, catalogue_list_course;
"""


class Migration(migrations.Migration):
    """Triggers keep what courses and occupations are searched by; the lines of those that are there are written now.

    SHARE ROW EXCLUSIVE on courses, versions, occupations, aliases and units, brief.
    """

    dependencies = [("catalogue", "0010_course_listing")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
