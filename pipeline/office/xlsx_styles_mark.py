"""The red fill of a marked cell, and how the cell gets its own look back.

Every style that a marked cell had is cloned with a red fill; number format, font, border and alignment stay. The
clone is told from a red of the sender's by the fill's background colour, which a solid fill never shows: it counts
our fills. What stood there before is kept as an `Original` (written into our own first sheet).
"""

from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.office.package_edit import OFFICE_RELATIONS, parse_xml
from pipeline.office.xlsx_parts import SHEET_NAMESPACE, Book, put_in_order, s

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from pipeline.office.xlsx_cells_mark import Origin

RED = "FFFFC7CE"
_SIGNATURE = re.compile("FFD1([0-9A-F]{4})")
_STYLES_KIND = OFFICE_RELATIONS + "styles"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles")
TABLES = ("fonts", "fills", "borders", "cellXfs")
_NO_FILL = f'<fill xmlns="{SHEET_NAMESPACE}"><patternFill patternType="none"/></fill>'
_EMPTY = (
    f'<styleSheet xmlns="{SHEET_NAMESPACE}"><fonts><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border/></borders><cellXfs><xf/></cellXfs></styleSheet>"
)


@dataclass(frozen=True, slots=True)
class Original:
    """The style a marked cell had: its index then, its fill as XML, and whether the cell existed."""

    index: int
    fill: str
    apply: str | None
    origin: Origin


def styles_part(book: Book) -> str:
    """The part that holds the styles, "" when the workbook has none."""
    parts = (part for _, part in book.package.related(book.part, _STYLES_KIND))
    return next((part for part in parts if part in book.package), "")


