"""Who gets in where: every route × every role, against a file that a person can read."""

import os
import re

import pytest

from tests.rig import access, databases
from tests.rig.access_world import world

HOW = "after reading the difference, write the file anew: ACCESS=write pytest tests/test_access_matrix.py -n 0"


@pytest.fixture(scope="module")
def worlds(django_db_setup, _template, django_db_blocker):
    """Two districts in a database of this module's own; every request is undone."""
    with django_db_blocker.unblock(), databases.copy_of(_template, "access") as name, databases.pointed_at(name):
        yield world(1), world(2)


@pytest.mark.slow
@pytest.mark.parametrize("role", access.roles())
def test_a_role_gets_in_where_the_file_says_and_nowhere_else(role, worlds, settings, monkeypatch):
    settings.BAIYE_REQUIRE_SECOND_FACTOR = False
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_, **__: True)  # it commits by itself, for good reason

    found = sorted(access.rows(role, *worlds))

    if os.environ.get("ACCESS") == "write":
        access.write([row for row in access.read() if row[2] != role] + found)
    assert found == [row for row in access.read() if row[2] == role], HOW


def test_no_role_but_a_person_of_the_family_gives_consent():
    allowed = {row[2] for row in access.read() if row[:2] == ("schools:consents", "POST") and "ok" in row[3:]}

    assert "pupil" not in allowed
    assert not allowed & {"host_manager", "host_instructor", "auditor", "system_admin", "security_admin", "audit_admin"}


CATALOGUE = {f"catalogue:{name}" for name in ("course", "copy", "paper", "reported-event-list", "series")}
PUBLIC = {*CATALOGUE, "demo", "hours:check", "rounds:verification", "accounts:invitation"}
PUBLIC |= {"core:health", "core:look", "core:help", "core:design"}
PUBLIC |= {"registry:landing", "registry:host-list", "registry:host-export", "registry:host-data"}
PUBLIC |= {"registry:apply", "registry:official-list"}  # whoever has its secret link applies, signed in or not
PUBLIC |= {"api:one_series"}
PUBLIC |= {"incidents:followed"}  # a complaint is followed by its secret link
PUBLIC |= {"visits:calendar-feed"}  # a calendar is read by its secret link
PUBLIC_PAGES = {"registry:host"}  # and no address that begins like it
PUBLIC_PAGES |= {"outreach:project", "outreach:project-calendar", "outreach:station"}
PUBLIC_PAGES |= {"outreach:public-campaign", "outreach:public-campaign-file"}
PUBLIC_PAGES |= {f"bookings:{name}" for name in ("calendar", "release", "draw", "draw-file", "free")}
THE_DISTRICTS = {"hours:notice", "schools:day-removal"}  # public notices; one calendar for all schools of a database
THE_DISTRICTS |= {"accounts:address"}  # a channel is nobody's: the address behind it is one's own
THE_DISTRICTS |= {"core:sheet"}  # a kind of sheet is nobody's: what it holds is each person's own


def test_what_belongs_to_others_is_not_found():
    """Nobody gets in at another district's rows, but for what is public."""
    leaks = [
        row
        for row in access.read()
        if row[4] == "ok"
        and row[0] not in PUBLIC_PAGES
        and not any(row[0].startswith(public) for public in PUBLIC | THE_DISTRICTS)
    ]

    assert leaks == []


def test_no_answer_is_an_error_of_ours():
    assert [row for row in access.read() if "500" in row] == []


def test_no_two_routes_share_an_address():
    """Of two the second would never be reached."""
    patterns = [re.sub(r"<(\w+:)?\w+>", r"<\1>", address) for address in access.addresses()]

    meant = {"api/", "sign-in/staff/", "sign-out/"}  # ninja's own root below our guide; allauth's names for our pages
    assert {pattern for pattern in patterns if patterns.count(pattern) > 1} == meant
