"""An Excel workbook as a `Document`: one grid per sheet that says something, hidden ones included and marked.

Sheets are found by relationships. Our own sheet of remarks is left out; its reference tells what the file answers.
Chart sheets, macro sheets and external links are not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.model import Document, Finding, Grid, Place, Severity, Spot
from pipeline.office import names
from pipeline.office.marks import signature
from pipeline.office.pictures import on_sheet
from pipeline.office.xlsx_cells import CellTexts
from pipeline.office.xlsx_grid import grid_of, sheet_findings
from pipeline.office.xlsx_plain import read_sheet
from pipeline.office.xlsx_strings import read_strings
from pipeline.office.xlsx_styles import read_formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.office.docx_traits import Element
    from pipeline.office.package import Package, Relation
    from pipeline.office.xlsx_rows import Sheet
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
    pictures: set[Spot] = set()
    answers = ""
    for title, hidden, part in _sheets(package, book, relations, limits):
        sheet = read_sheet(package.read(part), texts, limits)
        reference = _reference(title, sheet)
        if reference:
            answers = reference
            continue
        findings.extend(sheet_findings(title, sheet))
        if sheet.rows:
            grids.append(grid_of(title, sheet, limits, hidden=hidden))
            pictures |= on_sheet(package, part, title)
    if not any(text for grid in grids for row in grid.rows for text in row):
        raise Unreadable("no_text")
    if package.macros:
        findings.append(Finding("macros", Severity.HINT, place=Place("file", "整个文件")))
    return Document("xlsx", tuple(grids), tuple(findings), answers=answers, pictures=frozenset(pictures))


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