@dataclass(slots=True)
class Styles:
    """The styles part of a workbook; one that has none gets a plain one."""

    book: Book
    part: str = ""
    originals: dict[int, Original] = field(default_factory=dict)
    _clones: dict[tuple[int, Origin], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.part = self.part or styles_part(self.book) or self._new_part()

    def _new_part(self) -> str:
        package = self.book.package
        part = package.free_name("xl/styles{}.xml")
        package.put(part, _EMPTY.encode())
        package.declare(part, _STYLES_TYPE)
        package.relate(self.book.part, _STYLES_KIND, part)
        return part

    @property
    def root(self) -> Element:
        """The styleSheet element."""
        return self.book.package.root(self.part)

    def table(self, name: str) -> Element:
        """One of the tables (fonts, fills …), made when it is missing."""
        table = self.root.find(s(name))
        if table is None:
            table = self.root.makeelement(s(name))
            put_in_order(self.root, table, _ORDER)
        return table

    def append(self, name: str, entry: Element) -> int:
        """Adds an entry to a table and gives its index."""
        table = self.table(name)
        table.append(entry)
        _count(table)
        self.book.package.save(self.part)
        return len(table) - 1

    def append_xml(self, name: str, xml: str) -> int:
        """Adds an entry written as XML without a namespace."""
        return self.append(name, etree.fromstring(f'<x xmlns="{SHEET_NAMESPACE}">{xml}</x>')[0])

    def sizes(self) -> dict[str, int]:
        """How many entries each table holds."""
        return {name: len(self.table(name)) for name in TABLES}

    def digest(self) -> str:
        """Tells whether somebody has written the styles since."""
        return hashlib.sha256(self.book.package.read(self.part)).hexdigest()

    def paint(self, cell: Element, origin: Origin) -> int:
        """Gives a cell the red clone of its style; the number of the `Original` it can be restored from."""
        if not len(self.table("cellXfs")):
            self.append_xml("cellXfs", "<xf/>")
        index = _index(cell.get("s"), len(self.table("cellXfs")))
        if (index, origin) not in self._clones:
            number = len(self._clones) + 1
            self._clones[(index, origin)] = number, self._clone(index, number, origin)
        number, clone = self._clones[(index, origin)]
        cell.set("s", str(clone))
        return number

    def _clone(self, index: int, number: int, origin: Origin) -> int:
        source, fills = self.table("cellXfs")[index], self.table("fills")
        fill = fills[_index(source.get("fillId"), len(fills))] if len(fills) else parse_xml(_NO_FILL.encode())
        self.originals[number] = Original(index, _canonical(fill).decode(), source.get("applyFill"), origin)
        colours = f'<fgColor rgb="{RED}"/><bgColor rgb="FFD1{number:04X}"/>'
        red = self.append_xml("fills", f'<fill><patternFill patternType="solid">{colours}</patternFill></fill>')
        clone = deepcopy(source)
        clone.set("fillId", str(red))
        clone.set("applyFill", "1")
        return self.append("cellXfs", clone)

    def ours(self) -> dict[int, int]:
        """Index of every cell format with our fill → the number of its `Original`."""
        numbers = {index: number for index, fill in enumerate(self.table("fills")) if (number := _number(fill))}
        found = {}
        for index, entry in enumerate(self.table("cellXfs")):
            fill = _index(entry.get("fillId"), len(self.table("fills")))
            if fill in numbers:
                found[index] = numbers[fill]
        return found

    def is_red(self, index: int) -> bool:
        """Whether a cell format shows our red; the sender's own may too."""
        formats, fills = self.table("cellXfs"), self.table("fills")
        if not 0 <= index < len(formats) or not len(fills):
            return False
        colour = fills[_index(formats[index].get("fillId"), len(fills))].find(f"{s('patternFill')}/{s('fgColor')}")
        return colour is not None and colour.get("rgb") == RED

    def restored(self, index: int, original: Original | None) -> int:
        """The index of a cell format like `index` with the fill it had before (none when nobody knows)."""
        formats = list(self.table("cellXfs"))
        fill = _fill_of(original)
        entry = deepcopy(formats[index])
        entry.set("fillId", str(self._fill_index(fill)))
        entry.attrib.pop("applyFill", "")
        if original is not None and original.apply is not None:
            entry.set("applyFill", original.apply)
        wanted = _canonical(entry)
        first = original.index if original is not None else 0
        candidates: tuple[int, ...] = (first, *range(len(formats)))
        for candidate in candidates:
            if 0 <= candidate < len(formats) and _canonical(formats[candidate]) == wanted:
                return candidate
        return self.append("cellXfs", entry)

    def _fill_index(self, fill: Element) -> int:
        wanted = _canonical(fill)
        for index, candidate in enumerate(self.table("fills")):
            if _canonical(candidate) == wanted:
                return index
        return self.append("fills", fill)

    def cut(self, sizes: dict[str, int]) -> None:
        """Takes away what was appended since the tables had these sizes."""
        for name, size in sizes.items():
            table = self.table(name)
            for entry in list(table)[size:]:
                table.remove(entry)
            _count(table)
        self.book.package.save(self.part)


def _fill_of(original: Original | None) -> Element:
    try:
        fill = parse_xml((original.fill if original else _NO_FILL).encode())
    except etree.XMLSyntaxError:
        fill = parse_xml(_NO_FILL.encode())
    return fill if fill.tag == s("fill") else parse_xml(_NO_FILL.encode())


def _number(fill: Element) -> int:
    colour = fill.find(f"{s('patternFill')}/{s('bgColor')}")
    shown = fill.find(f"{s('patternFill')}/{s('fgColor')}")
    match = _SIGNATURE.fullmatch(colour.get("rgb", "")) if colour is not None else None
    return int(match[1], 16) if match and shown is not None and shown.get("rgb") == RED else 0


def _index(text: str | None, size: int) -> int:
    """An index an attribute states; 0, the default, when it leads nowhere."""
    number = int(text) if text and text.isascii() and text.isdecimal() else 0
    return number if number < size else 0


def _count(table: Element) -> None:
    if table.get("count") is not None:
        table.set("count", str(len(table)))


def _canonical(element: Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_tail=False)
