"""One worker process as the parent sees it: started, asked, ended at any breach."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from pipeline.work import frames
from pipeline.work.child import OUT_OF_MEMORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.work.frames import Json
    from pipeline.work.limits import Bounds

_GRACE = 1  # seconds
_PACKAGE_ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "TZ", "HOME", "USERPROFILE")


class Died(Exception):  # noqa: N818 - says what happened to the worker
    """The worker ended instead of answering; `cause` is "timeout", "memory" or "crash"."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Worker:
    """A fresh interpreter that knows nothing of this process but its pipes and a bare environment."""

    def __init__(self, examiner: str, bounds: Bounds, paths: Sequence[str] = ()) -> None:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join((str(_PACKAGE_ROOT), *paths))
        environment["PYTHONIOENCODING"] = "utf-8"
        limits = (str(bounds.seconds), str(bounds.memory_bytes))
        command = [sys.executable, "-P", "-m", "pipeline.work.child", examiner, *limits]
        self._process = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        self._requests = cast("BinaryIO", self._process.stdin)
        self._answers = cast("BinaryIO", self._process.stdout)
        self._bounds = bounds
        self.served = 0

    def configure(self, config: Json) -> None:
        """Tell it what to work with; must come first. It prepares itself while the parent goes on."""
        try:
            frames.send(self._requests, config)
        except OSError as error:
            raise Died("crash") from error

    def ask(self, request: Json) -> tuple[Json, list[bytes]]:
        """One answer, or Died after the time allowed, at a signal, or at a malformed answer."""
        late = threading.Event()
        timer = threading.Timer(self._bounds.seconds + 2, self._too_late, (late,))
        timer.daemon = True
        timer.start()
        try:
            frames.send(self._requests, request)
            answer = frames.receive(self._answers)
        except (OSError, frames.BrokenFrame) as error:
            raise Died(self._cause(late)) from error
        finally:
            timer.cancel()
        self.served += 1
        return answer

    def kill(self) -> None:
        """Kill it; whoever waits for its answer hears that it died."""
        self._process.kill()

    def end(self) -> None:
        """Kill it and forget it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._requests, self._answers):
            with suppress(OSError):
                pipe.close()

    def _too_late(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def _cause(self, late: threading.Event) -> str:
        try:
            status = self._process.wait(_GRACE)  # its own end says more than ours
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        if late.is_set() or status == -getattr(signal, "SIGXCPU", 24):
            return "timeout"
        return "memory" if status in (OUT_OF_MEMORY, -9, -6, -11) else "crash"
