"""A small pool of disposable workers: keeps the order of the requests, replaces workers, tries a killer alone.

The parent enforces the wall clock, the workers their own memory and processor time. A request whose worker died is
asked again when nothing else runs; after the third death it is given up. Knows nothing of documents or stores.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

from pipeline.work.frames import Json
from pipeline.work.limits import Bounds
from pipeline.work.worker import Died, Worker

DEATHS = 3
RETIRE_AFTER = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """A worker's reply; `failure` is "" or why there is none: "timeout", "memory", "crash"."""

    message: Json
    blobs: tuple[bytes, ...] = ()
    failure: str = ""


class Pool:
    """Workers that start with the pool, so that they get ready while the parent prepares the first batch.

    `config` names the examiner (`module:factory`) and all it needs; `paths` are put before the workers' sys.path.
    """

    def __init__(self, size: int, config: Json, *, bounds: Bounds | None = None, paths: Sequence[str] = ()) -> None:
        self._config = config
        self._bounds = bounds or Bounds()
        self._paths = tuple(paths)
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        self._threads = ThreadPoolExecutor(size)
        self._size = size
        for _ in range(size):
            self._idle.put(self._new())

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def map(self, requests: Sequence[Json]) -> list[Answer]:
        """The answers, in the order of the requests."""
        answers = list(self._threads.map(self._ask, requests))
        return [
            self._alone(request) if answer.failure else answer
            for request, answer in zip(requests, answers, strict=True)
        ]

    def configure(self, config: Json) -> None:
        """Go on with another configuration, that is with fresh workers."""
        self._config = config
        for _ in range(self._size):
            self._idle.get().end()
        for _ in range(self._size):
            self._idle.put(self._new())

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
        worker = Worker(self._bounds, self._paths)
        try:
            worker.configure(self._config)
        except Died:
            pass  # the first request will find it dead and say why
        return worker
