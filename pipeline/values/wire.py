"""Values as JSON (contract: `value`) and back, without loss.

Exact numbers become JSON numbers where a double holds them exactly, else strings.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.values.deadlines import Checkpoint, Deadline
from pipeline.values.money import Money
from pipeline.values.periods import Period


def to_json(value: object) -> object:
    """date → "2026-08-20"; period, deadline, money → object; percent 60 → 60; a tuple → list; None stays None."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, Period):
        return {
            "start": to_json(value.start),
            "end": to_json(value.end),
            "precision": value.precision,
            "open_ended": value.open_ended,
        }
    if isinstance(value, Deadline):
        return _deadline(value)
    if isinstance(value, Money):
        return {"amount": _number(value.amount), "unit": value.unit, "approximate": value.approximate}
    return list(value) if isinstance(value, tuple) else value


def _number(value: Decimal) -> int | float | str:
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)


def _deadline(value: Deadline) -> dict[str, object]:
    data: dict[str, object] = {
        "end": to_json(value.end),
        "open_ended": value.open_ended,
        "precision": value.precision,
    }
    extras = {"recurring": value.recurring, "rule": value.rule, "start": to_json(value.start), "time": value.time}
    data |= {name: extra for name, extra in extras.items() if extra}
    if value.checkpoints:
        data["checkpoints"] = [
            {
                "end": to_json(point.end),
                "precision": point.precision,
                "open_ended": point.open_ended,
                "label": point.label,
            }
            for point in value.checkpoints
        ]
    return data


def from_json(kind: str, data: Any) -> object:
    """The inverse of `to_json` for a field of that kind. ValueError, KeyError or TypeError for foreign data."""
    if data is None:
        return None
    if kind == "date":
        return date.fromisoformat(data)
    if kind == "period":
        return Period(date.fromisoformat(data["start"]), _date(data["end"]), data["precision"], data["open_ended"])
    if kind == "deadline":
        return _deadline_from(data)
    if kind == "money":
        return Money(_decimal(data["amount"]), data["unit"], data.get("approximate", False))
    if kind in ("percent", "score"):
        return _decimal(data)
    return tuple(data) if kind in ("phone", "persons") else data


def _date(data: str | None) -> date | None:
    return date.fromisoformat(data) if data else None


def _decimal(data: int | float | str) -> Decimal:
    return Decimal(repr(data) if isinstance(data, float) else data)


def _deadline_from(data: dict[str, Any]) -> Deadline:
    points = tuple(
        Checkpoint(_date(point["end"]), point["precision"], point["open_ended"], point["label"])
        for point in data.get("checkpoints", ())
    )
    return Deadline(
        _date(data["end"]), data["open_ended"], data["precision"], data.get("recurring", ""), data.get("rule", ""),
        _date(data.get("start")), data.get("time", ""), points,
    )  # fmt: skip
