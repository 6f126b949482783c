"""One submission from bytes to outcomes: read → identify → extract → interpret → check → verdict. Pure but for `Desk`.

This is what a worker runs and what `pipeline check` runs; nothing here knows a workspace, a database or a screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.catalog.files import FILES
from pipeline.checks import CheckContext, run, verdict_of
from pipeline.errors import Unreadable
from pipeline.forms.beside import unknown_label
from pipeline.forms.doubts import Answer, answered
from pipeline.forms.identify import Match, identify, segments
from pipeline.forms.interpret import Frame, interpret
from pipeline.forms.reading import FormReader
from pipeline.forms.unsure import is_recognised, weighed
from pipeline.model import Arrival, Document, Extract, Finding, Outcome, Place, Record, Severity, Verdict
from pipeline.office.read import read
from pipeline.placed import unplaced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pipeline.forms.ledger import LedgerReader, Opened
    from pipeline.forms.spec import Layout, TypeSpec
    from pipeline.office.library import Library
    from pipeline.settings import Settings
    from pipeline.values import Roster

WHOLE_FILE = Place("file", "整个文件")


@dataclass
class Desk:
    """What lies on the clerk's desk: the templates, the settings, the roster; readers are prepared on first use."""

    library: Library
    settings: Settings
    roster: Roster
    _readers: dict[str, tuple[tuple[str, FormReader | LedgerReader], ...]] = field(default_factory=dict)

    def readers(self, spec: TypeSpec) -> tuple[tuple[str, FormReader | LedgerReader], ...]:
        """(layout name, reader) for every layout of a type, the current one first."""
        if spec.name not in self._readers:
            make = FormReader if spec.kind == "form" else _ledger_reader
            self._readers[spec.name] = tuple((layout.name, make(spec, layout)) for layout in spec.layouts)
        return self._readers[spec.name]

    @cached_property
    def types(self) -> Mapping[str, TypeSpec]:
        """All document types by name."""
        return self.library.types


def examine(data: bytes, arrival: Arrival, desk: Desk, today: date) -> tuple[Outcome, ...]:
    """The outcomes of one file: one, or one per form when it holds several. Never raises for a flaw of the file."""
    try:
        return _examined(read(data, desk.settings.limits), arrival, desk, today)
    except Unreadable as flaw:
        return (unreadable(flaw),)


def _examined(document: Document, arrival: Arrival, desk: Desk, today: date) -> tuple[Outcome, ...]:
    matches = identify(document, desk.types.values())
    if len(matches) != 1:
        return (_unknown(document, matches, desk, arrival.unit),)
    spec = matches[0].spec
    extracts = extract(document, spec, desk)
    most = desk.settings.limits.documents
    if len(extracts) > most:
        raise Unreadable("too_large", reason="forms", limit=str(most), found=str(len(extracts)))
    several = () if len(extracts) == 1 else (_several(len(extracts)),)
    return tuple(_judge(spec, one, (*document.findings, *several), arrival, desk, today, document) for one in extracts)


def unreadable(flaw: Unreadable) -> Outcome:
    """The outcome of a file that cannot be read."""
    return _set_aside(Verdict.UNREADABLE, flaw.code, dict(flaw.facts))


def extract(document: Document, spec: TypeSpec, desk: Desk) -> tuple[Extract, ...]:
    """What the document says, in the layout that yields most; one extract per form it holds."""
    opened: Opened = {}
    readings = [_read(document, spec, (name, reader), opened) for name, reader in desk.readers(spec)]
    if is_recognised(document):
        readings = [weighed(extracts, document) for extracts in readings]
    return readings[0] if len(readings) == 1 else max(readings, key=_yield)


def _read(
    document: Document, spec: TypeSpec, named: tuple[str, FormReader | LedgerReader], opened: Opened
) -> tuple[Extract, ...]:
    layout, reader = named
    if isinstance(reader, FormReader):
        return tuple(Extract(spec.name, layout, reader.read(blocks)) for blocks in segments(document, spec))
    return reader.read(document, layout, opened)


def _ledger_reader(spec: TypeSpec, layout: Layout) -> LedgerReader:
    from pipeline.forms.ledger import LedgerReader  # it brings much along that no form needs

    return LedgerReader(spec, layout)


