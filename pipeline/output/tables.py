"""The 党建项目汇总表 per unit and consolidated (R21-R24), as Excel and as Word, with the list of what does not agree;
of every other ledger the rows of all units in one Excel list.

Rendered completely before anything is written. A unit's folder holds that unit's rows only. A table without rows is
not written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.office.docx_fill import fill_docx
from pipeline.office.xlsx_fill import fill_xlsx
from pipeline.office.xlsx_list import Column
from pipeline.office.xlsx_sheet import add_list_sheet
from pipeline.output import words
from pipeline.output.blanks import ROSTER
from pipeline.output.collected import collect_rows, render_collected
from pipeline.output.consolidate import APPLICATION, TABLE, Consolidated, Difference, ProjectRow, consolidate
from pipeline.output.names import safe_name, write_whole
from pipeline.output.papers import template
from pipeline.output.registry import in_year
from pipeline.output.sources import open_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from pipeline.office.library import Library
    from pipeline.output.sources import Sources
    from pipeline.settings import Settings
    from pipeline.workspace import Workspace

FOLDER = "汇总"
Say = Callable[[str], None]
_CHECK_COLUMNS = (
    Column("序号", 6, centred=True),
    Column("单位", 16),
    Column("项目名称", 28),
    Column("栏目", 13, centred=True),
    Column("申请表", 30),
    Column("单位汇总表", 30),
    Column("说明", 26),
)


def write_tables(
    workspace: Workspace,
    type_name: str,
    *,
    today: date,
    dry_run: bool = False,
    say: Say = lambda _: None,
) -> list[Path]:
    """Write the tables below outbox/汇总 and say which files they are (or would be).

    `say` hears Chinese sentences about what the office should still fill in or look at.
    Raises UsageError for a type that is no ledger of the units, SettingsError when a template cannot be used.
    """
    with open_sources(workspace, today) as sources:
        if type_name != TABLE:
            files, remarks = _collected(sources, type_name, today)
            return _write(workspace, files, remarks, dry_run=dry_run, say=say)
        settings, library, roster = sources.settings, sources.library, sources.registry.roster()
        applications = in_year(sources.registry.accepted(APPLICATION), settings, today)
        tables = in_year(sources.registry.accepted(TABLE), settings, today)
    whole = consolidate(applications, tables, roster)
    files = render_tables(whole, library, settings, today=today)
    return _write(workspace, files, tuple(_remarks(whole, settings)), dry_run=dry_run, say=say)


def _write(
    workspace: Workspace, files: Mapping[str, bytes], remarks: Sequence[str], *, dry_run: bool, say: Say
) -> list[Path]:
    for sentence in remarks:
        say(sentence)
    folder = workspace.outbox / FOLDER
    if not dry_run:
        for name, data in files.items():
            write_whole(folder / name, data, below=workspace.outbox)
    return [folder / name for name in files]


def _collected(sources: Sources, type_name: str, today: date) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The one list of a ledger that is not consolidated, or why there is none."""
    known = {one.name: one for one in sources.library.incoming if one.kind == "ledger" and one.name != ROSTER}
    if type_name not in known:
        raise UsageError(words.NO_TABLE_OF.format(name=type_name, known="、".join(known)))
    filed = in_year(sources.registry.accepted(type_name), sources.settings, today)
    whole = collect_rows(known[type_name], filed, sources.registry.roster())
    if not whole.rows:
        return {}, (words.NOTHING_COLLECTED.format(name=type_name),)
    return {safe_name(type_name, ".xlsx"): render_collected(known[type_name], whole, sources.settings, today=today)}, ()


def render_tables(whole: Consolidated, library: Library, settings: Settings, *, today: date) -> dict[str, bytes]:
    """File name below outbox/汇总 → content."""
    files: dict[str, bytes] = {}
    for unit in whole.units:
        name = safe_name(unit)
        for suffix, data in _both(whole.of(unit), library, settings, unit=unit, today=today).items():
            files[f"{name}/{TABLE}{suffix}"] = data
    if whole.rows:
        for suffix, data in _both(whole, library, settings, unit="", today=today).items():
            files[f"{TABLE}{suffix}"] = data
    return files


def _remarks(whole: Consolidated, settings: Settings) -> Iterator[str]:
    if not whole.rows:
        yield words.NO_PROJECTS
        return
    if not settings.organisation:
        yield words.NO_ORGANISATION
    if missing := [name for name, text in _office(settings).items() if not text]:
        yield words.no_contact(missing)
    if whole.differences:
        yield words.to_check(len(whole.differences))


def _both(part: Consolidated, library: Library, settings: Settings, *, unit: str, today: date) -> dict[str, bytes]:
    """The workbook and the Word copy of one table; `unit` "" is the consolidated one."""
    texts = {"单位名称": unit or settings.organisation or settings.office, **_head(part, settings, unit)}
    group = library.types[TABLE].group
    rows = {group: [_row(number, row, whole=not unit) for number, row in enumerate(part.rows, 1)]}
    book = fill_xlsx(template(library, TABLE, ".xlsx"), texts, rows)
    if part.differences:
        book = _with_differences(book, part.differences, settings, today)
    return {".xlsx": book, ".docx": fill_docx(template(library, TABLE, ".docx"), texts, rows)}


def _head(part: Consolidated, settings: Settings, unit: str) -> Mapping[str, str]:
    """Who filled it in: the unit's own words where it handed in a table, else the office."""
    own = part.heads.get(unit, {}) if unit else {}
    return {name: own.get(name) or text for name, text in _office(settings).items()}


def _office(settings: Settings) -> dict[str, str]:
    return {"填表人": settings.contact_person, "联系电话": settings.contact_phone}


def _row(number: int, row: ProjectRow, *, whole: bool) -> dict[str, str]:
    texts = {**row.texts, "序号": str(number)}
    branch = texts["项目承担部门"]
    if whole and row.unit and not branch.startswith(row.unit):
        texts["项目承担部门"] = f"{row.unit}\n{branch}"
    return texts


def _with_differences(book: bytes, differences: Sequence[Difference], settings: Settings, today: date) -> bytes:
    rows = [
        (str(number), one.unit, one.project, one.column or words.WHOLE_PROJECT, one.application, one.table, one.remark)
        for number, one in enumerate(differences, 1)
    ]
    return add_list_sheet(
        book,
        words.CHECK_SHEET,
        words.CHECK_TITLE,
        note=words.check_note(today, len(rows)),
        columns=_CHECK_COLUMNS,
        rows=rows,
        fonts=settings.fonts,
    )
