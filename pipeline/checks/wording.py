"""How things are put: vague phrases, content elements, figures, sample text beyond what completeness sees.

R6 (four elements), R19 (a measurable figure), R25 (sample text), R53 and R81 (vague wording). Knowingly not: whether
a text is true, sensible or well written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.model import Finding, Severity
from pipeline.values.fold import fold

if TYPE_CHECKING:
    from pipeline.checks.case import Case, Cell

_CONCRETE = re.compile(
    r"\d|[一二两三四五六七八九十百千半每全](?:项|个|次|份|轮|期|名|人|件|台|套|篇|场|天|周|月|季|年|万|部)|《|％|%|清零|零投诉|百分之"
)
_NEED = re.compile(
    r"必要|可行|亟[需待]|急需|迫切|有必要|必须|需要|意义|有利于|具备条件|势在必行|制约|影响|不足|不到位|隐患|滞后|超标|薄弱"
)
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}|«[^«»]*»|<<[^<>]*>>|____|此处(?:填写|输入)|这里(?:填写|输入)")
_FIGURE = re.compile(r"\d|[一二两三四五六七八九十百千万零]+(?:项|个|次|份|%|％|成|倍|万元|元)")


def vague(case: Case, *, fields: Sequence[str]) -> Iterator[Finding]:
    """A phrase of rules.vague_phrases in a text without any number, document or date (R53, R81)."""
    phrases = case.context.settings.rules.vague_phrases
    for name in fields:
        for cell in case.telling(name, lambda datum: not _CONCRETE.search(fold(datum.reading.text))):
            if cell.firm and (phrase := _phrase(cell.text, phrases)):
                yield case.finding("vague", Severity.EXPLAIN, cell, phrase=phrase)


def elements(case: Case, *, fields: Sequence[str] = ()) -> Iterator[Finding]:
    """Necessity and feasibility are asked for, yet 附件1 has no place for them: a remark if no wording shows (R6)."""
    names = fields or [one.name for one in case.spec.fields if one.type == "long" and one.required == "yes"]
    cells = list(_filled(case, names))
    if cells and not any(_NEED.search(cell.text) for cell in cells):
        yield case.finding("missing_element", Severity.HINT, cells[0], element="立项的必要性和可行性")


def figures(case: Case, *, fields: Sequence[str]) -> Iterator[Finding]:
    """At least one measurable figure (R19): a remark if there is none."""
    for cell in _filled(case, fields):
        if not _FIGURE.search(fold(cell.text)):
            yield case.finding("missing_element", Severity.HINT, cell, variant="figure", element="可以衡量的数字")


def no_sample_text(case: Case, *, fields: Sequence[str] = ()) -> Iterator[Finding]:
    """No tags, fill-in lines or 「此处填写」 left in the given fields, by default in all (R25).

    XX and the like are looked for in every field anyway (completeness).
    """
    for name in fields or tuple(case.fields):
        for cell in case.telling(name, lambda datum: _TEMPLATE.search(datum.reading.text)):
            if cell.firm:
                yield case.finding("placeholder", Severity.ERROR, cell)


def _filled(case: Case, names: Sequence[str]) -> Iterator[Cell]:
    return (cell for name in names for cell in case.cells(name) if cell.firm)


def _phrase(text: str, phrases: tuple[str, ...]) -> str:
    """The words of the text that match the first phrase found, "" if none does. `…` stands for up to six characters."""
    found = next((hit for pattern in _patterns(phrases) if (hit := pattern.search(text))), None)
    return found[0] if found else ""


@lru_cache(maxsize=8)
def _patterns(phrases: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    gap = r"[^，。；、,;\s]{0,6}?"
    return tuple(re.compile(gap.join(map(re.escape, phrase.split("…")))) for phrase in phrases if phrase.strip("…"))
