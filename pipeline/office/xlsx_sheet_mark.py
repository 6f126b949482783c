"""The first sheet 《反馈意见》: one row per flaw, each with a link to its cell, printing on A4 across.

All texts are inline strings in the text format: nothing a sender wrote ever becomes a formula. Column H is hidden and
holds the record for taking the marks away. Putting the sheet into the workbook is `xlsx_workbook_mark`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.office.marks import PageLine, heading, plain
from pipeline.office.package_edit import serialise
from pipeline.office.xlsx_note_size import text_lines
from pipeline.office.xlsx_parts import SHEET_NAMESPACE, escaped, s

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from pipeline.office.xlsx_styles_mark import Styles

TITLE = "反馈意见"
HEADER = ("序号", "位置", "程度", "填写的内容", "问题", "应当怎样")
RECORD_COLUMN = "H"
FIRST_LINE = 3
_ADVICE = (
    "请在原表中红色底纹的单元格处改正（批注写明了原因），改好后把本文件重新放入本单位的收件文件夹。"
    "本页、批注和红色底纹不必删除，重新报送时会自动识别并去掉。"
)
_WIDTHS = (6, 18, 14, 27, 36, 34)
_FOUND_LIMIT, _CELL_LIMIT = 300, 32_000  # a cell holds 32,767 characters
_LINE, _HIGHEST = 15, 409
_ADDRESS = re.compile(r"!\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")

_FONTS = {
    "title": '<font><b/><sz val="16"/><color rgb="FFC00000"/><name val="黑体"/><charset val="134"/></font>',
    "head": '<font><b/><sz val="11"/><name val="宋体"/><charset val="134"/></font>',
    "body": '<font><sz val="11"/><name val="宋体"/><charset val="134"/></font>',
    "link": '<font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="宋体"/><charset val="134"/></font>',
    "note": '<font><sz val="11"/><color rgb="FF595959"/><name val="仿宋"/><charset val="134"/></font>',
}
_EDGE = "".join(f'<{side} style="thin"><color rgb="FF7F7F7F"/></{side}>' for side in ("left", "right", "top", "bottom"))
_BORDER = f"<border>{_EDGE}<diagonal/></border>"
_GREY = '<fill><patternFill patternType="solid"><fgColor rgb="FFD9D9D9"/><bgColor indexed="64"/></patternFill></fill>'
_FRAME = f"""
<worksheet xmlns="{SHEET_NAMESPACE}">
  <sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>
  <sheetViews>
    <sheetView showGridLines="0" tabSelected="1" workbookViewId="0">
      <pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>
      <selection pane="bottomLeft" activeCell="A3" sqref="A3"/>
    </sheetView>
  </sheetViews>
  <sheetFormatPr defaultRowHeight="18"/>
  <cols/>
  <sheetData/>
  <mergeCells/>
  <hyperlinks/>
  <printOptions horizontalCentered="1"/>
  <pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>
  <pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>
  <headerFooter><oddFooter>&amp;C第 &amp;P 页 共 &amp;N 页</oddFooter></headerFooter>
