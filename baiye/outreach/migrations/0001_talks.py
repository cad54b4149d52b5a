import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import baiye.outreach.models.talks

HALF_DAYS = """
CREATE FUNCTION outreach_half_days_hold(p_campaign bigint, p_half_days text[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  season record;
  one text;
BEGIN
  SELECT first_on, last_on INTO season FROM outreach_campaign WHERE id = p_campaign;
  FOREACH one IN ARRAY p_half_days LOOP
    IF one !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}(am|pm)$'
       OR left(one, 10)::date NOT BETWEEN season.first_on AND season.last_on THEN
      RETURN false;
    END IF;
  END LOOP;
  RETURN (SELECT count(DISTINCT half) = cardinality(p_half_days) FROM unnest(p_half_days) AS asked (half));
END $$;
CREATE FUNCTION outreach_half_days_are_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT outreach_half_days_hold(NEW.campaign_id, NEW.half_days) THEN
    RAISE EXCEPTION 'half-days outside the campaign, or twice'
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER talk_offer_for_half_days_of_its_campaign BEFORE INSERT OR UPDATE OF half_days, campaign_id
  ON outreach_talkoffer FOR EACH ROW EXECUTE FUNCTION outreach_half_days_are_given();
CREATE TRIGGER talk_request_for_half_days_of_its_campaign BEFORE INSERT OR UPDATE OF half_days, campaign_id
  ON outreach_talkrequest FOR EACH ROW EXECUTE FUNCTION outreach_half_days_are_given();

CREATE FUNCTION outreach_class_is_asked_for() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM outreach_talkrequest r JOIN schools_schoolclass c ON c.id = NEW.schoolclass_id
    WHERE r.id = NEW.talkrequest_id AND c.school_id = r.school_id AND c.stage = r.stage) THEN
    RAISE EXCEPTION 'class % is not of the school and stage that ask', NEW.schoolclass_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'talk_request_for_classes_of_its_school';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER talk_request_for_classes_of_its_school BEFORE INSERT OR UPDATE ON outreach_talkrequest_classes
  FOR EACH ROW EXECUTE FUNCTION outreach_class_is_asked_for();

CREATE FUNCTION outreach_wish_is_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.offer_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM outreach_talkrequest r JOIN outreach_talkoffer o ON o.campaign_id = r.campaign_id
    WHERE r.id = NEW.ask_id AND o.id = NEW.offer_id) THEN
    RAISE EXCEPTION 'offer % is not of the campaign', NEW.offer_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'talk_wish_for_an_offer_of_its_campaign';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER talk_wish_for_an_offer_of_its_campaign BEFORE INSERT OR UPDATE ON outreach_talkwish
  FOR EACH ROW EXECUTE FUNCTION outreach_wish_is_given();
"""
FIXED = """
CREATE FUNCTION outreach_campaign_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.announced_at IS NOT NULL
     AND (to_jsonb(NEW) - 'feedback_until') <> (to_jsonb(OLD) - 'feedback_until') THEN
    RAISE EXCEPTION 'campaign % is announced', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_stays_as_it_was_announced';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER campaign_stays_as_it_was_announced BEFORE UPDATE ON outreach_campaign
  FOR EACH ROW EXECUTE FUNCTION outreach_campaign_changes();

CREATE FUNCTION outreach_match_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.campaign_id, NEW.again, NEW.input_zip, NEW.input_sha256, NEW.seed)
     IS DISTINCT FROM (OLD.campaign_id, OLD.again, OLD.input_zip, OLD.input_sha256, OLD.seed)
     OR OLD.finished_at IS NOT NULL AND (NEW.output_zip, NEW.finished_at, NEW.figures)
        IS DISTINCT FROM (OLD.output_zip, OLD.finished_at, OLD.figures) THEN
    RAISE EXCEPTION 'match % is frozen', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'match_stays_as_it_was_frozen';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER match_stays_as_it_was_frozen BEFORE UPDATE ON outreach_match
  FOR EACH ROW EXECUTE FUNCTION outreach_match_changes();
"""
TALKS = """
CREATE FUNCTION outreach_talk_is_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked record;
  offered record;
  season record;
  first date := (NEW.starts_at AT TIME ZONE 'Asia/Shanghai')::date;
  last date := (NEW.ends_at AT TIME ZONE 'Asia/Shanghai')::date;
  because text;
BEGIN
  SELECT campaign_id, school_id, stage INTO asked FROM outreach_talkrequest WHERE id = NEW.ask_id;
  SELECT campaign_id, speaker_id, stages, most_talks, most_classes INTO offered
    FROM outreach_talkoffer WHERE id = NEW.offer_id FOR NO KEY UPDATE;
  IF offered.campaign_id <> asked.campaign_id OR NOT asked.stage = ANY (offered.stages)
     OR NOT EXISTS (SELECT 1 FROM outreach_talktopic WHERE id = NEW.topic_id AND offer_id = NEW.offer_id)
     OR offered.most_classes
        < (SELECT count(*) FROM outreach_talkrequest_classes WHERE talkrequest_id = NEW.ask_id) THEN
    RAISE EXCEPTION 'offer % is not for request %', NEW.offer_id, NEW.ask_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'talk_of_an_offer_that_is_for_its_request';
  END IF;
  NEW.speaker_id := offered.speaker_id;
  NEW.school_id := asked.school_id;
  SELECT first_on, last_on INTO season FROM outreach_campaign WHERE id = asked.campaign_id;
  IF first < season.first_on OR last > season.last_on OR first <> last THEN
    RAISE EXCEPTION 'a talk outside its campaign'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'talk_on_a_day_of_its_campaign';
  END IF;
  IF NEW.ended_at IS NOT NULL THEN
    RETURN NEW;
  END IF;
  PERFORM 1 FROM mentors_mentor WHERE id = NEW.speaker_id FOR NO KEY UPDATE;
  because := mentors_hinders(NEW.speaker_id, first, last);
  IF because IS NOT NULL THEN
    RAISE EXCEPTION 'speaker % may not be with pupils: %', NEW.speaker_id, because
      USING ERRCODE = 'check_violation', DETAIL = because, CONSTRAINT = 'talk_only_by_a_speaker_who_may';
  END IF;
  IF EXISTS (SELECT 1 FROM visits_assignment a WHERE a.mentor_id = NEW.speaker_id AND a.ended_at IS NULL
             AND a.span && tstzrange(NEW.starts_at, NEW.ends_at)) THEN
    RAISE EXCEPTION 'speaker % is on a visit then', NEW.speaker_id
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'talk_no_speaker_in_two_places_at_once';
  END IF;
  IF (SELECT count(*) FROM outreach_talk WHERE offer_id = NEW.offer_id AND ended_at IS NULL
      AND id IS DISTINCT FROM NEW.id) >= offered.most_talks THEN
    RAISE EXCEPTION 'offer % is used up', NEW.offer_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'talk_no_more_than_its_speaker_offers';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER talk_is_given BEFORE INSERT ON outreach_talk
  FOR EACH ROW EXECUTE FUNCTION outreach_talk_is_given();
CREATE TRIGGER talk_is_moved BEFORE UPDATE OF starts_at, ends_at, offer_id, ask_id, topic_id, speaker_id, school_id
  ON outreach_talk FOR EACH ROW EXECUTE FUNCTION outreach_talk_is_given();

CREATE FUNCTION outreach_talk_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE because text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'talks are ended, never deleted'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'talk_keeps_its_row';
  END IF;
  IF OLD.ended_at IS NOT NULL OR OLD.held_at IS NOT NULL
     OR (NEW.ask_id, NEW.offer_id, NEW.match_id) IS DISTINCT FROM (OLD.ask_id, OLD.offer_id, OLD.match_id) THEN
    RAISE EXCEPTION 'talk % is over, or would become another', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'talk_stays_once_it_is_over';
  END IF;
  IF NEW.ended_at IS NULL AND (NEW.accepted_at, NEW.confirmed_at, NEW.held_at)
     IS DISTINCT FROM (OLD.accepted_at, OLD.confirmed_at, OLD.held_at) THEN
    because := mentors_hinders(NEW.speaker_id, (NEW.starts_at AT TIME ZONE 'Asia/Shanghai')::date,
                               (NEW.ends_at AT TIME ZONE 'Asia/Shanghai')::date);
    IF because IS NOT NULL THEN
      RAISE EXCEPTION 'speaker % may not be with pupils: %', NEW.speaker_id, because
        USING ERRCODE = 'check_violation', DETAIL = because, CONSTRAINT = 'talk_only_by_a_speaker_who_may';
    END IF;
  END IF;
  IF NEW.held_at IS NOT NULL AND NEW.rehearsed_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM outreach_talk WHERE speaker_id = NEW.speaker_id AND held_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a first talk needs a rehearsal'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'talk_the_first_is_held_after_a_rehearsal';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER talk_stays_once_it_is_over BEFORE UPDATE OR DELETE ON outreach_talk
  FOR EACH ROW EXECUTE FUNCTION outreach_talk_changes();

CREATE FUNCTION outreach_feedback_is_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM outreach_talk WHERE id = NEW.talk_id AND held_at IS NOT NULL) THEN
    RAISE EXCEPTION 'feedback on a talk that was not held'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'talk_feedback_only_when_it_was_held';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER talk_feedback_only_when_it_was_held BEFORE INSERT OR UPDATE ON outreach_talkfeedback
  FOR EACH ROW EXECUTE FUNCTION outreach_feedback_is_given();

CREATE FUNCTION outreach_guide_is_at_a_talk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ended_at IS NOT NULL THEN
    RETURN NULL;
  END IF;
  PERFORM 1 FROM mentors_mentor WHERE id = NEW.mentor_id FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM outreach_talk t WHERE t.speaker_id = NEW.mentor_id AND t.ended_at IS NULL
             AND tstzrange(t.starts_at, t.ends_at) && NEW.span) THEN
    RAISE EXCEPTION 'mentor % speaks at a school then', NEW.mentor_id
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'assignment_no_mentor_in_two_places_at_once';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER assignment_not_while_at_a_talk AFTER INSERT OR UPDATE OF span, mentor_id ON visits_assignment
  FOR EACH ROW EXECUTE FUNCTION outreach_guide_is_at_a_talk();
"""
BACKWARD = """
DROP TRIGGER assignment_not_while_at_a_talk ON visits_assignment;
DROP TRIGGER talk_feedback_only_when_it_was_held ON outreach_talkfeedback;
DROP TRIGGER talk_stays_once_it_is_over ON outreach_talk;
DROP TRIGGER talk_is_moved ON outreach_talk;
DROP TRIGGER talk_is_given ON outreach_talk;
DROP TRIGGER match_stays_as_it_was_frozen ON outreach_match;
DROP TRIGGER campaign_stays_as_it_was_announced ON outreach_campaign;
DROP TRIGGER talk_wish_for_an_offer_of_its_campaign ON outreach_talkwish;
DROP TRIGGER talk_request_for_classes_of_its_school ON outreach_talkrequest_classes;
DROP TRIGGER talk_request_for_half_days_of_its_campaign ON outreach_talkrequest;
DROP TRIGGER talk_offer_for_half_days_of_its_campaign ON outreach_talkoffer;
DROP FUNCTION outreach_guide_is_at_a_talk, outreach_feedback_is_given, outreach_talk_changes, outreach_talk_is_given,
  outreach_match_changes, outreach_campaign_changes, outreach_wish_is_given, outreach_class_is_asked_for,
  outreach_half_days_are_given, outreach_half_days_hold;
"""


