"""What must hold for a workspace whatever happened to the processes that worked in it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from pipeline.store import events, schema
from pipeline.store.registry import Registry
from pipeline.workspace import Workspace


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def violations(workspace: Workspace, dropped: dict[str, bytes]) -> list[str]:
    """Everything that is wrong after all of `dropped` (path below inbox → bytes) has been through. Empty when whole."""
    with Registry.open(workspace.database) as registry, registry.transaction() as connection:
        arrivals = [dict(row) for row in connection.execute(select(schema.arrival)).mappings()]
        outputs = [dict(row) for row in connection.execute(select(schema.output)).mappings()]
        submissions = [dict(row) for row in connection.execute(select(schema.submission)).mappings()]
        entries = events.entries_after(connection, 0, 2026)
    return [
        *_every_file_once(arrivals, dropped),
        *_every_original_kept(workspace, arrivals, dropped),
        *_every_answer_once(workspace, arrivals, outputs),
        *_copies_as_said(workspace, outputs),
        *_decided_once(arrivals, submissions),
        *_chain(workspace, entries, arrivals),
        *(f"left behind: {path}" for path in (*files(workspace.work), *files(workspace.spool))),
        *(f"temporary: {path}" for top in (workspace.outbox, workspace.archive) for path in top.rglob(".*.tmp")),
    ]


def _every_file_once(arrivals, dropped):
    seen = Counter((row["path"], row["sha256"]) for row in arrivals)
    wanted = Counter((path, digest(data)) for path, data in dropped.items())
    yield from (f"lost: {one}" for one in wanted - seen)
    yield from (f"doubled: {one}" for one in seen - wanted)
    yield from (f"not at its end: {row['path']} {row['state']}" for row in arrivals if row["state"] != "archived")


def _every_original_kept(workspace, arrivals, dropped):
    kept = {
        workspace.relative(path): digest(path.read_bytes())
        for path in files(workspace.archive)
        if path.parent.parent.name == "原件"
    }
    wanted = {row["original"]: digest(dropped[row["path"]]) for row in arrivals}
    if kept != wanted:
        yield f"archive: {kept.items() ^ wanted.items()}"


def _every_answer_once(workspace, arrivals, outputs):
    answers = [path for path in files(workspace.outbox) if not path.name.startswith("待人工确认")]  # derived, not owed
    on_disk = {workspace.relative(path) for path in answers}
    on_disk |= {workspace.relative(path) for path in files(workspace.inbox) if "未受理" in path.parts}
    recorded = [row["path"] for row in outputs if row["state"] == "written"]
    if Counter(on_disk) != Counter(recorded):
        yield f"answers: {Counter(on_disk) - Counter(recorded)} {Counter(recorded) - Counter(on_disk)}"
    for row in outputs:
        if row["state"] == "owed":
            yield f"owed: {row['path']}"
        if row["state"] == "written" and digest((workspace.root / row["path"]).read_bytes()) != row["sha256"]:
            yield f"torn: {row['path']}"
    answered = Counter(row["arrival_id"] for row in outputs if row["kind"] in ("slip", "receipt"))
    yield from (f"answers to {row['path']}: {answered[row['id']]}" for row in arrivals if answered[row["id"]] != 1)


def _copies_as_said(workspace, outputs):
    """What the small examiner writes says whether a marked copy goes with it."""
    there = {(row["arrival_id"], form) for row in outputs if row["kind"] == "marked" and row["state"] == "written"
             for form in row["forms"]}  # fmt: skip
    for row in outputs:
        path = workspace.root / row["path"]
        said = path.read_bytes() if row["kind"] in ("slip", "receipt") and path.is_file() else b""
        if not said.startswith(b"{") or digest(said) != row["sha256"]:
            continue
        if json.loads(said)["marked"] is not ((row["arrival_id"], row["forms"][0]) in there):
            yield f"marked copy not as said: {row['path']}"


def _decided_once(arrivals, submissions):
    decided = Counter(row["arrival_id"] for row in submissions)
    yield from (f"decided {decided[row['id']]} times: {row['path']}" for row in arrivals if decided[row["id"]] != 1)
    active = Counter((row["unit"], row["type"], row["sha256"], row["form"]) for row in submissions if row["active"])
    yield from (f"active twice: {key}" for key, count in active.items() if count > 1)
    numbers = Counter(row["number"] for row in submissions if row["active"] and row["number"])
    yield from (f"number given twice: {number}" for number, count in numbers.items() if count > 1)


def _chain(workspace, entries, arrivals):
    previous = events.FIRST
    for entry in entries:
        if entry.prev != previous or entry.hash != events.chained(
            entry.n, previous, entry.at, entry.kind, entry.payload
        ):
            yield f"chain broken at {entry.n}"
        previous = entry.hash
    if sorted(entry.payload["arrival"] for entry in entries) != sorted(row["id"] for row in arrivals):
        yield "events and arrivals differ"
    lines = [json.loads(line) for line in workspace.journal(2026).read_bytes().splitlines()]
    if [line["hash"] for line in lines] != [entry.hash for entry in entries]:
        yield "journal and events differ"