def _yield(extracts: tuple[Extract, ...]) -> tuple[int, int]:
    fields = [reading for one in extracts for reading in one.fields.values()]
    cells = sum(1 for one in extracts for row in one.rows for reading in unplaced(row) if reading.text)
    return cells + sum(1 for reading in fields if reading.text), -sum(1 for reading in fields if reading.doubt)


def _judge(
    spec: TypeSpec,
    one: Extract,
    general: tuple[Finding, ...],
    arrival: Arrival,
    desk: Desk,
    today: date,
    document: Document,
) -> Outcome:
    year = desk.settings.cycle.year_for(arrival.received or today)
    record = interpret(spec, one, Frame(year, arrival.received))
    context = CheckContext(desk.settings, today, arrival.received, arrival.unit, desk.roster)
    checked = (*_misplaced(spec, arrival.unit), *run(spec, record, context))
    findings = (*general, *one.findings, *(_seen(finding, document, spec) for finding in checked))
    return Outcome(spec.name, one.layout, verdict_of(findings, _has_doubt(record)), record, findings, document.answers)


def _misplaced(spec: TypeSpec, unit: str) -> tuple[Finding, ...]:
    """A paper of the office's own that came from a unit's folder."""
    if not (spec.from_office and unit):
        return ()
    return (Finding("wrong_unit", Severity.ERROR, place=WHOLE_FILE, facts={"unit": unit, "type": spec.name}),)


def _seen(finding: Finding, document: Document, spec: TypeSpec) -> Finding:
    """What only the document shows: a picture where a field is missing, a label nobody knows beside a doubt."""
    if finding.code == "doubt":
        label = unknown_label(document, finding.place, spec)
        return replace(finding, facts={**finding.facts, "unknown_label": label}) if label else finding
    if finding.code != "missing" or finding.place is None or finding.place.spot not in document.pictures:
        return finding
    return replace(finding, facts={**finding.facts, "variant": "picture"})


def examine_again(outcome: Outcome, answers: Sequence[Answer], arrival: Arrival, desk: Desk, today: date) -> Outcome:
    """The outcome with a person's answers in the record: interpreted and checked anew, the day of arrival as it was.

    What the reader said of the file stands; what the checks said is asked again. KeyError for a type that is gone.
    """
    spec = desk.types[outcome.type or ""]
    record = outcome.record or Record(spec.name, {})
    extract = answered(record, spec, outcome.layout or "", answers)
    general = tuple(one for one in outcome.findings if one.code in FILES)
    pictures = (one.place.spot for one in outcome.findings if one.place and one.facts.get("variant") == "picture")
    seen = Document("docx", (), answers=outcome.answers, pictures=frozenset(pictures))
    again = _judge(spec, extract, general, arrival, desk, today, seen)
    doubts = {(one.field, one.row): one for one in outcome.findings if one.code == "doubt"}
    findings = (doubts.get((one.field, one.row), one) if one.code == "doubt" else one for one in again.findings)
    return replace(again, findings=tuple(findings))


def _has_doubt(record: Record) -> bool:
    return any(datum.reading.reason for row in (record.fields, *record.rows) for datum in unplaced(row))


def _several(count: int) -> Finding:
    return Finding("several_forms", Severity.HINT, place=WHOLE_FILE, facts={"count": str(count)})


def _unknown(document: Document, matches: tuple[Match, ...], desk: Desk, unit: str) -> Outcome:
    names = "、".join(f"《{match.spec.name}》" for match in matches)
    if matches:
        return _set_aside(Verdict.UNKNOWN, "ambiguous_form", {"types": names}, document)
    known = "、".join(f"《{spec.name}》" for spec in desk.types.values() if _handed_in(spec, unit))
    return _set_aside(Verdict.UNKNOWN, "unknown_form", {"types": known}, document)


def _handed_in(spec: TypeSpec, unit: str) -> bool:
    """Whether the sender may hand in such a paper."""
    return spec.kind in ("form", "ledger") and not (unit and spec.from_office)


def _set_aside(verdict: Verdict, code: str, facts: Mapping[str, str], document: Document | None = None) -> Outcome:
    finding = Finding(code, Severity.ERROR, place=WHOLE_FILE, facts=facts)
    general = document.findings if document else ()
    return Outcome(None, None, verdict, None, (finding, *general), document.answers if document else "")
