"""Walls around a program that opens what came in: no network, and of the disk only the system and one folder.

Bubblewrap builds them where it is installed and allowed. Else a network namespace of its own keeps the program from
the network, but not from the disk; else there are no walls, and what the program is told (its profile) and what it
is given (the gates) have to do. Which of them the machine offers is tried, once per process.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.office.apart import run_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt"),
    *("/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/libreoffice", "/var/cache/fontconfig"),
)
_BUBBLE = ("--unshare-all", "--die-with-parent", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp")  # noqa: S108
_NO_NETWORK = ("--user", "--map-root-user", "--net", "--")
_TRY_SECONDS = 10
_TRY_BYTES = 1024 * 1024 * 1024


def walled(command: Sequence[str], *, folder: Path, readable: Sequence[Path] = ()) -> tuple[str, ...]:
    """The command behind the best walls there are: it may write `folder` and read what the system consists of.

    `readable`: what else it has to read.
    """
    wall = _wall()
    if wall.endswith("bwrap"):
        return (wall, *_bubble(folder, readable), *command)
    return (wall, *_NO_NETWORK, *command) if wall else tuple(command)


def _bubble(folder: Path, readable: Sequence[Path]) -> tuple[str, ...]:
    shown = [path for path in (*map(Path, _SYSTEM), *readable) if path.exists()]
    binds = [part for path in shown for part in ("--ro-bind", str(path), str(path))]
    return (*_BUBBLE, *binds, "--bind", str(folder), str(folder), "--chdir", str(folder), "--")


@cache
def _wall() -> str:
    """The program that builds the walls, "" when there is none that works here."""
    bubble, unshare, idle = shutil.which("bwrap"), shutil.which("unshare"), shutil.which("true") or ""
    with tempfile.TemporaryDirectory(prefix="walls-") as name:
        folder = Path(name)
        if bubble and _works((bubble, *_bubble(folder, ()), idle), folder):
            return bubble
        if unshare and _works((unshare, *_NO_NETWORK, idle), folder):
            return unshare
    return ""


def _works(command: Sequence[str], folder: Path) -> bool:
    ended = run_apart(command, seconds=_TRY_SECONDS, memory_bytes=_TRY_BYTES, folder=folder)
    return ended.status == 0
