"""What is right and wrong in a record: completeness and values for every type, named checks for each (R1 … R69).

`run` is pure: a record and its surroundings in, all findings out, in the order of the document, never the first only.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.checks.case import Case, CheckContext
from pipeline.checks.completeness import completeness
from pipeline.checks.problems import problems
from pipeline.checks.registry import CHECKS, call, complaints
from pipeline.checks.verdict import verdict_of
from pipeline.forms.spec import CheckCall, TypeSpec
from pipeline.model import Finding, Record, Severity

__all__ = ["CHECKS", "CheckContext", "complaints", "run", "verdict_of"]

_WEIGHT = {Severity.ERROR: 0, Severity.EXPLAIN: 1, Severity.HINT: 2}
_SETTLES = frozenset({"missing", "placeholder"})
"""Where one of these stands nothing else is said about the cell: there is no value to judge."""


def run(spec: TypeSpec, record: Record, context: CheckContext) -> tuple[Finding, ...]:
    """Everything wrong with a record. Raises SettingsError when the type calls a check that does not exist."""
    case = Case(spec, record, context)
    found = [*completeness(case), *problems(case)]
    for wanted in _calls(spec):
        found.extend(call(case, wanted))
    return _in_order(spec, _distinct(found))


def _calls(spec: TypeSpec) -> Iterable[CheckCall]:
    """The type's own checks; a type that names its window is checked against it even if it forgot to ask."""
    if spec.window and not any(wanted.name == "window" for wanted in spec.checks):
        return (CheckCall("window"), *spec.checks)
    return spec.checks


def _distinct(findings: list[Finding]) -> list[Finding]:
    """One finding per sentence and cell, the heaviest; little beside a missing or placeholder value."""
    settled = {(one.field, one.row) for one in findings if one.code in _SETTLES and one.field is not None}
    best: dict[tuple[str, str, str | None, int | None], Finding] = {}
    for one in findings:
        if (one.field, one.row) in settled and one.code not in (*_SETTLES, "derived", "too_long", "late"):
            continue
        key = (one.code, one.facts.get("variant", ""), one.field, one.row)
        if key not in best or _WEIGHT[one.severity] < _WEIGHT[best[key].severity]:
            best[key] = one
    return list(best.values())


def _in_order(spec: TypeSpec, findings: list[Finding]) -> tuple[Finding, ...]:
    place = {field.name: number for number, field in enumerate((*spec.fields, *spec.columns), 1)}
    return tuple(sorted(findings, key=lambda one: (one.row or 0, place.get(one.field or "", 0), _WEIGHT[one.severity])))
