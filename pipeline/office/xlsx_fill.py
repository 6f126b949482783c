"""Fills an Excel template: texts at the tags, the repeating row once per row, everything below moved down.

Values are inline strings, so that no value can ever be a formula. Merges, print areas, conditional formats, data
validations and links follow the rows; row heights are estimated. All other members stay as they are. Knowingly not
done: moving formulas and table objects (`compile_xlsx` refuses such a template) and pictures, which stay in place.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.errors import SettingsError
from pipeline.forms.tags import find_tags
from pipeline.office import xlsx_heights as heights
from pipeline.office.template_parts import (
    BLANK_ROWS,
    TOKEN,
    TemplatePackage,
    clean,
    encode_part,
    escape,
    open_template,
    parse_part,
    serialise_text,
    token,
    value_of,
)
from pipeline.office.xlsx_ranges import Growth, names_moved, ranges_moved
from pipeline.office.zip_bytes import Member, join, packed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element as Element

NS = heights.NS
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PARTS = re.compile(r"xl/(workbook|styles|sharedStrings|worksheets/[^/]+)\.xml|xl/_rels/workbook\.xml\.rels")
_DECODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_OBSTACLES = {"f": "公式", "tableParts": "表格对象（套用表格格式）"}


@dataclass(frozen=True, slots=True)
class Hole:
    """A cell with tags: fixed words and names in turn; `fit` is None for a cell that does not wrap."""

    words: tuple[str, ...]
    names: tuple[str, ...]
    group: str
    fit: heights.Fit | None

    def text(self, values: Mapping[str, str]) -> str:
        """The cell's text."""
        out = [self.words[0]]
        for name, word in zip(self.names, self.words[1:], strict=True):
            out += (clean(value_of(values, name)), word)
        return "".join(out)

    def blank(self) -> str:
        """The cell's text in a row that is there to be filled in by hand."""
        return "".join(self.words)


