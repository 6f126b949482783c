"""archive/<year>/journal.jsonl: the events again, outside the database, one synced line each.

The registry comes first: what an interrupted run did not write is appended by the next one, and a torn line is cut
off. The journal is therefore always a whole beginning of the year's events.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import StoreError
from pipeline.store import durable, events

if TYPE_CHECKING:
    from sqlalchemy import Connection

Place = Callable[[int], Path]
"""Year → path of its journal."""


def missing(connection: Connection, place: Place, years: Iterable[int]) -> dict[int, list[events.Entry]]:
    """The events of these years that their journals do not hold yet."""
    return {year: events.entries_after(connection, written(place(year)), year) for year in years}


def append(entries: Iterable[events.Entry], path: Path) -> None:
    """Write events at the end of a journal."""
    lines = b"".join(entry.line() for entry in entries)
    if lines:
        durable.append(path, lines)


def written(path: Path) -> int:
    """The number of the last event in a journal, 0 for none; StoreError when its last line is not an event."""
    line = durable.last_line(path)
    if not line:
        return 0
    try:
        return int(json.loads(line)["n"])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"归档日志 {path.name} 的最后一行已损坏，未继续写入。请从备份恢复该文件后再运行。") from error
