"""What a run did, as values: one JSON object per form in the shape of contract.md, and what was left lying.

Sentences are added here, at the edge; the registry keeps only codes and facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline import catalog
from pipeline.errors import ExitCode
from pipeline.model import Verdict
from pipeline.wire import finding_from_json, with_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.intake.listing import Left

_DONE = (Verdict.ACCEPTED, Verdict.DUPLICATE)


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """One arrival: `file` as it lay below the workspace, `outcomes` in wire shape, one number and verdict per form."""

    file: str
    unit: str
    reference: str
    sha256: str
    outcomes: tuple[Mapping[str, Any], ...]
    numbers: tuple[str | None, ...]
    outputs: tuple[str, ...]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What became of each form."""
        return tuple(Verdict(outcome["verdict"]) for outcome in self.outcomes)

    def lines(self) -> Iterator[dict[str, Any]]:
        """The contract's JSON objects, one per form."""
        for outcome, number in zip(self.outcomes, self.numbers, strict=True):
            findings = [
                {**one, "message": catalog.sentence(finding_from_json(one)).text} for one in outcome["findings"]
            ]
            member = outcome.get("member") or {}
            file = f"{self.file}/{member['name']}" if member else self.file
            head = {"file": file, "unit": self.unit, "reference": self.reference}
            head["sha256"] = member.get("sha256", self.sha256)
            said = with_rows(dict(outcome))
            yield {**head, **said, "number": number, "findings": findings, "outputs": list(self.outputs)}


@dataclass(frozen=True, slots=True)
class RunReport:
    """All documents of a run in the order they were done, and what still lies in the inbox with the reason.

    `trouble`: why `watch` had to pause, "" otherwise.
    """

    documents: tuple[DocumentReport, ...]
    left: tuple[Left, ...] = ()
    dry_run: bool = False
    trouble: str = ""

    def lines(self) -> Iterator[dict[str, Any]]:
        """The contract's JSON objects of all documents."""
        for document in self.documents:
            yield from document.lines()

    @property
    def exit_code(self) -> ExitCode:
        """OK, or ATTENTION when a document was sent back, is in doubt, could not be read, or was left lying."""
        fine = all(verdict in _DONE for document in self.documents for verdict in document.verdicts)
        return ExitCode.OK if fine and not self.left else ExitCode.ATTENTION
