"""What is to be said about a submission, as lines: every finding, and every doubt that has no finding of its own.

The order is the sender's: what must be corrected, what must be corrected or explained, what is worth knowing; within
each by the order of the document.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import catalog
from pipeline.model import Finding, Place, Severity
from pipeline.placed import unplaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.model import Datum, Outcome, Record

_ORDER = list(Severity)
_EXCERPT = 40


@dataclass(frozen=True, slots=True)
class Remark:
    """One line: where, what stands there, what is wrong, what it should be; `text` says all of it in a sentence."""

    field: str
    place: Place | None
    severity: Severity
    where: str
    written: str
    problem: str
    expected: str
    clause: str
    text: str

    @property
    def brief_where(self) -> str:
        """The same on little room: 第1条“完成时限”（整改台账!J4） → 完成时限（J4）."""
        if not self.field or self.place is None or self.place.kind == "file":
            return self.where
        return f"{self.field}（{self.place.text.rpartition('!')[2].replace(' ', '')}）"

    @property
    def advice(self) -> str:
        """What it should be, with the clause in full."""
        return f"{self.expected}（{self.clause}）" if self.clause else self.expected

    @property
    def brief_advice(self) -> str:
        """What it should be, with the place of the clause but not its words: 方案四（一）1：对需要… → 方案四（一）1."""
        places = dict.fromkeys(part.partition("：")[0] for part in self.clause.split("；"))
        return f"{self.expected}（{'；'.join(places)}）" if self.clause else self.expected

    @property
    def word(self) -> str:
        """The severity in Chinese."""
        return catalog.SEVERITY_WORDS[self.severity]


def remarks(outcome: Outcome) -> tuple[Remark, ...]:
    """Everything to be said about one form."""
    findings = [*outcome.findings, *_doubts(outcome.record, outcome.findings)]
    ordered = sorted(findings, key=lambda finding: _ORDER.index(finding.severity))
    return tuple(_remark(finding) for finding in ordered)


def converted_to(findings: Iterable[Finding]) -> str:
    """docx or xlsx where the findings say that a markable copy of that kind was made of another format, else ""."""
    return next((finding.facts.get("copy", "") for finding in findings if finding.code == "converted"), "")


def excerpt(text: str, length: int = _EXCERPT) -> str:
    """A text on one line, cut with … when it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _remark(finding: Finding) -> Remark:
    said = catalog.sentence(finding)
    example = f"，例如：{said.example.rstrip('。')}" if said.example else ""
    return Remark(
        field=finding.field or "",
        place=finding.place,
        severity=finding.severity,
        where=said.where,
        written=excerpt(finding.found),
        problem=said.found,
        expected=f"{said.expected}{example}。",
        clause=said.clause.rstrip("。"),
        text=said.text,
    )


def _doubts(record: Record | None, findings: Sequence[Finding]) -> Iterator[Finding]:
    if record is None:
        return
    told = {(finding.field, finding.row) for finding in findings if finding.code == "doubt"}
    yield from _doubts_in(record.fields, None, told)
    for number, row in enumerate(record.rows, 1):
        if not any(datum.reading.reason for datum in unplaced(row)):
            continue
        yield from _doubts_in(row, number, told)


def _doubts_in(
    data: Mapping[str, Datum], row: int | None, told: set[tuple[str | None, int | None]]
) -> Iterator[Finding]:
    for name, datum in data.items():
        reading = datum.reading
        if reading.doubt and (name, row) not in told:
            facts = {"reason": reading.reason, "other": reading.other}
            place = reading.place or reading.other_place
            yield Finding("doubt", Severity.EXPLAIN, name, row, place, reading.text, facts)
