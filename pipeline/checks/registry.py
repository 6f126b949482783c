"""The closed list of named checks that a spec.toml may call, and what is wrong with a call.

Answers for: which checks exist, their arguments, complaints for the template linter. A new check is a function here,
never text in a template.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from pipeline.checks import (
    approval,
    figures,
    goals,
    ledgers,
    people,
    periods,
    rectification,
    schedules,
    windows,
    wording,
)
from pipeline.errors import SettingsError
from pipeline.model import Finding

if TYPE_CHECKING:
    from pipeline.checks.case import Case
    from pipeline.forms.spec import CheckCall, TypeSpec

Check = Callable[..., Iterator[Finding]]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        check.__name__: check
        for check in (
            windows.window,
            windows.date_in_window,
            windows.date_order,
            windows.postponed,
            windows.in_time,
            windows.not_in_future,
            periods.one_year,
            periods.period_inside_cycle,
            periods.inside_period,
            people.person,
            people.one_person,
            people.branch,
            people.unit_matches,
            wording.elements,
            wording.figures,
            wording.vague,
            wording.no_sample_text,
            ledgers.duplicate_rows,
            ledgers.serial,
            rectification.class_deadline,
            rectification.evidence,
            rectification.completion,
            approval.reason_given,
            figures.number_range,
            goals.incomplete_categories,
            goals.broken_down,
            schedules.dated,
            schedules.same_year,
            schedules.date_in_period,
        )
    }
)
"""Name in spec.toml → the check. Arguments are the function's keyword parameters."""

_LISTS = ("fields", "done", "weak", "words")
_NUMBERS = ("least", "most")
_PLAIN = ("name", "done", "weak", "words")
"""Arguments that do not name a field of the type."""


def call(case: Case, wanted: CheckCall) -> Iterator[Finding]:
    """The findings of one call. Raises SettingsError when the type's calls are wrong."""
    if mistakes := complaints(case.spec):
        raise SettingsError(f"文种“{case.spec.name}”的 spec.toml：{mistakes[0]}")
    return CHECKS[wanted.name](case, **wanted.arguments)


@lru_cache(maxsize=256)
def complaints(spec: TypeSpec) -> tuple[str, ...]:
    """Everything wrong with the checks a type calls, as Chinese sentences; for the template linter."""
    return tuple(one for wanted in spec.checks for one in mistakes_in(spec, wanted))


def mistakes_in(spec: TypeSpec, wanted: CheckCall) -> Iterator[str]:
    """What is wrong with one call: its name, its arguments, the fields they name."""
    if wanted.name not in CHECKS:
        import difflib

        near = difflib.get_close_matches(wanted.name, CHECKS, n=1, cutoff=0.5)
        yield f"没有名为“{wanted.name}”的检查，{f'是不是想写“{near[0]}”？' if near else f'可以写：{_listed(CHECKS)}。'}"
        return
    taken, required = _arguments(wanted.name)
    for name in required:
        if name not in wanted.arguments:
            yield f"检查“{wanted.name}”缺少参数“{name}”。"
    known = {field.name for field in (*spec.fields, *spec.columns)}
    for name, value in wanted.arguments.items():
        if name not in taken:
            yield f"检查“{wanted.name}”没有参数“{name}”，可以写：{_listed(taken)}。"
        else:
            yield from _value(wanted.name, name, value, known)


def _value(check: str, name: str, value: object, known: set[str]) -> Iterator[str]:
    if name in _NUMBERS:
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"检查“{check}”的参数“{name}”应当是整数，如 {name} = 100。"
        return
    if name in _LISTS:
        if not isinstance(value, list | tuple) or not value or not all(isinstance(one, str) for one in value):
            yield f'检查“{check}”的参数“{name}”应当是一组文字，如 ["甲", "乙"]。'
            return
        names = list(value)
    elif isinstance(value, str):
        names = [value]
    else:
        yield f"检查“{check}”的参数“{name}”应当是文字。"
        return
    for one in names if name not in _PLAIN else ():
        if one not in known:
            yield f"检查“{check}”提到的“{one}”不是这个文种的字段。"


@lru_cache(maxsize=64)
def _arguments(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(all, required) arguments of a check, read from its own signature."""
    parameters = [one for one in inspect.signature(CHECKS[name]).parameters.values() if one.kind is one.KEYWORD_ONLY]
    required = tuple(one.name for one in parameters if one.default is one.empty)
    return tuple(one.name for one in parameters), required


def _listed(names: object) -> str:
    return "、".join(names)  # type: ignore[arg-type]
