from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import baiye.registry.credit_code

CREDIT_CODE = """
CREATE FUNCTION registry_credit_code_holds(code text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT code ~ '^[0-9A-HJ-NP-RTUWXY]{18}$' AND 0 = (
    SELECT sum(weights[place] * (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(code, place, 1)) - 1)) % 31
    FROM (SELECT ARRAY[1,3,9,27,19,26,16,17,20,29,25,13,8,24,10,30,28,1] AS weights) AS w,
         generate_series(1, 18) AS place)
$$;
"""
LIKENESS = """
CREATE FUNCTION registry_name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT COALESCE(NULLIF(regexp_replace(
    plain, '^(北京|上海|天津|重庆|[^市]{2,4}市)市?([^区]{2,4}区)?|股份|有限|责任|公司|集团', '', 'g'), ''), plain)
  FROM (SELECT regexp_replace(lower(normalize(name, NFKC)), '[^[:alnum:]]', '', 'g') AS plain) AS bare
$$;
CREATE INDEX unit_by_name_key ON accounts_unit USING gin (registry_name_key(name) gin_trgm_ops) WHERE kind = 'host';
CREATE INDEX host_by_address_key ON registry_host (registry_name_key(address)) WHERE address <> '';
"""
BACKWARD = """
DROP INDEX host_by_address_key;
DROP INDEX unit_by_name_key;
DROP FUNCTION registry_name_key;
"""


class Migration(migrations.Migration):
    """Credit codes checked by the database (a failing one is confirmed by a person), and names and addresses alike.

    The name key drops the city, the legal form and all punctuation. Locks: ACCESS EXCLUSIVE on the three tables while
    columns and constraints come, SHARE on accounts_unit and registry_host while the indexes are built; brief.
    """

    dependencies = [
        ("accounts", "0002_only_staff_hold_grants"),
        ("registry", "0004_the_register_keeps_its_word"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(CREDIT_CODE, "DROP FUNCTION registry_credit_code_holds"),
        migrations.RunSQL(LIKENESS, BACKWARD),
        migrations.AddField(
            model_name="accreditation",
            name="warned_days",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="application",
            name="credit_confirmed_by",
            field=models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="application",
            name="credit_insisted",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="host",
            name="grounds",
            field=models.CharField(
                blank=True,
                choices=[
                    ("confirmed_host", "有公开记载接待过学生"),
                    ("pupil_practice_base", "学生社会实践基地，未见职业体验记载"),
                    ("study_route", "出现在研学路线里，未见接待职业体验"),
                    ("internship_host", "接收过大学生实习，未见接待中小学生"),
                    ("care_class_site", "办过假期托管班，未见职业体验记载"),
                    ("candidate", "有人提起，还没有核实"),
                    ("applied", "自己申报，正在审核"),
                    ("accredited", "经申报、核查和评审认定"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "withdrawn"]),
                    ("credit_code", ""),
                    ("credit_insisted", True),
                    baiye.registry.credit_code.CreditCodeHolds("credit_code"),
                    _connector="OR",
                ),
                name="application_insists_on_an_odd_credit_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["inspection", "panel", "conditions", "passed"]), _negated=True),
                    ("credit_code", ""),
                    ("credit_confirmed_by__isnull", False),
                    baiye.registry.credit_code.CreditCodeHolds("credit_code"),
                    _connector="OR",
                ),
                name="application_goes_on_only_with_a_confirmed_credit_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="host",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credit_code", ""),
                    ("credit_confirmed_by__isnull", False),
                    baiye.registry.credit_code.CreditCodeHolds("credit_code"),
                    _connector="OR",
                ),
                name="host_credit_code_holds_or_was_confirmed",
            ),
        ),
    ]
