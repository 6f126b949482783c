"""What a sender gets for an arrival: which files, where they go, what they say; and putting them there.

Planning is pure and happens with the decision; rendering is the workers' business; writing can be repeated. Every
file's name carries the arrival's reference, so no two arrivals share one and none is ever replaced.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import filenames
from pipeline.intake import wording
from pipeline.model import Verdict
from pipeline.store.durable import Folders, publish
from pipeline.store.outputs import Kind, Owed
from pipeline.store.submissions import full_reference
from pipeline.workspace import FEEDBACK, OFFICE, ORIGINALS, REFUSED, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from pipeline.store.arrivals import Received
    from pipeline.store.decide import Decision
    from pipeline.store.events import Entry

_MARKS = re.compile(r"(?:_已标注_[0-9A-Z]{8}(?:-\d+)?(?:_核定后\d*)?)+(?:\s*[(（]\d+[)）])?$")
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
    """An arrival with everything decided about it. `kind`: docx, xlsm …, or "" when it cannot be marked.

    `turn`: what names of files get when a person decided about the arrival again, "" the first time. Then `forms` are
    the positions of all forms in the document, and `others` those among them whose remarks stay in the marked copy.
    """

    arrival: Received
    decisions: tuple[Decision, ...]
    entry: Entry
    kind: str
    turn: str = ""
    forms: tuple[int, ...] = ()
    others: tuple[int, ...] = ()


class _Document:
    """One document of an arrival with the decisions on its forms: the file itself, or a member of an archive."""

    def __init__(self, case: Decided, decisions: tuple[Decision, ...]) -> None:
        member = decisions[0].outcome.get("member") or {}
        self.arrival, self.entry, self.decisions = case.arrival, case.entry, decisions
        self.name: str = member.get("name", case.arrival.name)
        self.kind: str = member.get("kind", case.kind)
        self.reference = full_reference(case.arrival.reference, decisions[0].outcome)
        self.forms = case.forms or tuple(one.form for one in decisions)
        self.turn, self.others = case.turn, case.others
        self.several = len(self.forms) > 1

    def place(self, form: int) -> int:
        """Which of the document's forms is the arrival's `form`, both counted from 0."""
        return self.forms.index(form)


def plan(case: Decided, office: Office) -> list[Owed]:
    """The files owed for an arrival, at least one; for an archive at least one per document in it."""
    documents: dict[int, list[Decision]] = {}
    for one in case.decisions:
        documents.setdefault((one.outcome.get("member") or {}).get("number", 0), []).append(one)
    return [owed for group in documents.values() for owed in _plan(_Document(case, tuple(group)), office)]


def _plan(document: _Document, office: Office) -> list[Owed]:
    decisions = document.decisions
    marked = [one.form for one in decisions if one.verdict in _MARKED and one.outcome["findings"]]
    copies = []
    if marked and document.kind:
        copies = [_owed(document, office, "marked", tuple(sorted([*marked, *document.others])))]
    owed = [*copies]
    for one in decisions:
        answer = _owed(document, office, "receipt" if one.verdict is Verdict.ACCEPTED else "slip", (one.form,))
        copy = next((copy.path for copy in copies if one.form in copy.forms), "")
        owed.append(replace(answer, notice={**answer.notice, "copy": copy}))
    if all(one.verdict in _ASIDE for one in decisions):
        everything = tuple(one.form for one in decisions)
        owed += [_owed(document, office, "aside", everything), _owed(document, office, "note", everything)]
    return owed


def turn_after(paths: Iterable[str]) -> str:
    """What the files of the next turn are called, after those there are: _核定后, _核定后2 …"""
    turns = [int(found[1] or 1) for path in paths if (found := filenames.TURN.search(path))]
    return f"_核定后{max(turns) + 1}" if turns else "_核定后"


def original_path(arrival_name: str, reference: str, day: date, unit: str) -> str:
    """Where an original is kept for ever, below the workspace."""
    stem, suffix = filenames.split(arrival_name)
    name = filenames.built(stem, suffix, head=f"{day:%Y%m%d}-{reference}-")
    return "/".join(["archive", str(day.year), ORIGINALS, *filter(None, [unit]), name])


def without_marks(stem: str) -> str:
    """The sender's own stem: what earlier marked copies of ours added to it is left out."""
    return _MARKS.sub("", stem) or stem


def store_output(workspace: Workspace, item: Owed, made: bytes | Path, folders: Folders) -> str:
    """Write one owed file (bytes, or a copy of a file of ours); the SHA-256 of what is there."""
    target = workspace.root / item.path
    top = workspace.inbox if item.path.startswith("inbox/") else workspace.outbox
    folders.make(target.parent, below=top)
    data = made.read_bytes() if isinstance(made, Path) else made
    if not publish(data, target, folders):
        data = target.read_bytes()  # written by an attempt that was interrupted before it could say so
    return hashlib.sha256(data).hexdigest()


def interrupted(workspace: Workspace, item: Owed) -> str:
    """The SHA-256 of what an interrupted attempt left where an owed file belongs, "" for nothing."""
    target = workspace.root / item.path
    return hashlib.sha256(target.read_bytes()).hexdigest() if target.exists() else ""


def last_resort(item: Owed, outcomes: Sequence[Mapping[str, Any]]) -> tuple[Owed, bytes]:
    """A slip that no worker could make, as plain text."""
    codes = [finding["code"] for outcome in outcomes for finding in outcome["findings"]]
    notice = item.notice
    text = wording.plain_answer(notice["file_name"], notice["reference"], outcomes[0]["verdict"], codes)
    path = f"{item.path.rsplit('.', 1)[0]}.txt"
    return replace(item, path=path), text.encode("utf-8-sig")


def _owed(document: _Document, office: Office, kind: Kind, forms: tuple[int, ...]) -> Owed:
    path = _path(document, kind, forms[0])
    return Owed(document.arrival.id, kind, path, forms, _notice(document, forms, office))


def _path(document: _Document, kind: Kind, form: int) -> str:
    arrival, reference, turn = document.arrival, document.reference, document.turn
    stem, suffix = filenames.split(document.name)
    stem = without_marks(stem)
    several = document.several and kind in ("slip", "receipt")
    part = f"-{document.place(form) + 1}" if several else ""
    tail = {
        "marked": f"_已标注_{reference}{turn}.{document.kind}",
        "slip": f"_反馈单_{reference}{part}{turn}.docx",
        "receipt": f"_受理回执_{reference}{part}{turn}.docx",
        "aside": f"_{reference}{suffix}",
        "note": f"_{reference}_说明.txt",
    }[kind]
    aside = kind in ("aside", "note")
    top = "inbox" if aside else "outbox"
    folders = [arrival.unit, REFUSED] if aside else [arrival.unit or OFFICE, FEEDBACK]
    return "/".join([top, *filter(None, folders), filenames.built(stem, tail)])


def _notice(document: _Document, forms: tuple[int, ...], office: Office) -> dict[str, Any]:
    arrival, entry = document.arrival, document.entry
    decision = next(one for one in document.decisions if one.form in forms)
    return {
        "reference": document.reference,
        "organisation": office.organisation,
        "office": office.office,
        "contact": office.contact,
        "unit": arrival.unit,
        "file_name": document.name,
        "received": arrival.received_on.isoformat(),
        "today": decision.decided_on.isoformat(),
        "number": decision.number or "",
        "due": decision.due.isoformat() if decision.due else None,
        "progress": list(decision.progress) if decision.progress else None,
        "entry": entry.n,
        "entry_hash": entry.hash,
    }
