"""An Excel workbook as a `Document`: one grid per sheet that says something, hidden ones included and marked.

Sheets are found by relationships. Our own sheet of remarks is left out; its reference tells what the file answers.
Chart sheets, macro sheets and external links are not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.model import Document, Finding, Grid, Place, Pos, Severity, column_letters
from pipeline.office import names
from pipeline.office.marks import signature
from pipeline.office.xlsx_cells import CellTexts
from pipeline.office.xlsx_rows import Sheet, read_sheet
from pipeline.office.xlsx_strings import read_strings
from pipeline.office.xlsx_styles import read_formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipeline.office.docx_traits import Element
    from pipeline.office.package import Package, Relation
    from pipeline.settings import Limits

OUR_SHEET = "反馈意见"


def read_xlsx(package: Package, limits: Limits) -> Document:
    """The document. Raises Unreadable: corrupt, forbidden_xml, too_large, strict_ooxml, no_text."""
    book = package.xml(package.main)
    if book.tag != names.WORKBOOK:
        raise Unreadable("strict_ooxml" if "purl.oclc.org" in str(book.tag) else "corrupt", reason="workbook")
    relations = {relation.id: relation for relation in package.relations(package.main)}
    texts = _texts(package, book, relations.values())
    grids: list[Grid] = []
    findings: list[Finding] = []
    answers = ""
    for title, hidden, part in _sheets(package, book, relations, limits):
        sheet = read_sheet(package.read(part), texts, limits)
        reference = _reference(title, sheet)
        if reference:
            answers = reference
            continue
        findings.extend(_findings(title, sheet))
        if sheet.rows:
            grids.append(_grid(title, sheet, limits, hidden=hidden))
    if not any(text for grid in grids for row in grid.rows for text in row):
        raise Unreadable("no_text")
    if package.macros:
        findings.append(Finding("macros", Severity.HINT, place=Place("file", "整个文件")))
    return Document("xlsx", tuple(grids), findings=tuple(findings), answers=answers)


def _texts(package: Package, book: Element, relations: Iterable[Relation]) -> CellTexts:
    parts = {relation.type: relation.target for relation in relations if package.has(relation.target)}
    strings = read_strings(package.read(parts["sharedStrings"])) if "sharedStrings" in parts else []
    formats = read_formats(package.read(parts["styles"])) if "styles" in parts else ()
    from_1904 = any(properties.get("date1904") in ("1", "true") for properties in book.iter(names.WORKBOOK_PR))
    return CellTexts(strings, formats, from_1904=from_1904)


def _sheets(
    package: Package, book: Element, relations: dict[str, Relation], limits: Limits
) -> list[tuple[str, bool, str]]:
    """Title, whether hidden, and part of every worksheet in the order of the tabs."""
    sheets: list[tuple[str, bool, str]] = []
    for entry in book.iter(names.SHEET_ENTRY):
        relation = relations.get(entry.get(names.RELATION_ID, ""))
        if relation is not None and relation.type == "worksheet":
            hidden = entry.get("state", "visible") != "visible"
            sheets.append((entry.get("name", ""), hidden, relation.target))
    if len(sheets) > limits.sheets:
        raise Unreadable("too_large", reason="sheets", limit=str(limits.sheets), found=str(len(sheets)))
    return sheets


def _reference(title: str, sheet: Sheet) -> str:
    """The reference on our own sheet of remarks, "" for any other sheet."""
    first = sheet.rows.get(0)
    return signature(first[0]) if title.startswith(OUR_SHEET) and first else ""


def _grid(title: str, sheet: Sheet, limits: Limits, *, hidden: bool) -> Grid:
    height, width = max(sheet.rows) + 1, sheet.width
    if height * width > limits.cells:
        raise Unreadable("too_large", reason="cells", limit=str(limits.cells), found=str(height * width))
    spans = _spans(sheet, height, width)
    _clear_covered(sheet, spans)
    empty = ("",) * width
    rows = (tuple(row) + empty[len(row) :] if (row := sheet.rows.get(at)) else empty for at in range(height))
    return Grid(
        name=title,
        kind="sheet",
        rows=tuple(rows),
        spans=spans,
        stored=sheet.stored,
        part=title,
        hidden=hidden,
        hidden_rows=frozenset(sheet.hidden_rows),
        hidden_columns=frozenset(_hidden_columns(sheet)),
    )


def _spans(sheet: Sheet, height: int, width: int) -> dict[Pos, tuple[int, int]]:
    """Merges clipped to the used area; together they can cover it only once."""
    spans: dict[Pos, tuple[int, int]] = {}
    free = height * width
    for top, left, bottom, right in sheet.merges:
        size = (min(bottom + 1, height) - top, min(right + 1, width) - left)
        if min(size) < 1 or size == (1, 1) or spans.get((top, left)) == size:
            continue
        free -= size[0] * size[1]
        if free < 0:
            raise Unreadable("corrupt", reason="merges")
        spans[top, left] = size
    return spans


def _clear_covered(sheet: Sheet, spans: dict[Pos, tuple[int, int]]) -> None:
    """What stands under a merge is not on the screen."""
    for (top, left), (height, width) in spans.items():
        for row in range(top, top + height):
            content = sheet.rows.get(row, [])
            for column in range(left, min(left + width, len(content))):
                if (row, column) != (top, left) and content[column]:
                    content[column] = ""
                    sheet.stored.pop((row, column), None)


def _hidden_columns(sheet: Sheet) -> set[int]:
    return {column for first, last in sheet.hidden_columns for column in range(first, min(last + 1, sheet.width))}


def _findings(title: str, sheet: Sheet) -> list[Finding]:
    place = Place("file", f"工作表「{title}」", title)
    findings: list[Finding] = []
    columns = [
        column for column in sorted(_hidden_columns(sheet))
        if any(len(row) > column and row[column] for row in sheet.rows.values())
    ]  # fmt: skip
    if sheet.hidden_rows or columns:
        facts = {
            "sheet": title,
            "rows": _ranges(sorted(row + 1 for row in sheet.hidden_rows), str),
            "columns": _ranges([column + 1 for column in columns], column_letters),
        }
        findings.append(Finding("hidden_rows", Severity.HINT, place=place, facts=facts))
    if sheet.far >= 0:
        facts = {"sheet": title, "row": str(sheet.far + 1)}
        findings.append(Finding("far_cells", Severity.EXPLAIN, place=place, facts=facts))
    return findings


def _ranges(numbers: list[int], name: Callable[[int], str]) -> str:
    """Numbers as people write them: 3、5-7."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return "、".join(name(first) if first == last else f"{name(first)}-{name(last)}" for first, last in ranges)
