"""Finding → Chinese words: one table says for every code what was found, what is expected, an example, the clause.

Answers for: the sentences of all findings; nothing a user reads about a finding is written elsewhere. Knowingly not:
layout, letters, the words around the sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.catalog.cells import CELLS
from pipeline.catalog.entry import Entry
from pipeline.catalog.files import FILES
from pipeline.catalog.office import OFFICE
from pipeline.model import Finding, Severity

SEVERITY_WORDS: Mapping[Severity, str] = MappingProxyType(
    {Severity.ERROR: "必须改正", Severity.EXPLAIN: "请改正或说明", Severity.HINT: "提示"}
)
CATALOG: Mapping[str, Entry] = MappingProxyType({**CELLS, **FILES, **OFFICE})
"""Code, or code.variant → entry."""

_UNNAMED = Entry("这里有问题（{code}）", "请与受理部门联系")
_ALL_OF_IT = ("整个文件", "全文")
_EXCERPT = 60
_WHOLE = frozenset({"types"})
"""Facts that are lists of ours, never cut short."""
_KB = 1024
_YEAR_OF_DATE = re.compile(r"(?<!\d)20\d\d(?=年\d{1,2}月|\.\d)")
_OPTIONAL = re.compile(r"\[([^\[\]{}]*\{(\w+)\}[^\[\]{}]*)\]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said about one finding, in parts and as a whole."""

    where: str
    found: str
    expected: str
    example: str = ""
    clause: str = ""

    @property
    def text(self) -> str:
        """One sentence (two when a clause is cited), each closed by a full stop."""
        example = f"，例如：{self.example.rstrip('。')}" if self.example else ""
        clause = f"依据：{self.clause.rstrip('。')}。" if self.clause else ""
        return f"{self.where}：{self.found}。{self.expected}{example}。{clause}"


def sentence(finding: Finding) -> Sentence:
    """The words for a finding. A code without an entry is still told, with its name."""
    entry = entry_of(finding)
    facts = _Facts(finding.facts, found=_excerpt(finding.found), code=finding.code, **_sizes(finding.facts))
    return Sentence(
        where=_where(finding),
        found=_filled(entry.found, facts),
        expected=_filled(entry.expected, facts),
        example=_in_year(_filled(entry.example, facts), finding.facts.get("year", "")),
        clause=entry.clause or finding.facts.get("clause", ""),
    )


def entry_of(finding: Finding) -> Entry:
    """The entry of a finding's code; first the one of its variant (or reason), then, without a field, `code.whole`."""
    variant = finding.facts.get("variant") or finding.facts.get("reason") or ("" if finding.field else "whole")
    return CATALOG.get(f"{finding.code}.{variant}") or CATALOG.get(finding.code) or _UNNAMED


class _Facts(dict[str, str]):
    """Facts for the holes of a template: values are put in as they are, an absent one leaves nothing behind."""

    def __init__(self, facts: Mapping[str, str], **more: str) -> None:
        shown = {name: text if name in _WHOLE else _excerpt(text) for name, text in facts.items()}
        super().__init__({**shown, **more})

    def __missing__(self, name: str) -> str:
        return ""


def _filled(template: str, facts: _Facts) -> str:
    """The template with its facts; bracketed pieces whose fact is absent are left out."""
    kept = _OPTIONAL.sub(lambda piece: piece[1] if facts[piece[2]] else "", template)
    return kept.format_map(facts)


def _in_year(example: str, year: str) -> str:
    """The example with its first dated year as `year`, later ones at their distance; as it is when no year is known."""
    first = _YEAR_OF_DATE.search(example)
    if not first or not year.isdigit():
        return example
    moved = int(year) - int(first[0])
    return _YEAR_OF_DATE.sub(lambda found: str(int(found[0]) + moved), example)


def _where(finding: Finding) -> str:
    """第3条“责任人”（整改台账!K7）: rows are counted as 条, for 行 is what Excel and Word print in the margin."""
    place = finding.place.text if finding.place and finding.place.text not in _ALL_OF_IT else ""
    row = f"第{finding.row}条" if finding.row is not None else ""
    if finding.field is None:
        return row or place or _ALL_OF_IT[0]
    spot = place if finding.place and finding.place.kind != "file" else ""
    return f"{row}“{finding.field}”{f'（{spot}）' if spot else ''}"


def _sizes(facts: Mapping[str, str]) -> dict[str, str]:
    """The figures of a file that is too large, bytes as people say them (23.8 MB)."""
    measure = _as_said if facts.get("reason") in ("file", "unpacked") else str
    return {name: measure(facts[key]) for name, key in (("size", "found"), ("limit", "limit")) if key in facts}


def _as_said(count: str) -> str:
    if not count.isdigit() or int(count) < _KB:
        return f"{count} 字节"
    return f"{int(count) / _KB:.0f} KB" if int(count) < _KB * _KB else f"{int(count) / _KB / _KB:.1f} MB"


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 1]}…"
