"""Jobs of a round: ids in, one action out; each may run twice."""

from baiye.core import clock, jobs
from baiye.rounds.actions import runs, telling
from baiye.rounds.queries.runs import find_publication, find_run


@jobs.task(name="rounds.place", queue="place")
def place(*, run_id: str, **_: object) -> None:
    """Compute a placement run; one that has ended is left alone."""
    if run := find_run(run_id):
        runs.run_placement(run=run, at=clock.now())


@jobs.task(name="rounds.tell_families", queue="mail")
def tell_families(*, publication_id: int, **_: object) -> None:
    """Tell every family of a published round; a message already sent is not sent again."""
    if publication := find_publication(publication_id):
        telling.tell_families(publication=publication)
