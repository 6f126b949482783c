"""When is a file finished? When it has looked the same for a while, by our own clock. Pure.

Size and time of change are not enough: a rewrite can restore both, so the inode and its ctime count too. The age a
file claims to have never counts, because copies keep the old one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Look:
    """How a file looks from outside."""

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, found: os.stat_result) -> Look:
        """From a stat."""
        return cls(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@dataclass(slots=True)
class SettleTracker(Generic[Key]):
    """Remembers since when each file has looked the way it does. `seconds`: how long that must last."""

    seconds: float
    _since: dict[Key, tuple[Look, float]] = field(default_factory=dict)

    def settled(self, looks: Mapping[Key, Look], now: float) -> list[Key]:
        """The files that have not changed for long enough; `now` is monotonic. Files that are gone are forgotten."""
        self._since = {key: self._first(key, look, now) for key, look in looks.items()}
        return [key for key, (_, since) in self._since.items() if now - since >= self.seconds]

    def _first(self, key: Key, look: Look, now: float) -> tuple[Look, float]:
        known = self._since.get(key)
        return known if known is not None and known[0] == look else (look, now)
