"""How far a corrected submission has come: 退回7处，已改6处，剩1处，新发现2处. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pipeline.model import Severity

Progress = tuple[int, int, int, int]
"""Returned, mended, left, new."""

_TO_MEND = (Severity.ERROR, Severity.EXPLAIN)


def progress_between(before: dict[str, Any], after: dict[str, Any]) -> Progress:
    """Flaws of the earlier outcome, how many of them are gone, how many remain; and flaws that are new.

    Flaws are the same when code, field and row agree; a row is known by its key (`row_key`), else by its position.
    """
    old, new = _flaws(before), _flaws(after)
    left = (old & new).total()
    return old.total(), old.total() - left, left, new.total() - left


def _flaws(outcome: dict[str, Any]) -> Counter[tuple[str, str, str]]:
    return Counter(
        (item["code"], item.get("field") or "", item.get("row_key") or str(item.get("row") or ""))
        for item in outcome["findings"]
        if item["severity"] in _TO_MEND
    )
