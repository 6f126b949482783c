"""Outcome ↔ JSON: what a worker answers, what `--json` prints (contract.md) and what the registry keeps.

The shape is a superset of the contract's: a field carries its value's kind, its anchor and, when in doubt, the second
reading, so that `outcome_from_json(outcome_to_json(x))` gives an equal outcome. The rows of a big ledger travel as one
packed text; `with_rows` writes them out as the contract has them.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, cast

from pipeline import values
from pipeline.model import Confirmed, Datum, Finding, Outcome, Place, Reading, Record, Severity, Stored, Verdict
from pipeline.placed import SOMEWHERE, Lines, PlacedRow

Json = dict[str, Any]
PACKED_FROM = 1_000
"""So many rows of a sheet are packed."""
_BATCH = 500
_MOST_BYTES = 512 * 1024 * 1024


def outcome_to_json(outcome: Outcome) -> Json:
    """One JSON object; the caller adds "file", "sha256", "number" and "outputs"."""
    record = outcome.record
    packed = record is not None and len(record.rows) >= PACKED_FROM and _packed(record.rows)
    return {
        "type": outcome.type,
        "layout": outcome.layout,
        "verdict": str(outcome.verdict),
        "fields": {name: _datum_to_json(datum) for name, datum in record.fields.items()} if record else {},
        "rows": [] if packed or not record else _rows_to_json(record.rows),
        **({"packed_rows": packed} if packed else {}),
        "findings": [finding_to_json(finding) for finding in outcome.findings],
        "answers": outcome.answers,
    }


def outcome_from_json(data: Json) -> Outcome:
    """The outcome of `outcome_to_json`; keys it does not know are ignored."""
    record = None
    if data.get("type"):
        fields = {name: _datum_from_json(item) for name, item in data.get("fields", {}).items()}
        rows: tuple[Mapping[str, Datum], ...] = tuple(
            {name: _datum_from_json(item) for name, item in row.items()} for row in data.get("rows", [])
        )
        if data.get("packed_rows"):
            rows = tuple(_unpacked(data["packed_rows"]))
        record = Record(data["type"], fields, rows)
    return Outcome(
        type=data.get("type"),
        layout=data.get("layout"),
        verdict=Verdict(data["verdict"]),
        record=record,
        findings=tuple(finding_from_json(item) for item in data.get("findings", [])),
        answers=data.get("answers", ""),
    )


def with_rows(data: Json) -> Json:
    """The same object with packed rows written out."""
    if not data.get("packed_rows"):
        return data
    plain = {key: value for key, value in data.items() if key != "packed_rows"}
    return plain | {"rows": _rows_to_json(tuple(_unpacked(data["packed_rows"])))}


def _rows_to_json(rows: Sequence[Mapping[str, Datum]]) -> list[Json]:
    return [{name: _datum_to_json(datum) for name, datum in row.items()} for row in rows]


def _packed(rows: Sequence[Mapping[str, Datum]]) -> str:
    """Rows of sheets, shared data once, deflated; "" when there are others among them."""
    sheets = {id(row.lines): row.lines for row in rows if isinstance(row, PlacedRow)}
    numbers = {key: number for number, key in enumerate(sheets)}
    known: dict[int, int] = {}
    packer = zlib.compressobj(1)
    heads = [[lines.sheet, lines.part, dict(lines.columns)] for lines in sheets.values()]
    pieces = [packer.compress(_line(heads))]
    for start in range(0, len(rows), _BATCH):
        fresh: list[Json] = []
        batch: list[list[int]] = []
        for row in rows[start : start + _BATCH]:
            if not isinstance(row, PlacedRow):
                return ""
            for datum in row.shared:
                if id(datum) not in known:
                    known[id(datum)] = len(known)
                    fresh.append(_datum_to_json(datum))
            batch.append([numbers[id(row.lines)], row.number, *[known[id(datum)] for datum in row.shared]])
        pieces.append(packer.compress(_line([fresh, batch])))
    return base64.b64encode(b"".join((*pieces, packer.flush()))).decode("ascii")


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _unpacked(packed: str) -> Iterator[PlacedRow[Datum]]:
    """The rows of `_packed`. Raises ValueError for a text that it did not write."""
    lines = _inflated(packed)
    sheets = [Lines(sheet, part, columns) for sheet, part, columns in json.loads(next(lines))]
    data: list[Datum] = []
    for line in lines:
        fresh, batch = json.loads(line)
        data += map(_datum_from_json, fresh)
        for sheet, number, *cells in batch:
            yield PlacedRow(sheets[sheet], number, tuple([data[cell] for cell in cells]))


def _inflated(packed: str) -> Iterator[bytes]:
    try:
        blob, unpacker = base64.b64decode(packed, validate=True), zlib.decompressobj()
        rest, size = b"", 0
        while blob and not unpacker.eof:
            rest += unpacker.decompress(blob, 1 << 20)
            blob = unpacker.unconsumed_tail
            size += len(rest)
            *whole, rest = rest.split(b"\n")
            yield from whole
            if size > _MOST_BYTES:
                raise ValueError("packed_rows")
    except (binascii.Error, zlib.error) as error:
        raise ValueError("packed_rows") from error


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
    if not text and kind == SOMEWHERE.kind:
        return SOMEWHERE
    return Place(cast("Any", kind), text, str(part), tuple(int(str(item)) for item in anchor))
