"""The line before the database: everybody gets their own answer, in the order in which they came."""

import asyncio
import threading

import pytest

from baiye.bookings.rush.line import Line
from baiye.bookings.tests.wire import in_its_own_thread


class Server:
    """Answers a question with itself, and keeps each batch; waits while it is told to."""

    def __init__(self):
        self.batches, self.may_go_on = [], threading.Event()
        self.may_go_on.set()
        self.has_begun = threading.Event()
        self.threads = set()

    def __call__(self, batch):
        self.batches.append(list(batch))
        self.threads.add(threading.get_ident())
        self.has_begun.set()
        self.may_go_on.wait(10)
        if "broken" in batch:
            raise ValueError("broken")
        return [f"{question}!" for question in batch]


@pytest.fixture
def server():
    return Server()


def line_of(server, *, most_waiting=100, most_at_once=10):
    return Line(server, most_waiting=most_waiting, most_at_once=most_at_once)


def run(coroutine):
    return in_its_own_thread(lambda: asyncio.run(coroutine))


async def asked(line, questions):
    return await asyncio.gather(*[line.answer(question) for question in questions])


def test_answer_gives_each_their_own_in_batches_of_at_most_so_many(server):
    answers = run(asked(line_of(server, most_at_once=3), "abcdefg"))

    assert answers == ["a!", "b!", "c!", "d!", "e!", "f!", "g!"]
    assert server.batches == [["a", "b", "c"], ["d", "e", "f"], ["g"]]
    assert len(server.threads) == 1


def test_answer_takes_what_came_while_a_batch_was_served_as_the_next(server):
    async def come_and_come():
        line = line_of(server)
        server.may_go_on.clear()
        first = asyncio.create_task(line.answer("first"))
        await asyncio.to_thread(server.has_begun.wait, 10)
        others = [asyncio.create_task(line.answer(question)) for question in ("second", "third")]
        await asyncio.sleep(0)
        server.may_go_on.set()
        return await asyncio.gather(first, *others)

    assert run(come_and_come()) == ["first!", "second!", "third!"]
    assert server.batches == [["first"], ["second", "third"]]


def test_answer_when_the_line_is_full_is_none_at_once(server):
    answers = run(asked(line_of(server, most_waiting=2), "abcd"))

    assert answers == ["a!", "b!", None, None]


def test_answer_when_serving_fails_is_none_and_the_next_are_served(server, caplog):
    line = line_of(server, most_at_once=1)

    answers = run(asked(line, ["broken", "whole"]))

    assert answers == [None, "whole!"]
    assert "a batch of 1 presses failed" in caplog.text


def test_answer_when_there_are_fewer_answers_than_questions_is_none_for_all(caplog):
    line = line_of(lambda batch: [f"{question}!" for question in batch][1:])

    assert run(asked(line, "ab")) == [None, None]
    assert "a batch of 2 presses failed" in caplog.text


def test_answer_of_somebody_who_went_away_holds_nobody_up(server):
    async def go_away():
        line = line_of(server)
        server.may_go_on.clear()
        gone, stays = asyncio.create_task(line.answer("gone")), asyncio.create_task(line.answer("stays"))
        await asyncio.to_thread(server.has_begun.wait, 10)
        gone.cancel()
        server.may_go_on.set()
        return await stays

    assert run(go_away()) == "stays!"
