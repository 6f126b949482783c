"""Asking for whole files: what a worker said of a file, and where that is an archive, of each document in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.work.pool import Answer

if TYPE_CHECKING:
    from pipeline.work.frames import Json
    from pipeline.work.pool import Pool


_FAILURES = {"crash": "crashed"}


@dataclass(frozen=True, slots=True)
class Part:
    """The answer about one document. `member`: number, name and sha256 where it came in an archive, else None.

    `skipped`: what was left out of the archive, with its first document.
    """

    answer: Answer
    member: Json | None = None
    skipped: tuple[str, ...] = ()


def parts(pool: Pool, request: Json, answer: Answer) -> tuple[Part, ...]:
    """The documents of a file about which a worker gave `answer`: itself, or the members of the archive it is."""
    if "members" not in answer.message:
        return (Part(answer),)
    try:
        members = [_member(item) for item in answer.message["members"]]
        skipped = tuple(str(name) for name in answer.message["skipped"])
    except (KeyError, TypeError, ValueError):
        members = []
    if not members:
        return (Part(Answer({}, failure="crash")),)
    left_out = [skipped, *[()] * len(members)]
    requests = [_request(request, member, names) for member, names in zip(members, left_out, strict=False)]
    return tuple(map(Part, pool.map(requests), members, left_out))


def failed(part: Part) -> Json:
    """The outcome, in wire shape, of a document that no worker got through: never accepted, never without an answer."""
    from pipeline.work.look import failure  # it brings the readers along, and hardly any file needs it

    return failure(_FAILURES.get(part.answer.failure, part.answer.failure) or "defect", part.skipped)


def _member(item: Json) -> Json:
    return {"number": int(item["number"]), "name": str(item["name"]), "sha256": str(item["sha256"])}


def _request(request: Json, member: Json, skipped: tuple[str, ...]) -> Json:
    arrival = {**request["arrival"], "name": member["name"], "sha256": member["sha256"]}
    return {**request, "arrival": arrival, "member": member["number"], "skipped": list(skipped)}
