"""统一社会信用代码: the check in Python and in the database agree."""

import pytest
from django.db import connection

from baiye.registry.credit_code import LETTERS, check_character, holds, tidied

VALID = ("91350100M000100Y43", "91512081MA62K0260E", "11320000MB151840XJ")


@pytest.mark.parametrize("code", VALID)
def test_holds_for_codes_that_were_issued(code):
    assert holds(code)


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4Z", "91350100M000100Y4", "91350100I000100Y43", "９1350100M000100Y43"]
)
def test_holds_not_for_others(code):
    assert not holds(code)


@pytest.mark.parametrize("place", range(18))
def test_holds_finds_every_single_wrong_character(place):
    code = VALID[0]
    wrong = [code[:place] + letter + code[place + 1 :] for letter in LETTERS if letter != code[place]]

    assert not any(holds(one) for one in wrong)


def test_tidied_takes_spaces_hyphens_and_wide_letters_away():
    assert tidied(" 9135 0100-m000100y４3 ") == VALID[0]


@pytest.mark.django_db
def test_the_database_agrees():
    bodies = [VALID[0][:17], *(letter * 17 for letter in LETTERS)]
    codes = [body + letter for body in bodies for letter in LETTERS] + ["", "x", "91350100I000100Y43"]

    with connection.cursor() as cursor:
        cursor.execute("SELECT code, registry_credit_code_holds(code) FROM unnest(%s::text[]) AS code", [codes])
        found = dict(cursor.fetchall())

    assert found == {code: holds(code) for code in codes}
    assert sum(found.values()) == len(bodies)
    assert all(check_character(body) in LETTERS for body in bodies)
