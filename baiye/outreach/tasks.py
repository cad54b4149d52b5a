"""Jobs of talks: ids in, one action out; each may run twice."""

from baiye.core import clock, jobs
from baiye.outreach import talk_telling
from baiye.outreach.actions import matches
from baiye.outreach.queries import talks as queries


@jobs.task(name="outreach.match", queue="place")
def match(*, match_id: str, **_: object) -> None:
    """Compute a match run; one that has ended is left alone."""
    if found := queries.find_match(match_id):
        matches.run_match(match=found)


@jobs.task(name="outreach.tell_announced", queue="mail")
def tell_announced(*, campaign_id: int, **_: object) -> None:
    if found := queries.find_campaign(campaign_id):
        talk_telling.tell_announced(campaign=found)


@jobs.task(name="outreach.tell_matched", queue="mail")
def tell_matched(*, match_id: str, **_: object) -> None:
    if found := queries.find_match(match_id):
        talk_telling.tell_matched(match=found)


@jobs.task(name="outreach.tell_talk", queue="mail")
def tell_talk(*, talk_id: int, what: str, **_: object) -> None:
    if found := queries.find_talk(talk_id):
        talk_telling.tell_talk(talk=found, what=what)


@jobs.periodic("30 7 * * *")
@jobs.task(name="outreach.tell_of_the_day", queue="mail", queueing_lock="outreach.tell_of_the_day")
def tell_of_the_day(**_: object) -> None:
    """Tomorrow's talks, and those whose speaker may no longer speak."""
    talk_telling.tell_of_the_day(at=clock.now())