</worksheet>"""


def page_xml(lines: Sequence[PageLine], names: Sequence[str], styles: Styles, reference: str) -> Element:
    """The worksheet; the record still has to be put in (`put_record`). `names`: the tabs that can be linked to."""
    root = etree.fromstring(_FRAME, etree.XMLParser(remove_blank_text=True))
    looks = _looks(styles)
    _columns(root)
    _row(root, 1, [heading(reference)], [looks["title"]], height=34)
    _row(root, 2, HEADER, [looks["head"]] * len(HEADER), height=24)
    for number, line in enumerate(lines, FIRST_LINE):
        _line(root, number, line, names, looks)
    last = FIRST_LINE + len(lines)
    _row(root, last, [_ADVICE], [looks["note"]], height=42)
    _merge(root, 1, last)
    links = root.find(s("hyperlinks"))
    if links is not None and not len(links):
        root.remove(links)
    return root


def put_record(root: Element, texts: Sequence[str]) -> bytes:
    """The finished part, with the record in the hidden column."""
    rows = {row.get("r", ""): row for row in root.iter(s("row"))}
    data = root.find(s("sheetData"))
    for number, text in enumerate(texts, 1):
        row = rows.get(str(number))
        if row is None and data is not None:
            row = etree.SubElement(data, s("row"), {"r": str(number)})
        if row is not None:
            _cell(row, f"{RECORD_COLUMN}{number}", text, None)
    return serialise(root)


def _looks(styles: Styles) -> dict[str, int]:
    fonts = {name: styles.append_xml("fonts", xml) for name, xml in _FONTS.items()}
    box, grey = styles.append_xml("borders", _BORDER), styles.append_xml("fills", _GREY)

    def look(font: str, align: str, *, border: int = box, fill: int = 0) -> int:
        indent = ' indent="1"' if align == "left" and border else ""
        return styles.append_xml(
            "cellXfs",
            f'<xf numFmtId="49" fontId="{fonts[font]}" fillId="{fill}" borderId="{border}" applyNumberFormat="1" '
            f'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
            f'<alignment horizontal="{align}" vertical="center" wrapText="1"{indent}/></xf>',
        )

    return {
        "title": look("title", "center", border=0),
        "head": look("head", "center", fill=grey),
        "text": look("body", "left"),
        "centre": look("body", "center"),
        "link": look("link", "left"),
        "note": look("note", "left", border=0),
    }


def _line(root: Element, number: int, line: PageLine, names: Sequence[str], looks: dict[str, int]) -> None:
    target = _target(line.place, names)
    texts = (line.number, line.place, line.severity_word, _short(line.found), line.problem, line.expected)
    place = looks["link" if target else "text"]
    kinds = [looks["centre"], place, looks["centre"], *[looks["text"]] * 3]
    _row(root, number, texts, kinds, height=_height(texts))
    links = root.find(s("hyperlinks"))
    if target and links is not None:
        etree.SubElement(links, s("hyperlink"), {"ref": f"B{number}", "location": target})


def _target(place: str, names: Sequence[str]) -> str:
    for name in names:
        match = _ADDRESS.match(place, len(name)) if place.startswith(name) else None
        if match:
            quoted = name.replace("'", "''")
            return f"'{quoted}'!{match[1]}{match[2]}"
    return ""


def _short(found: str) -> str:
    return found if len(found) <= _FOUND_LIMIT else f"{found[:_FOUND_LIMIT]}……"


def _columns(root: Element) -> None:
    columns = root.find(s("cols"))
    if columns is None:
        return
    for number, width in enumerate(_WIDTHS, 1):
        facts = {"min": str(number), "max": str(number), "width": str(width), "customWidth": "1"}
        etree.SubElement(columns, s("col"), facts)
    etree.SubElement(columns, s("col"), {"min": "8", "max": "8", "width": "9", "hidden": "1", "customWidth": "1"})


def _merge(root: Element, *rows: int) -> None:
    merges = root.find(s("mergeCells"))
    for row in rows:
        if merges is not None:
            etree.SubElement(merges, s("mergeCell"), {"ref": f"A{row}:F{row}"})


def _height(texts: Sequence[str]) -> int:
    """Points that the longest text of a row takes, wrapped; set by hand since not every program fits rows itself."""
    lines = max(text_lines(text, width - 3) for text, width in zip(texts, _WIDTHS, strict=True))
    return min(_LINE * lines + 10, _HIGHEST)


def _row(root: Element, number: int, texts: Sequence[str], looks: Sequence[int], *, height: int) -> None:
    data = root.find(s("sheetData"))
    if data is None:
        return
    row = etree.SubElement(data, s("row"), {"r": str(number), "ht": str(height), "customHeight": "1"})
    for letter, text, look in zip("ABCDEF", texts, looks, strict=False):
        _cell(row, f"{letter}{number}", text, look)


def _cell(row: Element, reference: str, text: str, look: int | None) -> None:
    cell = etree.SubElement(row, s("c"), {"r": reference, "t": "inlineStr"})
    if look is not None:
        cell.set("s", str(look))
    body = etree.SubElement(etree.SubElement(cell, s("is")), s("t"))
    body.text = escaped(plain(text)[:_CELL_LIMIT])
    body.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
