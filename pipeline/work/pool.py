"""A small pool of disposable workers: keeps the order of the requests, replaces workers, tries a killer alone.

The parent enforces the wall clock, the workers their own memory and processor time. A request whose worker died is
asked again when nothing else runs; after the third death it is given up. Knows nothing of documents or stores.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING

from pipeline.work.limits import Bounds
from pipeline.work.worker import Died, Worker

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    to work with, and once they have worked with something else replaces them by fresh ones.
    """

    def __init__(self, size: int, examiner: str, *, bounds: Bounds | None = None, paths: Sequence[str] = ()) -> None:
        self._size = size
        self._make = partial(Worker, examiner, bounds or Bounds(), tuple(paths))
        self._config: Json | None = None
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        self._threads = ThreadPoolExecutor(size)
        self._started = False

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

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
                worker.end()
                self._idle.put(self._new())

    def map(self, requests: Sequence[Json]) -> list[Answer]:
        """The answers, in the order of the requests."""
        if not requests:
            return []
        self.start()
        answers = list(self._threads.map(self._ask, requests))
        return [
            self._alone(request) if answer.failure else answer
            for request, answer in zip(requests, answers, strict=True)
        ]

    def close(self) -> None:
        """End all workers."""
        self._threads.shutdown()
        while not self._idle.empty():
            self._idle.get().end()

    def _alone(self, request: Json) -> Answer:
        for _ in range(DEATHS - 1):
            answer = self._ask(request)
            if not answer.failure:
                break
        return answer

    def _ask(self, request: Json) -> Answer:
        worker = self._idle.get()
        try:
            message, blobs = worker.ask(request)
        except Died as death:
            worker.end()
            self._idle.put(self._new())
            return Answer({}, failure=death.cause)
        self._idle.put(self._replaced(worker))
        return Answer(message, tuple(blobs))

    def _replaced(self, worker: Worker) -> Worker:
        if worker.served < RETIRE_AFTER:
            return worker
        worker.end()
        return self._new()

    def _new(self) -> Worker:
        return self._told(self._make())

    def _told(self, worker: Worker) -> Worker:
        if self._config is not None:
            with suppress(Died):  # the first request will find it dead and say why
                worker.configure(self._config)
        return worker
