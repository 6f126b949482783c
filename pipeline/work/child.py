"""A worker: reads requests from its input, answers on its output, one document at a time, until the input ends.

Started afresh by `pool.py`. It sets its own limits, names the examiner it was told to (`module:factory`), and keeps
the conversation to itself: whatever a library prints goes nowhere. It reads spool files and writes no file.
"""

from __future__ import annotations

import gc
import os
import signal
import stat
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from pipeline.errors import SettingsError
from pipeline.work import frames, limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.work.frames import Json

OUT_OF_MEMORY = 77
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Examiner(Protocol):
    """What a worker does with documents; made once per worker from the configuration."""

    def examine(self, data: bytes, request: Json) -> Json:
        """The forms in the file: {"forms": [...]}, each with its outcome (wire.py) and what its type says of it.

        An archive is answered with its `members`; a request with `member` is about that one. `data` is the beginning
        of a file that is larger than a frame, `size` in the request is the whole.
        """

    def settle(self, data: bytes, request: Json) -> Json:
        """The form again with a person's answers: {"form": …} as above, or {"problems": […]} when one cannot be."""

    def render(self, data: bytes, request: Json) -> bytes | None:
        """One file for the sender, None when there is nothing to write."""


class Refusing:
    """Stands in for an examiner that cannot be made: the installation is at fault, and every answer says why."""

    def __init__(self, sentence: str) -> None:
        self._answer = {"refused": sentence}

    def examine(self, data: bytes, request: Json) -> Json:
        """The same answer to everything."""
        return self._answer

    def settle(self, data: bytes, request: Json) -> Json:
        """And again."""
        return self._answer

    def render(self, data: bytes, request: Json) -> bytes | None:
        """Nothing can be written."""
        raise SettingsError


def main() -> None:
    """Serve until the parent closes the pipe. Arguments: examiner (`module:factory`), seconds, bytes of memory."""
    name, seconds, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which lets the file in hand be finished
    source, answers = _private_pipes()
    limits.confine(limits.Bounds(seconds, memory))
    limits.collect_seldom()
    try:
        factory = load(name)
        config, _ = frames.receive(source)
        try:
            examiner = factory(config)
        except SettingsError as error:
            examiner = Refusing(str(error))
        gc.freeze()  # templates and tables live as long as the worker: not looked through again for every document
        while True:
            request, _ = frames.receive(source)
            limits.allow_seconds(seconds)
            frames.send(answers, *answer(examiner, request))
    except frames.BrokenFrame:
        return
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def load(name: str) -> Callable[[Json], Examiner]:
    """The factory called `module:factory`."""
    module, _, factory = name.partition(":")
    made: Callable[[Json], Examiner] = getattr(import_module(module), factory)
    return made


def answer(examiner: Examiner, request: Json) -> tuple[Json, Sequence[bytes]]:
    """The reply to one request. A defect is told by its place in the program, never by values of the document."""
    try:
        data, request["size"] = _content(request["path"])
        if request["do"] == "examine":
            return examiner.examine(data, request), ()
        if request["do"] == "settle":
            return examiner.settle(data, request), ()
        made = examiner.render(data, request)
    except MemoryError:
        raise
    except Exception as error:  # the one broad except: around one document
        frames_of = traceback.extract_tb(error.__traceback__)
        places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames_of[-6:]]
        return {"defect": type(error).__name__, "at": places}, ()
    return {"made": made is not None}, () if made is None else (made,)


def _content(path: str) -> tuple[bytes, int]:
    """An ordinary file's bytes, of an enormous one the beginning, and its size."""
    with os.fdopen(os.open(path, _READ), "rb") as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError
        return stream.read(frames.BYTES_LIMIT), status.st_size


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    source, answers = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    return os.fdopen(source, "rb"), os.fdopen(answers, "wb")


if __name__ == "__main__":
    main()
