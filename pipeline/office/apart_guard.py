"""The guard of a command: a small process between it and the one who asked, run as a script by `apart`.

Arguments: the process that asks, the descriptor of the lifeline, bytes of address space, seconds of processor time,
then the command. The guard ends as the command ended, by the same signal if need be. When the other side of the
lifeline is closed, it kills the command's group and whatever of it has moved elsewhere; when the asking process is
gone, nobody else will clear its folder, so the guard does. It imports nothing of ours: it starts in milliseconds.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

_FILE_BYTES = 256 * 1024 * 1024
_OPEN_FILES = 1024
_NO_SUCH_COMMAND = 127
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 36, 38  # linux/prctl.h
_SWEEPS, _SWEEP_SECONDS = 100, 0.02


def main() -> None:
    """Start the command, wait for its end or that of the lifeline, leave nothing behind, end likewise."""
    asking, lifeline, memory, seconds = (int(argument) for argument in sys.argv[1:5])
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker)
    _control(_PR_SET_CHILD_SUBREAPER, 1)
    child = os.fork()
    if child == 0:
        _become(sys.argv[5:], memory, seconds)
    status = _outcome(child, lifeline, woken)
    _sweep(child)
    if os.getppid() != asking:
        _clear()
    _end_like(status)


def _clear() -> None:
    """Remove the folder the command ran in: documents must not lie about."""
    import shutil  # hardly ever needed

    shutil.rmtree(Path.cwd(), ignore_errors=True)


def _become(command: list[str], memory: int, seconds: int) -> NoReturn:
    """Runs in the child: a group of its own, its limits, no open files but the three streams, then the command."""
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _control(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _control(_PR_SET_NO_NEW_PRIVS, 1)
        _bound(resource.RLIMIT_AS, memory)
        _bound(resource.RLIMIT_CPU, seconds * (os.cpu_count() or 1))
        _bound(resource.RLIMIT_FSIZE, _FILE_BYTES)
        _bound(resource.RLIMIT_NOFILE, _OPEN_FILES)
        _bound(resource.RLIMIT_CORE, 0)
        os.closerange(3, _OPEN_FILES)
        os.execv(command[0], command)  # noqa: S606 - the command that `apart` was given, without a shell
    finally:
        os._exit(_NO_SUCH_COMMAND)


def _bound(kind: int, limit: int) -> None:
    """Set a limit for good, higher than before if the system allows it, else as high as it allows."""
    _, most = resource.getrlimit(kind)
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (limit, limit))


def _control(*arguments: int) -> None:
    """prctl, where there is one; elsewhere the process group has to do."""
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(*arguments, 0, 0, 0)


def _outcome(child: int, lifeline: int, woken: int) -> int:
    """The wait status of the command, killed if the lifeline ended first."""
    while True:
        ready, _, _ = select.select((lifeline, woken), (), ())
        if lifeline in ready:
            _kill_group(child)
            return os.waitpid(child, 0)[1]
        os.read(woken, 64)
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status


def _sweep(child: int) -> None:
    """Kill what the command left running: its group, and as their nearest reaper those who left the group."""
    _kill_group(child)
    for _ in range(_SWEEPS):
        for process in _children():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(_SWEEP_SECONDS)
        except ChildProcessError:
            return


def _children() -> list[int]:
    me = os.getpid()
    try:
        return [int(number) for number in Path(f"/proc/{me}/task/{me}/children").read_text("ascii").split()]
    except OSError:
        return []


def _kill_group(child: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _end_like(status: int) -> None:
    if os.WIFSIGNALED(status):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        number = os.WTERMSIG(status)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