class Migration(migrations.Migration):
    """Talks in schools, and what always holds of them. New tables; one trigger on visits_assignment, brief.

    The words for each constraint stand in `outreach/words.py`.
    """

    initial = True

    dependencies = [
        ("accounts", "0010_api_keys"),
        ("catalogue", "0014_course_listing_when_it_changes"),
        ("mentors", "0002_who_may_be_with_pupils"),
        ("registry", "0010_listing_when_it_changes"),
        ("schools", "0002_consent_and_notes"),
        ("visits", "0004_seats_only_where_nothing_hinders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=60)),
                ("offer_from", models.DateField()),
                ("ask_from", models.DateField()),
                ("match_from", models.DateField()),
                ("confirm_from", models.DateField()),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("feedback_until", models.DateField()),
                (
                    "points",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=baiye.outreach.models.talks.published_points,
                        size=None,
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(default=60)),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("announced_at", models.DateTimeField(null=True)),
                ("is_example", models.BooleanField(default=False)),
                (
                    "announced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="campaigns", to="schools.term"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="campaigns", to="accounts.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("again", models.BooleanField(default=False)),
                ("asked_at", models.DateTimeField()),
                ("input_zip", models.BinaryField()),
                ("input_sha256", models.CharField(max_length=64)),
                ("seed", models.CharField(max_length=64)),
                ("finished_at", models.DateTimeField(null=True)),
                ("failed_because", models.CharField(blank=True, max_length=200)),
                ("output_zip", models.BinaryField(null=True)),
                ("figures", models.JSONField(default=dict)),
                ("discarded_at", models.DateTimeField(null=True)),
                ("proposed_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="matches", to="outreach.campaign"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Talk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(default=0)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("hall", models.CharField(max_length=60)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("accepted_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("staff", models.CharField(blank=True, max_length=60)),
                ("rehearsed_at", models.DateTimeField(null=True)),
                ("rehearsal_note", models.CharField(blank=True, max_length=400)),
                ("held_at", models.DateTimeField(null=True)),
                ("heard", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("declined", "主讲人谢绝"),
                            ("speaker", "主讲人不能来"),
                            ("school", "学校取消"),
                            ("organiser", "主办方取消"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ended_because", models.CharField(blank=True, max_length=200)),
                ("is_example", models.BooleanField(default=False)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "match",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="talks",
                        to="outreach.match",
                    ),
                ),
                (
                    "rehearsed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="talks", to="schools.school"
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="talks", to="mentors.mentor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TalkFeedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(choices=[("speaker", "主讲人"), ("school", "学校")], max_length=8)),
                (
                    "verdict",
                    models.CharField(choices=[("well", "很好"), ("fine", "可以"), ("poor", "有问题")], max_length=6),
                ),
                ("again", models.BooleanField()),
                ("text", models.CharField(blank=True, max_length=400)),
                ("said_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "said_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "talk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="feedback", to="outreach.talk"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TalkOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "stages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("primary", "小学"),
                                ("junior", "初中"),
                                ("senior", "高中"),
                                ("vocational", "中职"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                    ),
                ),
                (
                    "half_days",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None),
                ),
                ("most_talks", models.PositiveSmallIntegerField(default=2)),
                ("most_classes", models.PositiveSmallIntegerField(default=1)),
                ("needs", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_because", models.CharField(blank=True, max_length=200)),
                ("is_example", models.BooleanField(default=False)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="outreach.campaign"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="talk_offers", to="mentors.mentor"
                    ),
                ),
                (
                    "starts_from",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.mapshape"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="talk",
            name="offer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="talks", to="outreach.talkoffer"
            ),
        ),
        migrations.CreateModel(
            name="TalkRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[("primary", "小学"), ("junior", "初中"), ("senior", "高中"), ("vocational", "中职")],
                        max_length=10,
                    ),
                ),
                (
                    "half_days",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None),
                ),
                ("hall", models.CharField(max_length=60)),
                ("takes_any", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("is_example", models.BooleanField(default=False)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="outreach.campaign"
                    ),
                ),
                ("classes", models.ManyToManyField(related_name="talk_requests", to="schools.schoolclass")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="talk_requests", to="schools.school"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="talk",
            name="ask",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="talks", to="outreach.talkrequest"
            ),
        ),
        migrations.CreateModel(
            name="MatchedTalk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half_day", models.CharField(blank=True, max_length=12)),
                ("rank", models.PositiveSmallIntegerField(default=0)),
                ("travel_min", models.PositiveSmallIntegerField(default=0)),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_speaker", "没有主讲人讲所填的题目、面向这个学段、能接这么多班"),
                            ("no_half_day", "愿意来的主讲人，没有一个和礼堂有同时空的半天"),
                            ("others_first", "能来的场次给了交流机会更少、或志愿更合的学校"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "match",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="outreach.match"
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outreach.talkoffer",
                    ),
                ),
                (
                    "ask",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="outreach.talkrequest"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TalkTopic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=60)),
                (
                    "occupation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="talk_topics",
                        to="catalogue.occupation",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="topics", to="outreach.talkoffer"
                    ),
                ),
            ],
            options={
                "ordering": ["offer", "place"],
            },
        ),
        migrations.AddField(
            model_name="talk",
            name="topic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="talks", to="outreach.talktopic"
            ),
        ),
        migrations.CreateModel(
            name="TalkWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField()),
                (
                    "ask",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wishes", to="outreach.talkrequest"
                    ),
                ),
                (
                    "occupation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.occupation",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wishes",
                        to="outreach.talkoffer",
                    ),
                ),
            ],
            options={
                "ordering": ["ask", "rank"],
            },
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(fields=("unit", "title"), name="campaign_named_once_a_unit"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ask_from__gte", models.F("offer_from")),
                    ("confirm_from__gt", models.F("match_from")),
                    ("feedback_until__gte", models.F("last_on")),
                    ("first_on__gt", models.F("confirm_from")),
                    ("last_on__gte", models.F("first_on")),
                    ("match_from__gt", models.F("ask_from")),
                ),
                name="campaign_phases_follow_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__len__range", (1, 10))), name="campaign_takes_one_to_ten_wishes"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (20, 180))), name="campaign_talks_take_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("announced_at", None), ("announced_by", None)),
                    models.Q(("announced_at__isnull", False), ("announced_by__isnull", False)),
                    _connector="OR",
                ),
                name="campaign_announced_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(
                condition=models.Q(("discarded_at", None), ("failed_because", ""), ("finished_at", None)),
                fields=("campaign",),
                name="match_one_at_a_time_a_campaign",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(
                condition=models.Q(("again", False), ("approved_at__isnull", False)),
                fields=("campaign",),
                name="match_one_published_a_campaign",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proposed_at", None), ("proposed_by", None)),
                    models.Q(
                        ("finished_at__isnull", False), ("proposed_at__isnull", False), ("proposed_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="match_proposed_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_by", None)),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        ("discarded_at", None),
                        ("proposed_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="match_approved_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                name="match_published_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkfeedback",
            constraint=models.UniqueConstraint(fields=("talk", "side"), name="talk_feedback_once_a_side"),
        ),
        migrations.AddConstraint(
            model_name="talkfeedback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict", "poor"), _negated=True), models.Q(("text", ""), _negated=True), _connector="OR"
                ),
                name="talk_feedback_says_what_was_wrong",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkoffer",
            constraint=models.UniqueConstraint(
                fields=("campaign", "speaker"), name="talk_offer_one_a_speaker_and_campaign"
            ),
        ),
        migrations.AddConstraint(
            model_name="talkoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("half_days__len__range", (1, 120))), name="talk_offer_names_a_half_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="talkoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("stages__len__gte", 1)), name="talk_offer_names_a_stage"
            ),
        ),
        migrations.AddConstraint(
            model_name="talkoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("most_classes__range", (1, 20)), ("most_talks__range", (1, 20))),
                name="talk_offer_is_for_some",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_because", ""), ("withdrawn_by", None)),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                        models.Q(("withdrawn_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="talk_offer_withdrawn_by_whom_when_and_why",
            ),
        ),
        migrations.AddIndex(
            model_name="talkrequest",
            index=models.Index(fields=["campaign", "school"], name="talk_request_of_school"),
        ),
        migrations.AddConstraint(
            model_name="talkrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("half_days__len__range", (1, 120))), name="talk_request_names_a_half_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="talkrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("hall", ""), _negated=True), name="talk_request_has_a_hall"
            ),
        ),
        migrations.AddConstraint(
            model_name="talkrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="talk_request_withdrawn_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="matchedtalk",
            constraint=models.UniqueConstraint(fields=("match", "ask"), name="matched_talk_one_a_request"),
        ),
        migrations.AddConstraint(
            model_name="matchedtalk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("half_day", ""), ("offer", None), models.Q(("why", ""), _negated=True)),
                    models.Q(("offer__isnull", False), ("why", ""), models.Q(("half_day", ""), _negated=True)),
                    _connector="OR",
                ),
                name="matched_talk_given_or_why_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="talktopic",
            constraint=models.UniqueConstraint(fields=("offer", "place"), name="talk_topic_place_once"),
        ),
        migrations.AddConstraint(
            model_name="talktopic",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__range", (1, 5))), name="talk_topic_one_of_five"
            ),
        ),
        migrations.AddConstraint(
            model_name="talktopic",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="talk_topic_has_a_title"
            ),
        ),
        migrations.AddIndex(
            model_name="talk",
            index=models.Index(fields=["school", "starts_at"], name="talk_of_school"),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="talk_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("ask",), name="talk_one_for_a_request"
            ),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("ended_at", None)),
                expressions=[("speaker", "="), (baiye.outreach.models.talks.TimeSpan("starts_at", "ends_at"), "&&")],
                name="talk_no_speaker_in_two_places_at_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("ended_at", None)),
                expressions=[
                    ("school", "="),
                    ("hall", "="),
                    (baiye.outreach.models.talks.TimeSpan("starts_at", "ends_at"), "&&"),
                ],
                name="talk_no_hall_twice_at_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at", None), ("accepted_by", None)),
                    models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                    _connector="OR",
                ),
                name="talk_accepted_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="talk_confirmed_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rehearsed_at", None), ("rehearsed_by", None)),
                    models.Q(("rehearsed_at__isnull", False), ("rehearsed_by__isnull", False)),
                    _connector="OR",
                ),
                name="talk_rehearsed_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held_at", None), ("held_by", None)),
                    models.Q(("held_at__isnull", False), ("held_by__isnull", False)),
                    _connector="OR",
                ),
                name="talk_held_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_at", None), models.Q(("staff", ""), _negated=True), _connector="OR"),
                name="talk_confirmed_with_somebody_of_the_school",
            ),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held_at", None),
                    models.Q(
                        ("accepted_at__isnull", False),
                        ("confirmed_at__isnull", False),
                        ("heard__gte", 1),
                        ("held_at__gte", models.F("starts_at")),
                    ),
                    _connector="OR",
                ),
                name="talk_held_only_when_accepted_and_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_at", None), ("ended_at", None), _connector="OR"), name="talk_held_or_ended"
            ),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_because", ""), ("ended_by", None), ("ended_kind", "")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        models.Q(("ended_kind", ""), _negated=True),
                        models.Q(("ended_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="talk_ended_by_whom_when_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkwish",
            constraint=models.UniqueConstraint(fields=("ask", "rank"), name="talk_wish_rank_once"),
        ),
        migrations.AddConstraint(
            model_name="talkwish",
            constraint=models.UniqueConstraint(fields=("ask", "occupation"), name="talk_wish_occupation_once"),
        ),
        migrations.AddConstraint(
            model_name="talkwish",
            constraint=models.UniqueConstraint(fields=("ask", "offer"), name="talk_wish_speaker_once"),
        ),
        migrations.AddConstraint(
            model_name="talkwish",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank__range", (1, 10))), name="talk_wish_ranks_from_one_to_ten"
            ),
        ),
        migrations.AddConstraint(
            model_name="talkwish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("occupation", None), ("offer__isnull", False)),
                    models.Q(("occupation__isnull", False), ("offer", None)),
                    _connector="OR",
                ),
                name="talk_wish_is_an_occupation_or_a_speaker",
            ),
        ),
        migrations.RunSQL(HALF_DAYS + FIXED + TALKS, BACKWARD),
    ]
