"""A record in a few words: fields of a type with what the sender wrote, read and checked as the product does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.checks import CheckContext, run
from pipeline.forms.interpret import Frame, interpret
from pipeline.forms.spec import CheckCall, FieldSpec, Kind, TypeSpec
from pipeline.model import Extract, Finding, Place, Reading, Severity
from pipeline.settings import Settings
from pipeline.values import Roster

ARRIVAL = date(2026, 8, 24)
SETTINGS = Settings.default(2026)


def field(name: str, type: str = "text", required: str = "no", **more: object) -> FieldSpec:  # noqa: A002
    """One field or column of a type."""
    return FieldSpec(name, type, required, **more)  # type: ignore[arg-type]


def check(called: str, /, **arguments: object) -> CheckCall:
    """A named check as spec.toml calls it."""
    return CheckCall(called, arguments)


@dataclass(frozen=True)
class Sheet:
    """A type and how its submissions are looked at; `judge` gives the findings of one."""

    fields: tuple[FieldSpec, ...] = ()
    columns: tuple[FieldSpec, ...] = ()
    checks: tuple[CheckCall, ...] = ()
    window: str = ""
    settings: Settings = SETTINGS
    received: date | None = ARRIVAL
    today: date = date(2026, 11, 21)
    unit: str = ""
    roster: Roster | None = None

    @property
    def spec(self) -> TypeSpec:
        """The type."""
        kind: Kind = "ledger" if self.columns else "form"
        return TypeSpec("样表", kind, ("样表",), self.fields, self.columns, window=self.window, checks=self.checks)

    def judge(
        self, texts: Mapping[str, str | Reading] | None = None, *rows: Mapping[str, str | Reading]
    ) -> tuple[Finding, ...]:
        """Findings of a form with these texts and rows; what is not given is blank, each cell has its place."""
        given = {one.name: reading((texts or {}).get(one.name, ""), one.name) for one in self.fields}
        lines = tuple(
            {one.name: reading(row.get(one.name, ""), f"{one.name}{number}") for one in self.columns}
            for number, row in enumerate(rows, 1)
        )
        record = interpret(self.spec, Extract("样表", "", given, lines), Frame(2026, self.received))
        return run(self.spec, record, self.context)

    @property
    def context(self) -> CheckContext:
        """The surroundings the checks see."""
        roster = self.roster if self.roster is not None else Roster(())
        return CheckContext(self.settings, self.today, self.received, self.unit, roster)

    def with_rules(self, **rules: object) -> Sheet:
        """The same under other rules of the office."""
        return replace(self, settings=replace(self.settings, rules=replace(self.settings.rules, **rules)))  # type: ignore[arg-type]


def reading(written: str | Reading, spot: str) -> Reading:
    """A text at a place of its own."""
    return written if isinstance(written, Reading) else Reading(written, Place("cell", spot, "word/document.xml", (0,)))


def said(findings: Sequence[Finding]) -> list[tuple[str, str | None, int | None, Severity]]:
    """What a test usually asks: code, field, row, severity."""
    return [(one.code, one.field, one.row, one.severity) for one in findings]


def codes(findings: Sequence[Finding]) -> list[str]:
    """The codes alone."""
    return [one.code for one in findings]
