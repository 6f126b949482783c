"""Adds one more sheet with a plain ruled list (see `xlsx_list`) to a workbook of ours, behind its own sheets.

The other parts keep their bytes but for the list of sheets, the styles and the content types. Texts are inline
strings, never formulas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lxml import etree

from pipeline.office.package_edit import PackageEdit
from pipeline.office.xlsx_list import BODY_POINTS, Column, row_height
from pipeline.office.xlsx_parts import (
    RELATION_ID,
    SHEET_NAMESPACE,
    WORKBOOK_ORDER,
    WORKSHEET_KIND,
    Book,
    address,
    escaped,
    put_in_order,
    s,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from pipeline.settings import Fonts

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_HEAD_ROWS = 3


def add_list_sheet(
    workbook: bytes,
    name: str,
    title: str,
    *,
    note: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    fonts: Fonts,
) -> bytes:
    """The workbook with the sheet `name` behind the others; each row has as many texts as there are columns."""
    package = PackageEdit(workbook)
    book = Book(package)
    styles = _Styles(package, fonts)
    part = package.free_name("xl/worksheets/sheet{}.xml")
    package.put(part, etree.tostring(_worksheet(title, note, columns, rows, styles), encoding="UTF-8"))
    package.declare(part, _SHEET_TYPE)
    relation = package.relate(book.part, WORKSHEET_KIND, part)
    _list_sheet(book, name, relation)
    styles.store()
    package.save(book.part)
    return package.to_bytes()


class _Styles:
    """Four cell formats appended to those of the workbook: title, note, heading, left and centred text."""

    def __init__(self, package: PackageEdit, fonts: Fonts) -> None:
        self._package = package
        self._part = next(name for name in package.names() if name.endswith("styles.xml"))
        self._root = package.root(self._part)
        line = self._append("borders", _border())
        title, head, body = (
            self._append("fonts", _font(name, points))
            for name, points in ((fonts.title, 18), (fonts.heading, BODY_POINTS), (fonts.body, BODY_POINTS))
        )
        self.title = self._format(title, 0, "center")
        self.note = self._format(body, 0, "left")
        self.head = self._format(head, line, "center")
        self.left = self._format(body, line, "left")
        self.centre = self._format(body, line, "center")

    def store(self) -> None:
        """Put the formats into the package."""
        self._package.save(self._part)

    def _append(self, group: str, element: Element) -> int:
        parent = self._root.find(s(group))
        if parent is None:
            raise ValueError(group)
        parent.append(element)
        parent.set("count", str(len(parent)))
        return len(parent) - 1

    def _format(self, font: int, border: int, side: str) -> int:
        style = etree.Element(s("xf"), {
            "numFmtId": "0", "fontId": str(font), "fillId": "0", "borderId": str(border), "xfId": "0",
            "applyFont": "1", "applyBorder": "1", "applyAlignment": "1",
        })  # fmt: skip
        etree.SubElement(style, s("alignment"), {"horizontal": side, "vertical": "center", "wrapText": "1"})
        return self._append("cellXfs", style)


def _font(name: str, points: int) -> Element:
    font = etree.Element(s("font"))
    for tag, value in (("sz", str(points)), ("name", name)):
        etree.SubElement(font, s(tag), {"val": value})
    return font


def _border() -> Element:
    border = etree.Element(s("border"))
    for side in ("left", "right", "top", "bottom"):
        etree.SubElement(border, s(side), {"style": "thin"})
    etree.SubElement(border, s("diagonal"))
    return border


def _worksheet(
    title: str, note: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], styles: _Styles
) -> Element:
    root = etree.Element(s("worksheet"), nsmap=cast("dict[str, str]", {None: SHEET_NAMESPACE}))
    etree.SubElement(etree.SubElement(root, s("sheetPr")), s("pageSetUpPr"), {"fitToPage": "1"})
    widths = etree.SubElement(root, s("cols"))
    for number, column in enumerate(columns, 1):
        place = {"min": str(number), "max": str(number), "width": f"{column.width:g}", "customWidth": "1"}
        etree.SubElement(widths, s("col"), place)
    data = etree.SubElement(root, s("sheetData"))
    _row(data, 36, [(title, styles.title)])
    _row(data, 22, [(note, styles.note)])
    headings = [column.heading for column in columns]
    _row(data, row_height(headings, columns), [(text, styles.head) for text in headings])
    for row in rows:
        faces = [styles.centre if column.centred else styles.left for column in columns]
        _row(data, row_height(row, columns), list(zip(row, faces, strict=True)))
    merges = etree.SubElement(root, s("mergeCells"), {"count": "2"})
    for number in (1, 2):
        etree.SubElement(merges, s("mergeCell"), {"ref": f"A{number}:{address(number, len(columns))}"})
    margins = {"left": "0.6", "right": "0.6", "top": "0.8", "bottom": "0.8", "header": "0.3", "footer": "0.3"}
    etree.SubElement(root, s("pageMargins"), margins)
    etree.SubElement(root, s("pageSetup"), {"paperSize": "9", "orientation": "landscape", "fitToHeight": "0"})
    return root


def _row(data: Element, height: float, cells: Sequence[tuple[str, int]]) -> None:
    number = len(data) + 1
    row = etree.SubElement(data, s("row"), {"r": str(number), "ht": f"{height:g}", "customHeight": "1"})
    for column, (text, style) in enumerate(cells, 1):
        cell = etree.SubElement(row, s("c"), {"r": address(number, column), "s": str(style), "t": "inlineStr"})
        node = etree.SubElement(etree.SubElement(cell, s("is")), s("t"), {_SPACE: "preserve"})
        node.text = escaped(text)


def _list_sheet(book: Book, name: str, relation: str) -> None:
    sheets = book.root.find(s("sheets"))
    if sheets is None:
        raise ValueError(book.part)
    numbers = [int(entry.get("sheetId", "0")) for entry in sheets]
    entry = {"name": name, "sheetId": str(max(numbers, default=0) + 1), RELATION_ID: relation}
    etree.SubElement(sheets, s("sheet"), entry)
    names = book.root.find(s("definedNames"))
    if names is None:
        names = etree.Element(s("definedNames"))
        put_in_order(book.root, names, WORKBOOK_ORDER)
    place = {"name": "_xlnm.Print_Titles", "localSheetId": str(len(sheets) - 1)}
    etree.SubElement(names, s("definedName"), place).text = f"'{name}'!${_HEAD_ROWS}:${_HEAD_ROWS}"
