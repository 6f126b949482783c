"""The parts of a workbook that marking has to find: its sheets, in order, and where an element belongs in a part.

Values are not read here (see `xlsx_read`); the only text it gives is that of a cell of our own first sheet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model import column_letters
from pipeline.office.package_edit import OFFICE_RELATIONS, PackageEdit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

SHEET_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION_ID = f"{{{OFFICE_RELATIONS[:-1]}}}id"
WORKSHEET_KIND = OFFICE_RELATIONS + "worksheet"
_MAIN_KIND = OFFICE_RELATIONS + "officeDocument"
_STRINGS_KIND = OFFICE_RELATIONS + "sharedStrings"
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

WORKSHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing",
)  # fmt: skip
WORKBOOK_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tab: the name people see, its part, and the relationship that ties them."""

    name: str
    part: str
    relation: str


class Book:
    """The workbook part of a package."""

    def __init__(self, package: PackageEdit) -> None:
        self.package = package
        self.part = next((part for _, part in package.related("", _MAIN_KIND)), "xl/workbook.xml")
        self.root = package.root(self.part)

    def sheets(self) -> list[Sheet]:
        """Every tab whose part exists, in order."""
        found = []
        for entry in self.root.iterfind(f"{s('sheets')}/{s('sheet')}"):
            relation = entry.get(RELATION_ID, "")
            part = self.target(relation)
            if part in self.package:
                found.append(Sheet(entry.get("name", ""), part, relation))
        return found

    def target(self, relation: str) -> str:
        """The part behind a relationship id of the workbook, "" when there is none."""
        for kind in (WORKSHEET_KIND, OFFICE_RELATIONS + "chartsheet", OFFICE_RELATIONS + "dialogsheet"):
            for identifier, part in self.package.related(self.part, kind):
                if identifier == relation:
                    return part
        return ""

    def text_at(self, sheet: Sheet, reference: str) -> str:
        """The text of one cell, "" when it is empty or missing."""
        for cell in self.package.root(sheet.part).iter(s("c")):
            if cell.get("r") == reference:
                return self.text(cell)
        return ""

    def text(self, cell: Element) -> str:
        """The text a cell holds, in any of the three ways a workbook stores text."""
        if cell.get("t") == "inlineStr":
            return unescaped(_joined(cell))
        value = cell.findtext(s("v")) or ""
        if cell.get("t") != "s" or not value.isdecimal():
            return value
        part = next((part for _, part in self.package.related(self.part, _STRINGS_KIND)), "")
        strings = list(self.package.root(part)) if part in self.package else []
        return unescaped(_joined(strings[int(value)])) if int(value) < len(strings) else ""


def _joined(element: Element) -> str:
    """Plain text or rich text, the reading aids (rPh) left out."""
    paths = (s("t"), f"{s('is')}/{s('t')}", f".//{s('r')}/{s('t')}")
    return "".join(piece.text or "" for path in paths for piece in element.iterfind(path))


def escaped(text: str) -> str:
    """Text for a cell: what Excel would take for one of its own escapes stays what it is."""
    return _ESCAPED.sub(lambda match: f"_x005F{match[0]}", text)


def unescaped(text: str) -> str:
    """The text behind Excel's escapes."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def s(name: str) -> str:
    """A name of SpreadsheetML for lxml."""
    return f"{{{SHEET_NAMESPACE}}}{name}"


def local(element: Element) -> str:
    """The name of an element without its namespace, "" for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def put_in_order(parent: Element, child: Element, order: Sequence[str]) -> None:
    """Inserts a child where the schema wants it: after the last one that `order` names before it."""
    before = set(order[: order.index(local(child))])
    last = max((number for number, sibling in enumerate(parent) if local(sibling) in before), default=-1)
    parent.insert(last + 1, child)


def address(row: int, column: int) -> str:
    """Excel's name of a cell, both counted from 1."""
    return f"{column_letters(column)}{row}"


def position(reference: str) -> tuple[int, int]:
    """Row and column, counted from 1, of a name like C5; (0, 0) when it is none."""
    match = _CELL.fullmatch(reference)
    if not match:
        return 0, 0
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def number_of(text: str | None) -> int:
    """The whole number an attribute states, 0 when it states none."""
    return int(text) if text and text.isascii() and text.isdecimal() else 0


def merged_areas(root: Element) -> list[tuple[int, int, int, int]]:
    """Top, left, bottom, right of every merge of a worksheet."""
    areas = []
    for merge in root.iterfind(f"{s('mergeCells')}/{s('mergeCell')}"):
        first, _, last = merge.get("ref", "").partition(":")
        areas.append((*position(first), *position(last or first)))
    return areas
