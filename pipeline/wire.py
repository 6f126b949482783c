"""Outcome ↔ JSON: what a worker answers, what `--json` prints (contract.md) and what the registry keeps.

The shape is a superset of the contract's: a field carries its value's kind, its anchor and, when in doubt, the second
reading, so that `outcome_from_json(outcome_to_json(x))` gives an equal outcome.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, cast

from pipeline import values
from pipeline.model import Confirmed, Datum, Finding, Outcome, Place, Reading, Record, Severity, Stored, Verdict

Json = dict[str, Any]


def outcome_to_json(outcome: Outcome) -> Json:
    """One JSON object; the caller adds "file", "sha256", "number" and "outputs"."""
    record = outcome.record
    return {
        "type": outcome.type,
        "layout": outcome.layout,
        "verdict": str(outcome.verdict),
        "fields": {name: _datum_to_json(datum) for name, datum in record.fields.items()} if record else {},
        "rows": [{name: _datum_to_json(datum) for name, datum in row.items()} for row in record.rows] if record else [],
        "findings": [finding_to_json(finding) for finding in outcome.findings],
        "answers": outcome.answers,
    }


def outcome_from_json(data: Json) -> Outcome:
    """The outcome of `outcome_to_json`; keys it does not know are ignored."""
    record = None
    if data.get("type"):
        fields = {name: _datum_from_json(item) for name, item in data.get("fields", {}).items()}
        rows = tuple({name: _datum_from_json(item) for name, item in row.items()} for row in data.get("rows", []))
        record = Record(data["type"], fields, rows)
    return Outcome(
        type=data.get("type"),
        layout=data.get("layout"),
        verdict=Verdict(data["verdict"]),
        record=record,
        findings=tuple(finding_from_json(item) for item in data.get("findings", [])),
        answers=data.get("answers", ""),
    )


def finding_to_json(finding: Finding) -> Json:
    """A finding without its sentence: `catalog.sentence` renders that where it is shown."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "field": finding.field,
        "row": finding.row,
        "place": finding.place.text if finding.place else None,
        "at": _anchor(finding.place),
        "found": finding.found,
        "facts": dict(finding.facts),
    }


def finding_from_json(data: Json) -> Finding:
    """The finding of `finding_to_json`."""
    return Finding(
        code=data["code"],
        severity=Severity(data["severity"]),
        field=data.get("field"),
        row=data.get("row"),
        place=_place(data.get("place"), data.get("at")),
        found=data.get("found", ""),
        facts=dict(data.get("facts", {})),
    )


def _datum_to_json(datum: Datum) -> Json:
    reading = datum.reading
    data: Json = {
        "text": reading.text,
        "value": values.to_json(datum.value),
        "place": reading.place.text if reading.place else None,
        "doubt": reading.doubt,
    }
    extra = {
        "kind": datum.kind if datum.kind != "text" else "",
        "at": _anchor(reading.place),
        "reason": reading.reason,
        "other": reading.other,
        "other_place": reading.other_place.text if reading.other_place else "",
        "printed": reading.printed,
        "unit": reading.unit,
        "score": reading.score,
        "problem": datum.problem,
        "flags": list(datum.flags),
        "note": datum.note,
        "stored": _stored_to_json(reading.stored),
        "confirmed": _confirmed_to_json(reading.confirmed),
    }
    return data | {key: value for key, value in extra.items() if value or (key == "score" and value is not None)}


def _datum_from_json(data: Json) -> Datum:
    kind = data.get("kind", "text")
    other_place = data.get("other_place")
    reading = Reading(
        text=data["text"],
        place=_place(data.get("place"), data.get("at")),
        reason=data.get("reason", ""),
        other=data.get("other", ""),
        other_place=Place("file", other_place) if other_place else None,
        stored=_stored_from_json(data.get("stored")),
        printed=data.get("printed", ""),
        unit=data.get("unit", ""),
        confirmed=_confirmed_from_json(data.get("confirmed")),
        score=data.get("score"),
    )
    return Datum(
        reading=reading,
        value=values.from_json(kind, data.get("value")),
        problem=data.get("problem", ""),
        flags=tuple(data.get("flags", ())),
        note=data.get("note", ""),
        kind=kind,
    )


def _stored_to_json(stored: Stored | None) -> Json:
    """What an Excel cell holds behind its text, so that the text can be read once more with the same eyes."""
    if stored is None:
        return {}
    kinds = {bool: "bool", date: "date", Decimal: "number"}
    kind = next((name for kind, name in kinds.items() if isinstance(stored.value, kind)), "text")
    value = stored.value if stored.value is None or kind in ("bool", "text") else str(stored.value)
    flags = {name: True for name in ("percent", "uncached") if getattr(stored, name)}
    return {"value": value, "kind": kind, **flags}


def _stored_from_json(data: Json | None) -> Stored | None:
    if not data:
        return None
    makers: dict[str, Any] = {"date": date.fromisoformat, "number": Decimal}
    value = data["value"]
    made = makers[data["kind"]](value) if value is not None and data["kind"] in makers else value
    return Stored(made, data.get("percent", False), data.get("uncached", False))


def _confirmed_to_json(confirmed: Confirmed | None) -> Json:
    return {**asdict(confirmed), "on": confirmed.on.isoformat()} if confirmed else {}


def _confirmed_from_json(data: Json | None) -> Confirmed | None:
    return Confirmed(**{**data, "on": date.fromisoformat(data["on"])}) if data else None


def _anchor(place: Place | None) -> list[object] | None:
    return [place.kind, place.part, *place.anchor] if place else None


def _place(text: str | None, at: list[object] | None) -> Place | None:
    if text is None or not at:
        return None
    kind, part, *anchor = at
    return Place(cast("Any", kind), text, str(part), tuple(int(str(item)) for item in anchor))
