"""Rows of the 党建项目汇总表 (R21-R23) from 申请表 and from the 汇总表 of units, and every difference between the two.

The 汇总表 of a unit gives the text, for it is the later and approved word; but nothing is chosen silently: each
difference is a `Difference` (domain_rules §8, 20). Pure; knows no file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.output import words
from pipeline.output.approval import Opinion, opinion
from pipeline.output.registry import Branches, joined_lines
from pipeline.values import format_value
from pipeline.values.fold import key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.model import Datum
    from pipeline.output.registry import Filed
    from pipeline.values import Roster

APPLICATION, TABLE = "党建项目申请表", "党建项目汇总表"
SOURCE_OF = {
    "项目名称": "项目名称",
    "项目起止日期": "项目起止日期",
    "项目承担部门": "立项支部",
    "解决问题": "选题",
    "采取措施": "内容",
    "达到目标": "预期目标",
}
"""Column of the 汇总表 → field of the 申请表 (附件1, 附件4)."""

_COLUMNS = (*SOURCE_OF, "备注")
_ONE_LINE = ("项目名称", "项目起止日期", "项目承担部门")


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project's texts by column, without 序号."""

    unit: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What two papers say differently of one project, or which of them does not know it."""

    unit: str
    project: str
    column: str
    application: str
    table: str
    remark: str


@dataclass(frozen=True, slots=True)
class Consolidated:
    """Rows in the order of the roster and, per unit, of arrival; differences in the same order."""

    rows: tuple[ProjectRow, ...] = ()
    differences: tuple[Difference, ...] = ()
    heads: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, unit: str) -> Consolidated:
        """One unit's part, nothing of any other."""
        return Consolidated(
            tuple(row for row in self.rows if row.unit == unit),
            tuple(one for one in self.differences if one.unit == unit),
            {name: head for name, head in self.heads.items() if name == unit},
        )

    @property
    def units(self) -> tuple[str, ...]:
        """Units with rows, in order."""
        return tuple(dict.fromkeys(row.unit for row in self.rows))


def consolidate(applications: Sequence[Filed], tables: Sequence[Filed], roster: Roster) -> Consolidated:
    """All projects of accepted 申请表 and 汇总表. A refused 申请表 gives no row of its own."""
    rows: list[ProjectRow] = []
    differences: list[Difference] = []
    heads: dict[str, Mapping[str, str]] = {}
    branches = Branches(roster)
    for unit in _units(applications, tables, roster):
        own = [filed for filed in tables if filed.unit == unit]
        part = _Part(unit, [filed for filed in applications if filed.unit == unit], own, branches)
        rows += part.rows
        differences += part.differences
        heads |= {unit: _head(own)} if own else {}
    return Consolidated(tuple(rows), tuple(differences), heads)


def unit_order(roster: Roster, unit: str) -> tuple[int, str]:
    """Sorts units as the roster lists them, unknown ones behind by name."""
    units = roster.units
    return (units.index(unit) if unit in units else len(units), unit)


class _Part:
    """One unit's projects: the rows of its tables first, in their order, then what only applications know."""

    def __init__(self, unit: str, applications: Sequence[Filed], tables: Sequence[Filed], branches: Branches) -> None:
        self._unit = unit
        self._branches = branches
        self.rows: list[ProjectRow] = []
        self.differences: list[Difference] = []
        waiting = [(self._identity(texts), texts, filed) for filed in applications for texts in (_applied(filed),)]
        for texts in _listed(tables):
            found = next((one for one in waiting if one[0] == self._identity(texts)), None)
            if found:
                waiting.remove(found)
            self._add(texts, found[1] if found else None, found[2] if found else None)
        for _, texts, filed in waiting:
            self._only_applied(texts, filed, listed=bool(tables))

    def _identity(self, texts: Mapping[str, str]) -> tuple[str, str]:
        branch = self._branches.find(self._unit, texts["项目承担部门"])
        return key(texts["项目名称"]), branch.name if branch else key(texts["项目承担部门"])

    def _add(self, texts: Mapping[str, str], applied: Mapping[str, str] | None, filed: Filed | None) -> None:
        self.rows.append(ProjectRow(self._unit, texts))
        if applied is None or filed is None:
            self._differ(texts, remark=words.ONLY_IN_TABLE)
            return
        for column in SOURCE_OF:
            if column in ("项目名称", "项目承担部门") or _same(applied[column], texts[column]):
                continue
            self._differ(texts, column, applied[column], texts[column], words.TABLE_TAKEN)
        if _refused(filed):
            self._differ(texts, "党委会意见", filed.text("党委会意见"), "", words.REFUSED_BUT_LISTED)

    def _only_applied(self, texts: Mapping[str, str], filed: Filed, *, listed: bool) -> None:
        if _refused(filed):
            self._differ(texts, "党委会意见", filed.text("党委会意见"), "", words.REFUSED_LEFT_OUT)
            return
        self.rows.append(ProjectRow(self._unit, texts))
        if listed:
            self._differ(texts, remark=words.ONLY_APPLIED)
        if not texts["项目起止日期"]:
            self._differ(texts, "项目起止日期", "", "", words.NO_PERIOD)

    def _differ(
        self, texts: Mapping[str, str], column: str = "", application: str = "", table: str = "", remark: str = ""
    ) -> None:
        self.differences.append(Difference(self._unit, texts["项目名称"], column, application, table, remark))


def _units(applications: Sequence[Filed], tables: Sequence[Filed], roster: Roster) -> list[str]:
    found = {filed.unit for filed in (*applications, *tables)}
    return sorted(found, key=lambda unit: unit_order(roster, unit))


def _applied(filed: Filed) -> dict[str, str]:
    record = filed.outcome.record
    fields = record.fields if record else {}
    texts = {column: _text(column, fields.get(source)) for column, source in SOURCE_OF.items()}
    return {**texts, "备注": ""}


def _listed(tables: Sequence[Filed]) -> Iterator[dict[str, str]]:
    for filed in tables:
        for row in filed.outcome.record.rows if filed.outcome.record else ():
            yield {column: _text(column, row.get(column)) for column in _COLUMNS}


def _text(column: str, datum: Datum | None) -> str:
    """In the house style where the meaning is certain, else as written."""
    if datum is None:
        return ""
    certain = datum.value is not None and not datum.reading.doubt and not datum.problem
    if column == "项目起止日期" and certain and datum.kind == "period":
        return format_value("period", datum.value)
    return joined_lines(datum.text) if column in _ONE_LINE else datum.text.strip()


def _same(one: str, other: str) -> bool:
    """Spelling, white space and full stops at the end do not make a difference."""
    return key(one).rstrip(".。;；") == key(other).rstrip(".。;；")


def _refused(filed: Filed) -> bool:
    return opinion(filed.text("党委会意见")) is Opinion.REFUSED


def _head(tables: Sequence[Filed]) -> dict[str, str]:
    return {name: tables[-1].text(name) for name in ("填表人", "联系电话")}
