"""What a reader said of a document against what a careful clerk would copy from it: counts, nothing else.

A reading is one field or one ledger cell. White space and full-width forms do not matter, every other character does.

right     the text, and no doubt about it
doubtful  marked as doubtful, whatever the text (a person looks at it)
reported  not the text, but a finding of severity error or explain names the field
missing   nothing read and nothing said
wrong     something else read, or something read where nothing stands, and nothing said: silently wrong

Knowingly not: typed values and the wording of findings.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
KINDS = ("right", "doubtful", "reported", "missing", "wrong")
_BLANK_WILL_DO = {"missing", "placeholder", "unreadable"}
_LEAST_LIKENESS = 0.2


@dataclass(frozen=True, slots=True)
class Cell:
    """What was read at one spot. `said`: a finding that the sender has to answer names it."""

    text: str = ""
    doubt: bool = False
    said: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One form as some reader gave it. `refused`: the whole file is answered for, nothing was read."""

    type: str | None = None
    fields: dict[str, Cell] = field(default_factory=dict)
    rows: list[dict[str, Cell]] = field(default_factory=list)
    refused: bool = False


def fold(text: str) -> str:
    """What counts of a text."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def judge(expected: Json, answers: list[Answer], *, plainly: bool = False) -> Counter[str]:
    """The counts of KINDS for one document, and "type" = 1 when its type was recognised.

    `plainly`: the plain value of a date or number (2026-03-10, 60) is as right as the text that the document shows.
    """
    counts: Counter[str] = Counter()
    answers = answers or [Answer()]
    counts["type"] = int(all(answer.type == expected["type"] for answer in answers))
    for part in expected.get("parts") or [expected]:
        best = max(answers, key=lambda answer: _hits(part, answer))
        counts += _judge_part(part, best, _also(part, plainly=plainly))
    return counts


def _hits(expected: Json, answer: Answer) -> int:
    fields = expected.get("fields", {})
    return sum(1 for name, text in fields.items() if text and fold(answer.fields.get(name, Cell()).text) == fold(text))


def _judge_part(expected: Json, answer: Answer, also: dict[tuple[str, int | None], list[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for name, text in expected.get("fields", {}).items():
        counts[_judge_cell((text, *also.get((name, None), ())), answer.fields.get(name, Cell()), answer)] += 1
    rows = expected.get("rows") or []
    optional = set(expected.get("optional_rows", ()))
    pairs = pair_rows(rows, answer.rows)
    for number, row in enumerate(rows, 1):
        read = answer.rows[pairs[number - 1]] if number - 1 in pairs else {}
        for name, text in row.items() if number not in optional else ():
            counts[_judge_cell((text, *also.get((name, number), ())), read.get(name, Cell()), answer)] += 1
    for index in set(range(len(answer.rows))) - set(pairs.values()):
        cells = [cell for cell in answer.rows[index].values() if cell.text]
        counts["" if not cells else "doubtful" if any(c.doubt or c.said for c in cells) else "wrong"] += 1
    del counts[""]
    return counts


def _also(expected: Json, *, plainly: bool) -> dict[tuple[str, int | None], list[str]]:
    """Other texts that are as right; "" where a flaw has to be said and an empty reading says it as well."""
    also: dict[tuple[str, int | None], list[str]] = {}
    for item in expected.get("accept", ()):
        also.setdefault((item["field"], item.get("row")), []).extend(item["texts"])
    for item in expected.get("ambiguous", ()):
        also.setdefault((item["field"], item.get("row")), []).extend(item.get("readings", ()))
    for item in expected.get("must_report", ()):
        if item["kind"] in _BLANK_WILL_DO and item["field"]:
            also.setdefault((item["field"], item.get("row")), []).append("")
    if plainly:
        for number, values in [(None, expected.get("values", {})), *enumerate(expected.get("row_values") or (), 1)]:
            for name, value in (values or {}).items():
                also.setdefault((name, number), []).append(str(value))
    return also


def _judge_cell(accepted: tuple[str, ...], cell: Cell, answer: Answer) -> str:
    read, wanted = fold(cell.text), {fold(text) for text in accepted}
    if not read and not fold(accepted[0]):
        return ""
    if cell.doubt:
        return "doubtful"
    if read in wanted:
        return "right"
    if cell.said or answer.refused:
        return "reported"
    return "wrong" if read else "missing"


def pair_rows(wanted: list[Json], read: list[dict[str, Cell]]) -> dict[int, int]:
    """Expected row → read row, both from 0, in order: the pairing with the most equal cells."""
    likeness = [[_likeness(row, other) for other in read] for row in wanted]
    best = [[0.0] * (len(read) + 1) for _ in range(len(wanted) + 1)]
    for i in reversed(range(len(wanted))):
        for j in reversed(range(len(read))):
            together = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= _LEAST_LIKENESS else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    pairs, i, j = {}, 0, 0
    while i < len(wanted) and j < len(read):
        if likeness[i][j] >= _LEAST_LIKENESS and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(row: Json, other: dict[str, Cell]) -> float:
    names = [name for name, text in row.items() if text]
    return sum(fold(other.get(name, Cell()).text) == fold(row[name]) for name in names) / max(1, len(names))
