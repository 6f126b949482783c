"""One command in a confined process of its own: its own limits, a bare environment, and an end that it cannot outlive.

The command runs under `apart_guard`, which gives it memory, processor time and file size of its own (a worker's are too
small for an office program) and ends it with everything it started as soon as this process lets go of a pipe: when
the time is over, and also when this process is killed. Without a POSIX system there is the wall clock alone. It knows
nothing of what the command does; walls against the network and the rest of the disk are not its matter.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OUTPUT_BYTES = 32 * 1024 * 1024
_GUARD = Path(__file__).with_name("apart_guard.py")
_GUARD_SECONDS = 10
_KEPT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TZ")
_HOMES = ("HOME", "USERPROFILE", "TMPDIR", "TMP", "TEMP")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: exit status (negative: the signal that killed it), output up to OUTPUT_BYTES, too late."""

    status: int
    stdout: bytes
    late: bool = False


@dataclass(frozen=True, slots=True)
class _Order:
    command: Sequence[str]
    seconds: float
    memory_bytes: int
    folder: Path
    environment: Mapping[str, str]


def run_apart(
    command: Sequence[str],
    *,
    seconds: float,
    memory_bytes: int,
    folder: Path,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Run a command in `folder`, its own, and wait; after `seconds` of wall clock it is ended with all that it started.

    `memory_bytes` bounds the address space of each of its processes, as far as the system lets this process give that
    much. The environment is the search path and little else, `folder` for home and temporary files, and what
    `environment` adds. What it prints beside its output is lost. When this process dies meanwhile, `folder` is removed.
    FileNotFoundError when there is no such program.
    """
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(command[0])
    variables = {**_bare(folder), **(environment or {})}
    order = _Order((program, *command[1:]), seconds, memory_bytes, folder, variables)
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output:
        source.write(stdin)
        source.seek(0)
        run = _unguarded if sys.platform == "win32" else _guarded
        status, late = run(order, source, output)
        output.seek(0)
        return Ended(status, output.read(OUTPUT_BYTES), late)


def _bare(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **dict.fromkeys(_HOMES, str(folder))}


def _guarded(order: _Order, source: BinaryIO, output: BinaryIO) -> tuple[int, bool]:
    """The guard ends everything when nobody holds the writing end of the pipe any more: we let go of it, or died."""
    lifeline, held = os.pipe()
    bounds = (str(os.getpid()), str(lifeline), str(order.memory_bytes), str(int(order.seconds) + 1))
    guard = (sys.executable, "-I", "-S", str(_GUARD), *bounds, *order.command)
    try:
        process = _start(guard, order, (source, output), (lifeline,))
        late = _is_late(process, order.seconds)
    finally:
        os.close(held)
        os.close(lifeline)
    if late and _is_late(process, _GUARD_SECONDS):
        process.kill()
    return process.wait(), late


def _unguarded(order: _Order, source: BinaryIO, output: BinaryIO) -> tuple[int, bool]:
    process = _start(order.command, order, (source, output))
    late = _is_late(process, order.seconds)
    process.kill()
    return process.wait(), late


def _start(
    command: Sequence[str], order: _Order, streams: tuple[BinaryIO, BinaryIO], kept: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - found by the caller; no shell
        command,
        cwd=order.folder,
        env=order.environment,
        stdin=streams[0],
        stdout=streams[1],
        stderr=subprocess.DEVNULL,
        pass_fds=kept,
        start_new_session=True,
    )


def _is_late(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False
