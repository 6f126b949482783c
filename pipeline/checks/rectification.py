"""Rectification ledgers: time limits of the three kinds, evidence, dates of completion (R48, R50–R52, R69).

Answers for: a deadline later than its kind allows, a computed one where the ledger gives none, 已完成 without proof or
date. Knowingly not: lights and reminders (affairs), whether the evidence is real.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipeline.affairs.deadlines import ClassLimits, class_limits
from pipeline.model import Finding, Severity
from pipeline.values import Deadline, format_value
from pipeline.values.blanks import says_not_applicable

if TYPE_CHECKING:
    from pipeline.checks.case import Case, Cell

DONE = ("已完成",)
_PLAN_WORD = "方案"
_PARTS = re.compile(r"[、，,；;/\s和及]+")


def class_deadline(case: Case, *, kind: str, deadline: str, base: str = "") -> Iterator[Finding]:
    """完成时限 within what 整改类型 allows, counted from `base` (default rules.base_date) (R50, R51, R52).

    Later is an error. Earlier than half a year for 长效治理 is a remark. A missing date or a class word (立行立改)
    gets the computed day, marked 推算. Open-ended deadlines without an end are left alone.
    """
    rules = case.context.settings.rules
    known: dict[tuple[str, date], ClassLimits | None] = {}
    for cell in case.cells(deadline):
        limits = _limits(case, (case.beside(kind, cell.row), case.beside(base or rules.base_date, cell.row)), known)
        if limits is None or cell.datum.reading.doubt or cell.datum.problem:
            continue
        value = cell.datum.value
        if isinstance(value, Deadline) and value.end is not None:
            yield from _compare(case, cell, value, limits)
        elif not isinstance(value, Deadline) or value.rule or not (value.open_ended or value.recurring):
            yield case.finding("derived", Severity.HINT, cell, variant="class", **_facts(limits))


def evidence(
    case: Case, *, evidence: str, state: str = "", done: Sequence[str] = DONE, weak: Sequence[str] = ()
) -> Iterator[Finding]:
    """已完成 needs 佐证材料 (R69): none is an error, plans and minutes alone are a remark.

    A ledger printed without the column is asked about once. A paper without `state` says itself that the work is done
    (销号申请表); that its proof is not missing is a matter of `required`. `weak` overrides rules.weak_evidence.
    """
    weak_words = tuple(weak) or case.context.settings.rules.weak_evidence
    if not state:
        alone = [cell for cell in case.cells(evidence) if cell.firm and _only(cell.text, weak_words)]
        yield from (case.finding("no_evidence", Severity.HINT, cell, variant="weak") for cell in alone)
        return
    finished = [cell for cell in case.cells(state) if cell.firm and str(cell.datum.value) in done]
    proofs = [(cell, proof) for cell in finished if (proof := case.beside(evidence, cell.row))]
    if proofs and not any(one.datum.reading.place or one.text for one in case.cells(evidence)):
        absent = case.about_all(proofs[0][1])
        yield case.finding("no_evidence", Severity.EXPLAIN, absent, variant="column", state=proofs[0][0].text)
        return
    for cell, proof in proofs:
        if proof.blank or says_not_applicable(proof.text):
            yield case.finding("no_evidence", Severity.ERROR, proof, state=cell.text)
        elif proof.firm and _only(proof.text, weak_words):
            yield case.finding("no_evidence", Severity.HINT, proof, variant="weak", state=cell.text)


def completion(case: Case, *, state: str, field: str, base: str = "", done: Sequence[str] = DONE) -> Iterator[Finding]:
    """完成日期 beside 已完成 (R48): absent is asked about, in the future or before `base` is an error."""
    cells = case.cells(field)
    printed = any(cell.datum.reading.place or cell.text for cell in cells)
    for cell in cells if printed else ():
        status = case.beside(state, cell.row)
        finished = status is not None and status.firm and str(status.datum.value) in done
        if cell.date:
            yield from _completed(case, cell, base)
        elif finished and status and cell.blank:
            yield case.finding("missing", Severity.EXPLAIN, cell, variant="completion", state=status.text)


def _completed(case: Case, cell: Cell, base: str) -> Iterator[Finding]:
    start = case.beside(base, cell.row) if base else None
    if cell.date and cell.date > case.context.day:
        facts = {"arrived": format_value("date", case.context.day)}
        yield case.finding("inconsistent", Severity.ERROR, cell, variant="future", **facts)
    elif cell.date and start and start.date and cell.date < start.date:
        facts = {"other": base, "other_date": format_value("date", start.date)}
        yield case.finding("inconsistent", Severity.ERROR, cell, variant="order", **facts)


def _limits(
    case: Case, cells: tuple[Cell | None, Cell | None], known: dict[tuple[str, date], ClassLimits | None]
) -> ClassLimits | None:
    """What the kind allows from the base date on; `known`: what was worked out before."""
    kind, base = cells
    if not kind or not kind.firm or not base or not base.date:
        return None
    asked = str(kind.datum.value), base.date
    if asked not in known:
        known[asked] = class_limits(*asked, case.context.settings.rules, case.calendar)
    return known[asked]


def _compare(case: Case, cell: Cell, value: Deadline, limits: ClassLimits) -> Iterator[Finding]:
    end = value.end
    if end is None:
        return
    plans = [point.end for point in value.checkpoints if _PLAN_WORD in point.label and point.end]
    if end > limits.last:
        yield case.finding("class_limit", Severity.ERROR, cell, **_facts(limits))
    elif limits.plan and any(plan > limits.plan for plan in plans):
        facts = {**_facts(limits), "limit": format_value("date", limits.plan)}
        yield case.finding("class_limit", Severity.ERROR, cell, variant="plan", **facts)
    elif end < limits.base:
        facts = {"other": "整改起算日期", "other_date": format_value("date", limits.base)}
        yield case.finding("inconsistent", Severity.EXPLAIN, cell, variant="order", **facts)
    elif limits.earliest and end < limits.earliest:
        facts = {**_facts(limits), "earliest": format_value("date", limits.earliest)}
        yield case.finding("class_limit", Severity.HINT, cell, variant="early", **facts)


def _facts(limits: ClassLimits) -> dict[str, str]:
    facts = {
        "kind": limits.kind,
        "base": format_value("date", limits.base),
        "limit": format_value("date", limits.last),
        "note": "" if limits.announced else "（节假日安排未公布，未含调休）",
    }
    if limits.printed != limits.last:
        facts["note"] = f"（{format_value('date', limits.printed)}逢休息日顺延）{facts['note']}"
    return facts


def _only(text: str, words: Sequence[str]) -> bool:
    parts = [part for part in _PARTS.split(text.strip("。. ")) if part]
    return bool(parts) and all(part.endswith(tuple(words)) for part in parts)
