"""A small pool of disposable workers: keeps the order of the requests, replaces workers, tries a killer alone.

The parent enforces the wall clock, the workers their own memory and processor time. A request whose worker died is
asked again when nothing else runs; after the third death it is given up. Knows nothing of documents or stores.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING

from pipeline.errors import SettingsError
from pipeline.work.limits import Bounds
from pipeline.work.worker import Died, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future, ThreadPoolExecutor

    from pipeline.work.frames import Json

DEATHS = 3
RETIRE_AFTER = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """A worker's reply; `failure` is "" or why there is none: "timeout", "memory", "crash"."""

    message: Json
    blobs: tuple[bytes, ...] = ()
    failure: str = ""


class Pool:
    """`size` workers that run `examiner` (`module:factory`); `paths` are added to their module search path.

    `start` may be called early, so that they load while the parent does other things; `configure` tells them what
    to work with, and once they have worked with something else replaces them by fresh ones. `deaths`: after how many
    a request is given up. An exception in the `with` block ends the workers at once. A worker that cannot work with
    its configuration makes the call raise SettingsError.
    """

    def __init__(
        self,
        size: int,
        examiner: str,
        *,
        bounds: Bounds | None = None,
        paths: Sequence[str] = (),
        deaths: int = DEATHS,
    ) -> None:
        self._size = size
        self._deaths = deaths
        self._make = partial(Worker, examiner, bounds or Bounds(), tuple(paths))
        self._config: Json | None = None
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        self._started = False
        self._abandoned = False
        self._executor: ThreadPoolExecutor | None = None
        self._alive: set[Worker] = set()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *unused: object) -> None:
        if kind is not None:
            self.abandon()
        self.close()

    @property
    def _threads(self) -> ThreadPoolExecutor:
        """Made when the workers load already: what it brings along takes a while too."""
        if self._executor is None:
            from concurrent.futures import ThreadPoolExecutor

            self._executor = ThreadPoolExecutor(self._size)
        return self._executor

    def start(self) -> None:
        """Begin to load the workers; harmless when they run already."""
        if not self._started:
            self._started = True
            for _ in range(self._size):
                self._idle.put(self._new())

    def configure(self, config: Json) -> None:
        """What the workers are to work with from now on."""
        fresh, self._config = self._config is None, config
        if not self._started:
            return
        for worker in [self._idle.get() for _ in range(self._size)]:
            if fresh:
                self._idle.put(self._told(worker))
            else:
                self._idle.put(self._replacement(worker))

    def map(self, requests: Sequence[Json]) -> list[Answer]:
        """The answers, in the order of the requests."""
        if not requests:
            return []
        self.start()
        answers = list(self._threads.map(self._ask, requests))
        return [self._again(request, answer) for request, answer in zip(requests, answers, strict=True)]

    def each(self, requests: Sequence[Json]) -> Iterator[Answer]:
        """The same one by one, each as soon as it is there and all before it were.

        Only a few requests are handed out ahead, so that others, made because of an answer, need not wait for all.
        """
        self.start()
        ahead: deque[tuple[Json, Future[Answer]]] = deque()
        for request in requests:
            ahead.append((request, self._threads.submit(self._ask, request)))
            if len(ahead) > 2 * self._size:
                asked, answer = ahead.popleft()
                yield self._again(asked, answer.result())
        for asked, answer in ahead:
            yield self._again(asked, answer.result())

    def close(self) -> None:
        """End all workers."""
        if self._executor is not None:
            self._executor.shutdown()
        while not self._idle.empty():
            self._end(self._idle.get())

    def abandon(self) -> None:
        """Drop the requests in hand and kill the workers: nobody waits for the answers any more."""
        self._abandoned = True
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
        for worker in tuple(self._alive):
            worker.kill()

    def _again(self, request: Json, answer: Answer) -> Answer:
        for _ in range(self._deaths - 1):
            if not answer.failure:
                break
            answer = self._ask(request)
        return answer

    def _ask(self, request: Json) -> Answer:
        worker = self._idle.get()
        try:
            message, blobs = worker.ask(request)
        except Died as death:
            self._idle.put(self._replacement(worker))
            return Answer({}, failure=death.cause)
        self._idle.put(worker if worker.served < RETIRE_AFTER else self._replacement(worker))
        if "refused" in message:
            raise SettingsError(str(message["refused"]))
        return Answer(message, tuple(blobs))

    def _replacement(self, worker: Worker) -> Worker:
        """A new worker in the place of this one, unless nobody wants one any more."""
        self._end(worker)
        return worker if self._abandoned else self._new()

    def _new(self) -> Worker:
        worker = self._make()
        self._alive.add(worker)
        return self._told(worker)

    def _end(self, worker: Worker) -> None:
        worker.end()
        self._alive.discard(worker)

    def _told(self, worker: Worker) -> Worker:
        if self._config is not None:
            with suppress(Died):  # the first request will find it dead and say why
                worker.configure(self._config)
        return worker
