"""The line before the database: what came while a batch was committing is the next batch."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")
Waiting = tuple[A, asyncio.Future[B | None]]
log = logging.getLogger(__name__)


class Line(Generic[A, B]):
    """Gives each of many callers the answer to their own question; ``serve`` is asked many questions at once.

    ``serve`` runs in one thread that is always the same (it keeps its database connection), never twice at a time,
    and gets the questions in the order in which they came.
    """

    def __init__(self, serve: Callable[[Sequence[A]], Sequence[B]], *, most_waiting: int, most_at_once: int) -> None:
        self._serve = serve
        self._most_waiting = most_waiting
        self._most_at_once = most_at_once
        self._waiting: deque[Waiting[A, B]] = deque()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rush")
        self._running: asyncio.Task[None] | None = None

    async def answer(self, question: A) -> B | None:
        """The answer to ``question``; None when the line is full, or when ``serve`` failed: to be asked again."""
        if len(self._waiting) >= self._most_waiting:
            return None
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[B | None] = loop.create_future()
        self._waiting.append((question, answer))
        if self._running is None or self._running.done():
            self._running = loop.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        """Serve until nobody waits."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most_at_once))]
            for (_question, future), answer in zip(batch, await self._answers(batch), strict=True):
                if not future.done():  # whoever asked may have gone
                    future.set_result(answer)

    async def _answers(self, batch: Sequence[Waiting[A, B]]) -> Sequence[B | None]:
        loop = asyncio.get_running_loop()
        try:
            questions = [question for question, _future in batch]
            answers = await loop.run_in_executor(self._thread, self._serve, questions)
            if len(answers) != len(batch):
                raise ValueError(f"{len(answers)} answers")
            return answers
        except Exception:
            log.exception("a batch of %d presses failed", len(batch))
            return [None] * len(batch)
