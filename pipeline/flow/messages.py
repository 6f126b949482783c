"""What stages and workers say to each other, and the rows and events that come of it: pure, one function a message.

A worker's answer is not trusted: one that is malformed, or none at all, becomes an outcome "unreadable". Which file
is asked about when, and what is kept of it, is `stages`' business.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline import filenames
from pipeline.flow import logbook
from pipeline.intake import answers
from pipeline.model import Verdict
from pipeline.store.arrivals import Received
from pipeline.store.decide import Decision, Form
from pipeline.work.documents import failed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from pipeline.intake.claim import Claimed
    from pipeline.intake.spool import Snapshot
    from pipeline.store.outputs import Owed
    from pipeline.work.documents import Part
    from pipeline.work.pool import Answer

Json = dict[str, Any]
_MARKED = frozenset(("docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xltm"))
"""What marked copies can be called."""


@dataclass(frozen=True, slots=True)
class Item:
    """An arrival on its way: its row, and its claimed original as long as that exists."""

    row: Received
    claimed: Claimed | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """What a worker said of an arrival."""

    item: Item
    forms: tuple[Form, ...]
    kind: str


def received(item: Claimed, reference: str, copy: Snapshot) -> Received:
    """The row of a claimed file; its first attempt is counted with it."""
    name, unit = filenames.shown(item.relative.name), item.unit
    return Received(
        id=item.id,
        reference=reference,
        unit=unit,
        path=shown(item.relative),
        name=name,
        sha256=copy.sha256,
        size=copy.size,
        received_at=item.received_at,
        received_on=item.received_on,
        original=answers.original_path(name, reference, item.received_on, unit),
        attempts=1,
    )


def shown(relative: Path) -> str:
    """A path below the inbox as harmless text with slashes."""
    return "/".join(filenames.shown(part) for part in relative.parts)


def examination(row: Received, path: Path, today: date) -> Json:
    """Asks a worker what a file is and says."""
    arrival = {"name": row.name, "unit": row.unit, "received": row.received_on.isoformat(), "sha256": row.sha256}
    return {"do": "examine", "path": str(path), "arrival": arrival, "today": today.isoformat()}


def rendering(path: Path, one: Owed, outcomes: list[Json], copies: Collection[str]) -> Json:
    """Asks a worker for one owed file; `member`: the document of an archive that it is about, 0 for the file itself.

    `copies`: the marked copies that there are; `marked`: whether the one that goes with this file is among them.
    """
    member = (outcomes[0].get("member") or {}).get("number", 0)
    notice = {name: said for name, said in one.notice.items() if name != "copy"}
    marked = one.notice.get("copy", "") in copies
    said = {"kind": one.kind, "outcomes": outcomes, "notice": notice, "member": member, "marked": marked}
    return {"do": "render", "path": str(path), **said}


def examined(item: Item, parts: Sequence[Part]) -> Examined:
    """What workers answered about a file, or about each document of the archive it is."""
    forms = tuple(form for part in parts for form in _forms(item, part))
    kind = parts[0].answer.message.get("kind") if parts[0].member is None else ""
    return Examined(item, forms, copy_kind(kind))


def copy_kind(said: object) -> str:
    """What a marked copy is to be called, as a worker said; "" for none, and for anything else it may have said."""
    return said if isinstance(said, str) and said in _MARKED else ""


def _forms(item: Item, part: Part) -> tuple[Form, ...]:
    """The forms of one document; a failure of the worker is an answer too."""
    forms, said = _told(part.answer), part.answer.message
    if not forms:
        logbook.defect(item.row.reference, "examine", part.answer.failure or said)
        forms = (Form(failed(part)),)
    if part.member is None:
        return forms
    member = {**part.member, "kind": copy_kind(said.get("kind"))}
    return tuple(
        replace(form, outcome={**form.outcome, "member": {**member, "form": number}})
        for number, form in enumerate(forms)
    )


def _told(answer: Answer) -> tuple[Form, ...]:
    """What a worker answered, () where it is nothing to go by."""
    if answer.failure or "defect" in answer.message:
        return ()
    try:
        return tuple(form(one) for one in answer.message["forms"])
    except (KeyError, TypeError, ValueError):
        return ()


def form(data: Json) -> Form:
    """A worker's form; KeyError or ValueError for one that is malformed."""
    outcome = data["outcome"]
    Verdict(outcome["verdict"])
    for finding in outcome["findings"]:
        finding["code"], finding["severity"]
    due = data.get("due")
    return Form(
        outcome,
        data.get("key", ""),
        data.get("subject", ""),
        data.get("subject_field", ""),
        data.get("prefix", ""),
        data.get("unit_code", ""),
        date.fromisoformat(due) if due else None,
    )


def payload(row: Received, decisions: Sequence[Decision]) -> Json:
    """What the journal says of an arrival and its decisions."""
    return {
        "arrival": row.id,
        "reference": row.reference,
        "unit": row.unit,
        "sha256": row.sha256,
        "size": row.size,
        "received_at": row.received_at.isoformat(),
        "received_on": row.received_on.isoformat(),
        "original": row.original,
        "path": row.path,
        "forms": [summary(decision) for decision in decisions],
    }


def summary(decision: Decision) -> Json:
    """What the journal says of one decision."""
    outcome = decision.outcome
    member = outcome.get("member")
    return {
        **({"member": {name: member[name] for name in ("number", "name", "sha256")}} if member else {}),
        "type": outcome.get("type"),
        "layout": outcome.get("layout"),
        "verdict": str(decision.verdict),
        "number": decision.number,
        "answers": outcome.get("answers", ""),
        "decided_on": decision.decided_on.isoformat(),
        "codes": sorted(finding["code"] for finding in outcome["findings"]),
    }
