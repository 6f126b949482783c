"""outbox/待办/待人工确认_<日期>.xlsx: there while something waits for a person, the same as long as that is the same.

People work in the file. One that somebody changed or has open is never touched again: what waits now is written beside
it under another name. Which files are still ours as we wrote them is kept in `.pipeline/todo.json`.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pipeline.store import standing, submissions
from pipeline.workspace import OFFICE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.flow.stages import Stages
    from pipeline.output.waiting import Shown

Json = dict[str, Any]
TITLE = submissions.ANSWERS


def keep(stages: Stages) -> None:
    """Bring the workbook up to what waits now; does nothing when it is."""
    folder, state = stages.workspace.outbox / OFFICE, stages.workspace.local / "todo.json"
    with stages.registry.transaction() as connection:
        ids = standing.waiting_ids(connection)
    before = _loaded(state)
    current = before.get("current", "")
    if ids == before.get("ids", []) and (not ids or (folder / current).is_file()):
        return
    from pipeline.output.names import write_whole

    ours = {name: sha256 for name, sha256 in before.get("files", {}).items() if _is_ours(folder / name, sha256)}
    name, data = "", b""
    if ids:
        data = _book(stages)
        name = _free_name(folder, f"{TITLE}_{stages.today:%Y%m%d}", ours)
    kept = {**ours, **({name: hashlib.sha256(data).hexdigest()} if name else {})}
    _save(state, {"ids": ids, "current": name, "files": kept})
    if name:
        write_whole(folder / name, data, below=stages.workspace.outbox)
    for old in ours.keys() - {name}:
        with suppress(OSError):  # somebody has it open: it stays, and is tried again when something changes
            (folder / old).unlink()


def _book(stages: Stages) -> bytes:
    from pipeline.output.waiting import waiting_book

    return waiting_book(list(_rows(stages)), stages.settings.fonts, stages.today)


def _rows(stages: Stages) -> Iterator[Shown]:
    from pipeline.output.waiting import shown
    from pipeline.wire import outcome_from_json
    from pipeline.work.desk import roster_from

    with stages.registry.transaction() as connection:
        waiting = standing.waiting(connection)
        roster = roster_from(submissions.roster(connection)[1])
    for one in waiting:
        row = one.arrival
        name = (one.outcome.get("member") or {}).get("name", row.name)
        yield from shown(
            outcome_from_json(one.outcome), reference=one.reference, form=one.form,
            unit=roster.unit_of_folder(row.unit) or row.unit, file_name=name, original=row.original,
        )  # fmt: skip


def _is_ours(path: Path, sha256: str) -> bool:
    """Still there as we wrote it, and open nowhere."""
    if any(path.with_name(lock).exists() for lock in _locks(path.name)):
        return False
    return path.is_file() and not path.is_symlink() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _locks(name: str) -> tuple[str, ...]:
    """What Excel, LibreOffice and WPS put beside a file that is open."""
    return f"~${name}", f"~${name[2:]}", f".~lock.{name}#", f".~{name}"


def _free_name(folder: Path, stem: str, ours: Json) -> str:
    number, name = 1, f"{stem}.xlsx"
    while (folder / name).exists() and name not in ours:
        number += 1
        name = f"{stem}_{number}.xlsx"
    return name


def _loaded(path: Path) -> Json:
    """What was written last; {} where that is not known, so that nothing is taken for ours."""
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text("utf-8"))
        if isinstance(found, dict):
            return found
    return {}


def _save(path: Path, state: Json) -> None:
    from pipeline.output.names import write_whole

    write_whole(path, json.dumps(state, ensure_ascii=False).encode(), below=path.parent)
