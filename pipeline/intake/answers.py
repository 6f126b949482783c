"""What a sender gets for an arrival: which files, where they go, what they say; and putting them there.

Planning is pure and happens with the decision; rendering is the workers' business; writing can be repeated. Every
file's name carries the arrival's reference, so no two arrivals share one and none is ever replaced.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.intake import names, wording
from pipeline.model import Verdict
from pipeline.store.durable import Folders, publish
from pipeline.store.outputs import Kind, Owed
from pipeline.workspace import FEEDBACK, OFFICE, ORIGINALS, REFUSED, Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pipeline.store.arrivals import Received
    from pipeline.store.decide import Decision
    from pipeline.store.events import Entry

_ASIDE = (Verdict.UNREADABLE, Verdict.UNKNOWN)
_MARKED = (Verdict.ACCEPTED, Verdict.RETURNED, Verdict.REVIEW)


@dataclass(frozen=True, slots=True)
class Office:
    """Who answers: printed in every notice."""

    organisation: str
    office: str
    contact: str


@dataclass(frozen=True, slots=True)
class Decided:
    """An arrival with everything decided about it. `kind`: "docx", "xlsx", or "" when it cannot be marked."""

    arrival: Received
    decisions: tuple[Decision, ...]
    entry: Entry
    kind: str


def plan(case: Decided, office: Office) -> list[Owed]:
    """The files owed for an arrival, at least one."""
    owed = []
    marked = [one.form for one in case.decisions if one.verdict in _MARKED and one.outcome["findings"]]
    if marked and case.kind:
        owed.append(_owed(case, office, "marked", tuple(marked)))
    for one in case.decisions:
        owed.append(_owed(case, office, "receipt" if one.verdict is Verdict.ACCEPTED else "slip", (one.form,)))
    if all(one.verdict in _ASIDE for one in case.decisions):
        everything = tuple(one.form for one in case.decisions)
        owed += [_owed(case, office, "aside", everything), _owed(case, office, "note", everything)]
    return owed


def original_path(arrival_name: str, reference: str, day: date, unit: str) -> str:
    """Where an original is kept for ever, below the workspace."""
    stem, suffix = names.split(arrival_name)
    name = names.built(stem, suffix, head=f"{day:%Y%m%d}-{reference}-")
    return "/".join(["archive", str(day.year), ORIGINALS, *filter(None, [unit]), name])


def store_output(workspace: Workspace, item: Owed, made: bytes | Path, folders: Folders) -> str:
    """Write one owed file (bytes, or a copy of a file of ours); the SHA-256 of what is there."""
    target = workspace.root / item.path
    top = workspace.inbox if item.path.startswith("inbox/") else workspace.outbox
    folders.make(target.parent, below=top)
    data = made.read_bytes() if isinstance(made, Path) else made
    if not publish(data, target, folders):
        data = target.read_bytes()  # written by an attempt that was interrupted before it could say so
    return hashlib.sha256(data).hexdigest()


def last_resort(item: Owed, outcomes: Sequence[Mapping[str, Any]]) -> tuple[Owed, bytes]:
    """A slip that no worker could make, as plain text."""
    codes = [finding["code"] for outcome in outcomes for finding in outcome["findings"]]
    notice = item.notice
    text = wording.plain_answer(notice["file_name"], notice["reference"], outcomes[0]["verdict"], codes)
    path = f"{item.path.rsplit('.', 1)[0]}.txt"
    return replace(item, path=path), text.encode("utf-8-sig")


def _owed(case: Decided, office: Office, kind: Kind, forms: tuple[int, ...]) -> Owed:
    decision = case.decisions[forms[0]]
    return Owed(case.arrival.id, kind, _path(case, kind, forms[0]), forms, _notice(case, decision, office))


def _path(case: Decided, kind: Kind, form: int) -> str:
    arrival = case.arrival
    stem, suffix = names.split(arrival.name)
    stem = names.without_marks(stem)
    part = f"-{form + 1}" if len(case.decisions) > 1 and kind in ("slip", "receipt") else ""
    tail = {
        "marked": f"_已标注_{arrival.reference}.{case.kind}",
        "slip": f"_反馈单_{arrival.reference}{part}.docx",
        "receipt": f"_受理回执_{arrival.reference}{part}.docx",
        "aside": f"_{arrival.reference}{suffix}",
        "note": f"_{arrival.reference}_说明.txt",
    }[kind]
    aside = kind in ("aside", "note")
    top = "inbox" if aside else "outbox"
    folders = [arrival.unit, REFUSED] if aside else [arrival.unit or OFFICE, FEEDBACK]
    return "/".join([top, *filter(None, folders), names.built(stem, tail)])


def _notice(case: Decided, decision: Decision, office: Office) -> dict[str, Any]:
    arrival = case.arrival
    return {
        "reference": arrival.reference,
        "organisation": office.organisation,
        "office": office.office,
        "contact": office.contact,
        "unit": arrival.unit,
        "file_name": arrival.name,
        "received": arrival.received_on.isoformat(),
        "today": decision.decided_on.isoformat(),
        "number": decision.number or "",
        "due": decision.due.isoformat() if decision.due else None,
        "progress": list(decision.progress) if decision.progress else None,
        "entry": case.entry.n,
        "entry_hash": case.entry.hash,
    }
