"""WeCom: a token shared by all, error codes that say whether to try again, and nobody named in an error."""

from datetime import time

import pytest
from django.core.cache import cache
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.accounts.tests.factories import UserFactory
from baiye.core import channels, clock, jobs, messages, messages_copies
from baiye.core.channels import Letter
from baiye.core.channels_wecom import LONGEST, WeCom
from baiye.core.models import Delivery, Preference
from baiye.core.tests.stand_ins import gateway

pytestmark = pytest.mark.django_db
LETTER = Letter("a1", "WangMing", "明天的场次", "明天 9:00，木工坊")


class Company:
    """What WeCom's server would say: tokens one after the other, then what was asked for."""

    def __init__(self, **said: object) -> None:
        self.tokens = 0
        self.said = {"errcode": 0, "errmsg": "ok", **said}
        self.over: set[str] = set()

    def __call__(self, asked):
        if asked.path.endswith("gettoken"):
            self.tokens += 1
            return 200, {"errcode": 0, "access_token": f"token-{self.tokens}", "expires_in": 7200}
        if asked.query["access_token"] in self.over:
            return 200, {"errcode": 42001, "errmsg": "access_token expired"}
        return 200, self.said


@pytest.fixture
def open_company(settings):
    """A company of which the given server is one."""

    def opened(listening):
        settings.WECOM_URL, settings.WECOM_CORP_ID, settings.WECOM_AGENT_ID = listening.url, "corp", 1000002
        settings.WECOM_SECRET = "secret"

    return opened


def test_a_member_gets_the_text_by_a_token_that_is_fetched_once(open_company):
    company = Company()
    with gateway(company) as listening:
        open_company(listening)
        WeCom().send(LETTER)
        WeCom().send(LETTER)

    token, first, second = listening.asked
    assert (token.path, token.query) == ("/cgi-bin/gettoken", {"corpid": "corp", "corpsecret": "secret"})
    assert (first.path, first.query) == ("/cgi-bin/message/send", {"access_token": "token-1"})
    assert first.sent == second.sent
    assert (first.sent["touser"], first.sent["agentid"], first.sent["msgtype"]) == ("WangMing", 1000002, "text")
    assert first.sent["text"] == {"content": "明天 9:00，木工坊"}
    assert first.sent["enable_duplicate_check"] == 1


def test_a_token_that_is_over_is_fetched_anew_once(open_company):
    company = Company()
    with gateway(company) as listening:
        open_company(listening)
        WeCom().send(LETTER)
        company.over.add("token-1")
        WeCom().send(LETTER)

    assert company.tokens == 2
    assert listening.asked[-1].query == {"access_token": "token-2"}


def test_a_token_is_not_kept_in_clear(open_company):
    with gateway(Company()) as listening:
        open_company(listening)
        WeCom().send(LETTER)

    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM core_cache")
        kept = [row[0] for row in cursor.fetchall()]
    assert len(kept) == 1
    assert "token-1" not in kept[0]
    cache.clear()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"errcode": 60111, "errmsg": "userid not found: WangMing"}, channels.NeverSent),
        ({"errcode": 81013, "errmsg": "user & party & tag all invalid"}, channels.NeverSent),
        ({"errcode": 0, "invaliduser": "wangming"}, channels.NeverSent),
        ({"errcode": 0, "unlicenseduser": "wangming"}, channels.NeverSent),
        ({"errcode": 45009, "errmsg": "api freq out of limit"}, channels.NotSent),
        ({"errcode": -1, "errmsg": "system busy"}, channels.NotSent),
    ],
)
def test_error_codes_say_whether_to_try_again_and_the_error_names_nobody(open_company, said, error):
    with gateway(Company(**said)) as listening:
        open_company(listening)
        with pytest.raises(channels.NotSent) as refusal:
            WeCom().send(LETTER)

    assert type(refusal.value) is error
    assert str(refusal.value) == f"WeCom {said['errcode']}"


def test_a_secret_that_is_refused_is_no_wrong_address(open_company):
    with gateway(lambda _: (200, {"errcode": 40001, "errmsg": "invalid credential"})) as listening:
        open_company(listening)
        with pytest.raises(channels.NotSent, match="WeCom token 40001") as refusal:
            WeCom().send(LETTER)

    assert type(refusal.value) is channels.NotSent


def test_a_long_text_is_cut_between_characters(open_company):
    with gateway(Company()) as listening:
        open_company(listening)
        WeCom().send(Letter("a1", "WangMing", "", "a" + "汉" * 2000))

    sent = listening.asked[-1].sent["text"]["content"]
    assert len(sent.encode()) <= LONGEST
    assert sent == "a" + "汉" * (len(sent) - 2) + "…"


@pytest.mark.parametrize(("said", "state"), [({"errcode": 0}, "delivered"), ({"errcode": 60111}, "failed")])
def test_a_copy_goes_by_wecom_and_a_wrong_userid_is_not_tried_again(open_company, settings, said, state):
    settings.WECOM_ADAPTER = "baiye.core.channels_wecom.WeCom"
    person = UserFactory(wecom_id="WangMing")
    Preference.objects.create(user=person, quiet_to=time(21))  # none: it may be night now
    with gateway(Company(**said)) as listening:
        open_company(listening)
        messages.send(to=[person], kind="example", key="k", subject="改期了", body="现在：周三")
        messages_copies.copy("k", at=clock.now())
        jobs.run_due()

    copy = Delivery.objects.get()
    assert (copy.state, copy.tries, ProcrastinateJob.objects.filter(status="todo").exists()) == (state, 1, False)
    assert listening.asked[-1].sent["text"]["content"] == "改期了\n\n现在：周三"
