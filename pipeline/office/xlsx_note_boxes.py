"""The boxes of a worksheet's notes: a VML drawing, the only way Excel shows a note.

VML written by Excel is often no well-formed XML, so the drawing is changed as text: shapes are put in before its end
and taken out by the cell they belong to. Everything else in it (form controls, other people's notes) is not touched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.office.package_edit import OFFICE_RELATIONS, PackageEdit
from pipeline.office.xlsx_note_size import Ruler
from pipeline.office.xlsx_parts import RELATION_ID, WORKSHEET_ORDER, put_in_order, s

if TYPE_CHECKING:
    from collections.abc import Collection

_VML_KIND = OFFICE_RELATIONS + "vmlDrawing"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_BLOCK = 1024  # shape numbers that one sheet's drawing may use per entry of its idmap
_PREFIX = rb"(?:[\w.-]+:)?"
_SHAPE = re.compile(rb"\s*<(" + _PREFIX + rb")shape\s.*?</\1shape\s*>", re.DOTALL)
_SHAPE_TYPE = re.compile(rb"<(" + _PREFIX + rb")shapetype\s[^>]*\"_x0000_t202\".*?</\1shapetype\s*>", re.DOTALL)
_ANY_SHAPE = re.compile(rb"<" + _PREFIX + rb"(?:shape|rect|oval|group|line|polyline|roundrect|image|arc|curve)\s")
_NUMBER = re.compile(rb"_x0000_s(\d+)")
_IDMAP = re.compile(rb"<" + _PREFIX + rb"idmap\s[^>]*\bdata=[\"']([\d,\s]+)[\"']")
_ROW = re.compile(rb"<" + _PREFIX + rb"Row>\s*(\d+)")
_COLUMN = re.compile(rb"<" + _PREFIX + rb"Column>\s*(\d+)")
_END = re.compile(rb"</xml\s*>\s*$")
_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SPACES = (
    (b"xmlns:v=", b'xmlns:v="urn:schemas-microsoft-com:vml"'),
    (b"xmlns:o=", b'xmlns:o="urn:schemas-microsoft-com:office:office"'),
    (b"xmlns:x=", b'xmlns:x="urn:schemas-microsoft-com:office:excel"'),
)


class NoteBoxes:
    """The note boxes of one worksheet while they are changed."""

    def __init__(self, package: PackageEdit, sheet_part: str) -> None:
        self._package, self._sheet = package, sheet_part
        self._root = package.root(sheet_part)
        self._ruler = Ruler(self._root)
        self._link = self._root.find(s("legacyDrawing"))
        relation = self._link.get(RELATION_ID, "") if self._link is not None else ""
        drawings = dict(package.related(sheet_part, _VML_KIND))
        self._part = drawings[relation] if drawings.get(relation, "") in package else ""
        self._data = package.read(self._part) if self._part else b""
        self._added: list[tuple[int, int, str]] = []
        self._before = self._data

    def add(self, row: int, column: int, text: str) -> None:
        """A box for the note on a cell, large enough for its text."""
        self._added.append((row, column, text))

    def remove(self, cells: Collection[tuple[int, int]]) -> None:
        """Takes away the boxes of the notes on these cells (row and column counted from 1)."""
        gone = set(cells)

        def keep(match: re.Match[bytes]) -> bytes:
            return b"" if _cell_of(match[0]) in gone else match[0]

        self._data = _SHAPE.sub(keep, self._data)
        if self._data != self._before and b"#_x0000_t202" not in self._data:
            self._data = _SHAPE_TYPE.sub(b"", self._data)

    def store(self) -> None:
        """Writes the drawing, makes it or takes it away."""
        if self._added:
            self._data = self._with_added()
        elif self._part and self._data != self._before and not _ANY_SHAPE.search(self._data):
            self._drop()
            return
        if self._data != self._before:
            self._package.put(self._part, self._data)

    def _with_added(self) -> bytes:
        number = self._start() if not self._part else _last_number(self._data) + 1
        body = "" if b'"_x0000_t202"' in self._data else _TYPE
        body += "".join(self._shape(number + index, *note) for index, note in enumerate(self._added))
        end = _END.search(self._data)
        if not end:
            return self._data
        return self._data[: end.start()] + _declared(self._data, body) + self._data[end.start() :]

    def _start(self) -> int:
        """A new drawing with numbers no other drawing uses; gives the first number."""
        package = self._package
        others = [name for name in package.names() if name.lower().endswith(".vml")]
        maps = [match for name in others for match in _IDMAP.findall(package.read(name))]
        first = max((int(block) for match in maps for block in _blocks(match)), default=0) + 1
        blocks = ",".join(str(first + index) for index in range(len(self._added) // _BLOCK + 1))
        self._part = package.free_name("xl/drawings/vmlDrawing{}.vml")
        spaces = b" ".join(space for _, space in _SPACES).decode()
        self._data = (
            f'<xml {spaces}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout>'
            f"{_TYPE}</xml>"
        ).encode()
        package.put(self._part, self._data)
        package.declare_extension("vml", _VML_TYPE)
        relation = package.relate(self._sheet, _VML_KIND, self._part)
        self._link = self._root.makeelement(s("legacyDrawing"), {RELATION_ID: relation})
        put_in_order(self._root, self._link, WORKSHEET_ORDER)
        package.save(self._sheet)
        return first * _BLOCK + 1

    def _drop(self) -> None:
        for relation, part in self._package.related(self._sheet, _VML_KIND):
            if part == self._part:
                self._package.unrelate(self._sheet, relation)
        self._package.drop(self._part)
        self._package.forget_extension("vml")
        if self._link is not None:
            self._root.remove(self._link)
        self._package.save(self._sheet)

    def _shape(self, number: int, row: int, column: int, text: str) -> str:
        anchor, width, height = self._ruler.box(row, column, text)
        size = f"width:{width * 0.75:g}pt;height:{height * 0.75:g}pt"
        return (
            f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;{size};z-index:1;'
            f'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
            '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
            '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
            f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
            f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column>"
            "</x:ClientData></v:shape>"
        )


def _declared(data: bytes, body: str) -> bytes:
    """The shapes with those namespaces that the drawing itself does not declare."""
    missing = b"".join(b" " + space for prefix, space in _SPACES if prefix not in data)
    return re.sub(rb"<v:shape(?:type)?(?=\s)", lambda match: match[0] + missing, body.encode())


def _cell_of(shape: bytes) -> tuple[int, int]:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if b'"Note"' not in shape or not row or not column:
        return 0, 0
    return int(row[1]) + 1, int(column[1]) + 1


def _last_number(data: bytes) -> int:
    return max((int(number) for number in _NUMBER.findall(data)), default=_BLOCK)


def _blocks(match: bytes) -> list[bytes]:
    return [block for block in match.replace(b" ", b"").split(b",") if block.isdigit()]
