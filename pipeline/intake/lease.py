"""Ask the kernel whether somebody has a file open for writing: the only sure sign on a local Linux disk.

A read lease is refused while a writer is there. It is given back at once. Where leases do not exist (Windows, network
mounts, files of other users) the answer is "no", and the other checks must do.
"""

from __future__ import annotations

import errno
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_LEASES = fcntl is not None and hasattr(fcntl, "F_SETLEASE")
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def is_open_for_writing(path: Path) -> bool:
    """True when a writer is known to be there. OSError when the file cannot be opened."""
    if not _LEASES:
        return False
    handle = os.open(path, _READ)
    try:
        return has_writer(handle)
    finally:
        os.close(handle)


def has_writer(handle: int) -> bool:
    """The same for a file that is open for reading."""
    if not _LEASES:
        return False
    try:
        with suppress(OSError):  # a broken lease then sends a signal that nobody minds, not the deadly SIGIO
            fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno in (errno.EAGAIN, errno.EWOULDBLOCK)
    return False