@dataclass(frozen=True, slots=True)
class RowPlan:
    """A row. `pieces` are text, ("n", 0) for its number, ("h", 0) for its height, ("c", i) for hole i."""

    pieces: tuple[str | tuple[str, int], ...]
    holes: tuple[Hole, ...]
    height: float


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet cut into the text before its rows, the rows with their numbers, and the text behind them."""

    head: str
    rows: tuple[tuple[int, RowPlan], ...]
    tail: str
    repeat: int
    group: str


@dataclass(frozen=True, slots=True)
class Filler:
    """A prepared workbook; `fill` may be called any number of times and gives the same bytes for the same values."""

    members: tuple[Member, ...]
    sheets: Mapping[str, SheetPlan]
    workbook: str
    places: Mapping[str, str]

    def fill(self, texts: Mapping[str, str], rows: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
        """The workbook. ValueError: a value is missing or holds control characters."""
        changed = {part: _sheet(plan, texts, rows.get(plan.group, ())) for part, plan in self.sheets.items()}
        grown = {
            name: _growth(self.sheets[part], rows.get(self.sheets[part].group, ()))
            for name, part in self.places.items()
            if part in self.sheets
        }
        changed["xl/workbook.xml"] = names_moved(self.workbook, grown)
        return join(
            packed(member.name, encode_part(changed[member.name])) if member.name in changed else member
            for member in self.members
        )


def fill_xlsx(template: bytes, texts: Mapping[str, str], rows: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    """One workbook from a template; for many, `compile_xlsx` once."""
    return compile_xlsx(template).fill(texts, rows)


def compile_xlsx(template: bytes) -> Filler:
    """Prepare a template. Raises SettingsError: damaged, no workbook, what cannot be moved below a repeating row."""
    package = open_template(template, _PARTS)
    if "xl/workbook.xml" not in package.parts:
        raise SettingsError("模板不是 Excel 工作簿（.xlsx）。")
    strings = _shared(package)
    styles = heights.cell_styles(_root(package, "xl/styles.xml"))
    sheets: dict[str, SheetPlan] = {}
    for part in package.parts:
        if part.startswith("xl/worksheets/"):
            plan = _Planner(parse_part(package.parts[part], part), strings, styles).plan()
            if plan is not None:
                sheets[part] = plan
    workbook = parse_part(package.parts["xl/workbook.xml"], "xl/workbook.xml")
    return Filler(package.members, sheets, serialise_text(workbook), _places(package, workbook))


def _root(package: TemplatePackage, part: str) -> Element | None:
    return parse_part(package.parts[part], part) if part in package.parts else None


def _shared(package: TemplatePackage) -> list[str]:
    root = _root(package, "xl/sharedStrings.xml")
    return [] if root is None else [_plain(item) for item in root.iterfind(f"{NS}si")]


def _plain(item: Element) -> str:
    """The text of a string with or without rich text runs; phonetic guides left out."""
    own = [*item.iterfind(f"{NS}t"), *item.iterfind(f"{NS}r/{NS}t")]
    return "".join(node.text or "" for node in own)


def _places(package: TemplatePackage, workbook: Element) -> dict[str, str]:
    """Sheet name → part."""
    relations = _root(package, "xl/_rels/workbook.xml.rels")
    targets = {} if relations is None else {str(r.get("Id")): str(r.get("Target")) for r in relations}
    places = {}
    for sheet in workbook.iterfind(f"{NS}sheets/{NS}sheet"):
        target = targets.get(sheet.get(_R_ID, ""), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        places[sheet.get("name", "")] = part
    return places


class _Planner:
    """Cuts one sheet at its holes."""

    def __init__(self, root: Element, strings: Sequence[str], styles: Sequence[tuple[float, bool]]) -> None:
        self.root = root
        self.strings = strings
        self.measure = heights.measure(root, styles)
        self.merged = _merged(root)

    def plan(self) -> SheetPlan | None:
        """None for a sheet without tags."""
        data = self.root.find(f"{NS}sheetData")
        if data is None:
            return None
        rows = [(int(row.get("r", "0")), self._row(row)) for row in data.iterfind(f"{NS}row")]
        if not any(row.holes for _, row in rows):
            return None
        groups = {(number, hole.group) for number, row in rows for hole in row.holes if hole.group}
        repeat, group = self._repeat(groups)
        for child in list(data):
            data.remove(child)
        data.text = token("d", 0)
        head, _, tail = serialise_text(self.root).partition(token("d", 0))
        return SheetPlan(head, tuple(rows), tail, repeat, group)

    def _repeat(self, groups: set[tuple[int, str]]) -> tuple[int, str]:
        if not groups:
            return 0, ""
        if len(groups) > 1:
            raise SettingsError("模板的一张工作表里只能有一个重复的行，行里只能用同一个组的标签。")
        number, group = next(iter(groups))
        for name, words in _OBSTACLES.items():
            if next(self.root.iter(NS + name), None) is not None:
                raise SettingsError(f"模板里有重复的行，同一张工作表里不能再有{words}。")
        if any(top <= number <= bottom and top != bottom for top, _, bottom, _ in self.merged):
            raise SettingsError("模板里重复的行不能上下合并单元格。")
        return number, group

    def _row(self, row: Element) -> RowPlan:
        holes: list[Hole] = []
        for cell in row.iterfind(f"{NS}c"):
            cell.set("r", re.sub(r"\d+", "", cell.get("r", "")) + token("n", 0))
            text = self._text(cell)
            tags = find_tags(text) if "{{" in text else ()
            if tags:
                self._open(cell, len(holes))
                holes.append(self._hole(cell, text))
        low = float(row.get("ht", "0"))
        row.set("r", token("n", 0))
        if holes:
            row.set("ht", token("h", 0))
            row.set("customHeight", "1")
        pieces = _cut(_bare(row, self.root))
        return RowPlan(pieces, tuple(holes), low)

    def _text(self, cell: Element) -> str:
        kind = cell.get("t")
        if kind == "s":
            number = cell.findtext(f"{NS}v") or "0"
            return self.strings[int(number)]
        inline = cell.find(f"{NS}is")
        return _plain(inline) if kind == "inlineStr" and inline is not None else ""

    def _open(self, cell: Element, number: int) -> None:
        for child in list(cell):
            cell.remove(child)
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, f"{NS}is"), f"{NS}t")
        text.set(_SPACE, "preserve")
        text.text = token("c", number)

    def _hole(self, cell: Element, text: str) -> Hole:
        tags = find_tags(text)
        edges = [0, *(edge for tag in tags for edge in (tag.start, tag.end)), len(text)]
        words = tuple(text[edges[n] : edges[n + 1]] for n in range(0, len(edges), 2))
        groups = {tag.group for tag in tags}
        if len(groups) > 1:
            raise SettingsError("模板的一个单元格里不能既有重复行的标签又有别的标签。")
        column = heights.column_number(cell.get("r", ""))
        row = int(cell.getparent().get("r", "0"))  # type: ignore[union-attr]
        last = next((right for top, left, _, right in self.merged if (top, left) == (row, column)), column)
        fit = self.measure.fit(int(cell.get("s", "0")), column, last)
        return Hole(words, tuple(tag.name for tag in tags), groups.pop(), fit)


def _merged(root: Element) -> list[tuple[int, int, int, int]]:
    """Top, left, bottom, right of every merge, from 1."""
    found = []
    for merge in root.iterfind(f"{NS}mergeCells/{NS}mergeCell"):
        first, _, last = merge.get("ref", "A1:A1").partition(":")
        ends = (first, last or first)
        (top, left), (bottom, right) = ((int(re.sub(r"\D", "", e)), heights.column_number(e)) for e in ends)
        found.append((top, left, bottom, right))
    return found


def _bare(row: Element, root: Element) -> str:
    """A row's XML for a place where the sheet's namespaces are in force."""
    text = serialise_text(row)
    declared = {f' xmlns{":" + prefix if prefix else ""}="{uri}"' for prefix, uri in root.nsmap.items()}
    return re.sub(r' xmlns(?::\w+)?="[^"]*"', lambda m: "" if m[0] in declared else m[0], text)


def _cut(text: str) -> tuple[str | tuple[str, int], ...]:
    out: list[str | tuple[str, int]] = []
    at = 0
    for match in TOKEN.finditer(text):
        out += (text[at : match.start()], (match[1], int(match[2])))
        at = match.end()
    return (*out, text[at:])


def _growth(plan: SheetPlan, rows: Sequence[Mapping[str, str]]) -> Growth:
    """Which row of the sheet grows, and by how many rows."""
    return Growth(plan.repeat, (len(rows) or BLANK_ROWS) - 1 if plan.repeat else 0)


def _sheet(plan: SheetPlan, texts: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> str:
    growth = _growth(plan, rows)
    out = [ranges_moved(plan.head, growth)]
    for number, row in plan.rows:
        if number == plan.repeat:
            out.extend(_row(row, number + n, values) for n, values in enumerate(rows or (None,) * BLANK_ROWS))
        else:
            out.append(_row(row, growth.row(number), texts))
    return "".join((*out, ranges_moved(plan.tail, growth)))


def _row(plan: RowPlan, number: int, values: Mapping[str, str] | None) -> str:
    shown = [hole.blank() if values is None else hole.text(values) for hole in plan.holes]
    needs = [hole.fit.points(text) for hole, text in zip(plan.holes, shown, strict=True) if hole.fit]
    height = f"{min(max([plan.height, *needs]), heights.HIGHEST):g}"
    out = []
    for piece in plan.pieces:
        if isinstance(piece, str):
            out.append(piece)
        elif piece[0] == "n":
            out.append(str(number))
        else:
            out.append(height if piece[0] == "h" else _literal(shown[piece[1]]))
    return "".join(out)


def _literal(text: str) -> str:
    """For an inline string: Excel would read _x000D_ as a character code."""
    return escape(_DECODED.sub("_x005F_", text) if "_x" in text else text)
