"""What a worker may ask of the machine, set by itself before it sees a document.

A worker lives under the soft limits. The hard ones are wider, because a limit once lowered cannot be raised again by
what a worker starts, and LibreOffice needs three times a worker's address space and more than 64 open files (see
`office/apart`, which gives such a program limits of its own below these). The price: code that took over a worker could
widen its own limits that far; they bound accidents of size, and the machine still has a fence.

Where Python has no `resource` (Windows), only the parent's wall clock bounds a worker.
"""

from __future__ import annotations

import gc
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.settings import Limits

try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]

_FILE_BYTES = 64 * 1024 * 1024
_OPEN_FILES = 64
_STARTED_MEMORY = 6 * 1024 * 1024 * 1024
_STARTED_FILE_BYTES = 256 * 1024 * 1024
_STARTED_OPEN_FILES = 1024
_COLLECT = (100_000, 50, 100)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds of wall and processor time per document, bytes of address space."""

    seconds: int = 60
    memory_bytes: int = 1024 * 1024 * 1024

    @classmethod
    def of(cls, limits: Limits) -> Bounds:
        """What the settings allow."""
        return cls(limits.seconds, limits.memory_bytes)


def confine(bounds: Bounds) -> None:
    """Bound memory, file size, open files; no core dumps (they would hold personal data)."""
    if resource is None:
        return
    for kind, limit, started in (
        (resource.RLIMIT_AS, bounds.memory_bytes, _STARTED_MEMORY),
        (resource.RLIMIT_FSIZE, _FILE_BYTES, _STARTED_FILE_BYTES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES, _STARTED_OPEN_FILES),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(ValueError, OSError):
            _, most = resource.getrlimit(kind)
            hard = max(limit, started) if most == resource.RLIM_INFINITY else min(max(limit, started), most)
            resource.setrlimit(kind, (min(limit, hard), hard))  # a tighter limit of the system stays


def allow_seconds(seconds: int) -> None:
    """Bound the processor time of the next document; the system ends the worker that uses it up."""
    if resource is None:
        return
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds + 1, most))


def collect_seldom() -> None:
    """Look for rings of objects less often: a ledger makes millions of objects, and next to none of them is a ring."""
    gc.set_threshold(*_COLLECT)
