"""What a request to examine means: one look at a file gives its outcomes or the list of what an archive holds.

An archive is read member by member, each by a request of its own, so that a member on which a worker dies does not
take the others with it (`documents` asks). A member that is an archive again is refused by the reader of documents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.examine import WHOLE_FILE, examine, unreadable
from pipeline.model import Arrival, Finding, Outcome, Severity
from pipeline.office.archive import list_archive, take_out
from pipeline.wire import outcome_to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.examine import Desk
    from pipeline.office.archive import Archive
    from pipeline.settings import Limits
    from pipeline.work.frames import Json

_NAMED = 10


@dataclass(frozen=True, slots=True)
class Look:
    """`document`: the bytes that were read, of the file or of the member. An archive has no outcomes of its own."""

    document: bytes
    outcomes: tuple[Outcome, ...] = ()
    archive: Archive | None = None


def look(data: bytes, request: Json, desk: Desk) -> Look:
    """A file, or the member of it that the request names (`member`, counted from 1). Never raises for their flaws."""
    limits = desk.settings.limits
    try:
        _check_size(int(request.get("size", len(data))), limits)
        document = document_of(data, request, limits)
        archive = None if request.get("member") else list_archive(data, limits)
        _check_size(len(document), limits)
    except Unreadable as flaw:
        return Look(b"", _remarked((unreadable(flaw),), request.get("skipped", ())))
    if archive is not None:
        return Look(b"", archive=archive)
    said = request["arrival"]
    arrival = Arrival(said["name"], said["unit"], date.fromisoformat(said["received"]), said["sha256"])
    outcomes = examine(document, arrival, desk, date.fromisoformat(request["today"]))
    return Look(document, _remarked(outcomes, request.get("skipped", ())))


def document_of(data: bytes, request: Json, limits: Limits) -> bytes:
    """The bytes the request is about: the whole file, or one member of the archive. Raises Unreadable."""
    member = int(request.get("member") or 0)
    return take_out(data, member, limits) if member else data


def contents(archive: Archive) -> Json:
    """The answer that lists an archive."""
    members = [{"number": one.number, "name": one.name, "sha256": one.sha256} for one in archive.documents]
    return {"members": members, "skipped": list(archive.skipped)}


def failure(code: str, skipped: Sequence[str]) -> Json:
    """The outcome, in wire shape, of a document on which workers died or failed."""
    (outcome,) = _remarked((unreadable(Unreadable(code)),), skipped)
    return outcome_to_json(outcome)


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.file_bytes:
        raise Unreadable("too_large", reason="file", limit=str(limits.file_bytes), found=str(size))


def _remarked(outcomes: tuple[Outcome, ...], skipped: Sequence[str]) -> tuple[Outcome, ...]:
    """The first outcome tells what was left out of the archive."""
    if not skipped:
        return outcomes
    first = replace(outcomes[0], findings=(*outcomes[0].findings, _skipped(skipped)))
    return (first, *outcomes[1:])


def _skipped(names: Sequence[str]) -> Finding:
    more = "等" if len(names) > _NAMED else ""
    facts = {"count": str(len(names)), "names": "、".join(names[:_NAMED]) + more}
    return Finding("archive_skipped", Severity.HINT, place=WHOLE_FILE, facts=facts)
