"""What a worker may ask of the machine, set by itself before it sees a document.

Where Python has no `resource` (Windows), only the parent's wall clock bounds a worker.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]

_FILE_BYTES = 64 * 1024 * 1024
_OPEN_FILES = 64


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds of wall and processor time per document, bytes of address space."""

    seconds: int = 60
    memory_bytes: int = 1024 * 1024 * 1024


def confine(bounds: Bounds) -> None:
    """Bound memory, file size, open files; no core dumps (they would hold personal data)."""
    if resource is None:
        return
    for kind, limit in (
        (resource.RLIMIT_AS, bounds.memory_bytes),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a tighter limit of the system stays
            resource.setrlimit(kind, (limit, limit))


def allow_seconds(seconds: int) -> None:
    """Bound the processor time of the next document; the system ends the worker that uses it up."""
    if resource is None:
        return
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds + 1, most))
