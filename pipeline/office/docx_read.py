"""A Word file as a `Document`: paragraphs, tables and text boxes in reading order, each with its address.

Not read: footnotes, comments (but for the reference of our own), SmartArt, automatic numbers, imported pieces
(w:altChunk) and sub-documents; the last two are reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import Unreadable
from pipeline.model import Block, Document, Finding, Grid, Paragraph, Place, Pos, Severity
from pipeline.office import names
from pipeline.office.docx_table import Layout, lay_out
from pipeline.office.docx_text import Line, LineReader, control_parts, control_text
from pipeline.office.docx_traits import Element, gather
from pipeline.office.marks import AUTHOR, signature
from pipeline.office.package import Package, parse_xml
from pipeline.office.pictures import in_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.settings import Limits

_WRAPPERS = frozenset({names.INS, names.MOVE_TO, names.CUSTOM_XML})
_SHORTEST_PARAGRAPH = 4
"""Bytes of <p/>: a part with fewer for each paragraph allowed holds no more of them, whatever its encoding."""
_MARGINS = {"header": "页眉", "footer": "页脚"}


def read_docx(package: Package, limits: Limits) -> Document:
    """The document. Raises Unreadable: corrupt, forbidden_xml, too_large, strict_ooxml, no_text."""
    part = _Part(package, package.main, limits)
    blocks = tuple(part.blocks(_body(part.root)))
    if not _has_text(blocks):
        raise Unreadable("no_text")
    return Document(
        kind="docx",
        blocks=blocks,
        findings=_findings(package, part),
        margins=_margins(package, limits),
        answers=_reference(package),
        pictures=part.pictures,
    )


def _body(root: Element) -> Element:
    body = next((child for child in root if child.tag == names.BODY), None)
    if body is None:
        raise Unreadable("strict_ooxml" if "purl.oclc.org" in str(root.tag) else "corrupt", reason="body")
    return body


def _check_length(root: Element, limits: Limits) -> None:
    """Paragraphs cost memory and time even when they are empty; they are counted before anything looks at them."""
    found = sum(1 for _ in root.iter(names.P))
    if found > limits.paragraphs:
        raise Unreadable("too_large", reason="paragraphs", limit=str(limits.paragraphs), found=str(found))


class _Part:
    """One part with text: the main one, a header or a footer."""

    __slots__ = ("_carry", "_label", "_limits", "_lines", "_name", "_seen", "_tables",
                 "_traits", "missing", "pictures", "root")  # fmt: skip

    def __init__(self, package: Package, part: str, limits: Limits, label: str = "") -> None:
        xml = package.read(part)
        self.root = parse_xml(xml)
        self._name = part
        self._label = label
        self._limits = limits
        if len(xml) >= _SHORTEST_PARAGRAPH * limits.paragraphs:
            _check_length(self.root, limits)
        self._traits = gather(self.root, symbol_fonts=b"dings" in xml)
        self.pictures = in_word(self.root, self._traits, part)
        self._lines = LineReader(self._traits)
        self._carry = Line("")
        self._seen = 0
        self._tables = 0
        self.missing = False

    @property
    def tracked(self) -> bool:
        return self._traits.tracked

    def blocks(self, container: Element) -> Iterator[Block]:
        """Everything in a body, text box or content control, in reading order."""
        for child in container:
            tag = child.tag
            if tag == names.P:
                yield from self._paragraph(child)
            elif tag == names.TBL:
                self._tables += 1
                yield from self._table(child, f"{self._label}表{self._tables}", nested=False)
            elif tag == names.SDT:
                yield from self._control(child)
            elif tag in _WRAPPERS:
                yield from self.blocks(child)
            elif tag in (names.ALT_CHUNK, names.SUB_DOC):
                self.missing = True

    def _control(self, control: Element) -> Iterator[Block]:
        properties, content = control_parts(control)
        if content is None:
            return
        before = self._lines.muted
        self._lines.muted = before or (properties is not None and control_text(properties) == "")
        yield from self.blocks(content)
        self._lines.muted = before

    def _paragraph(self, element: Element) -> Iterator[Block]:
        line = _glued(self._carry, self._lines.line(element))
        boxes = self._take_boxes()
        if element in self._traits.joined:
            self._carry = line
        else:
            self._carry = Line("")
            self._seen += 1
            yield Paragraph(line.text, self._place(element), line.blanks)
        yield from self._boxes(boxes)

    def _place(self, element: Element) -> Place:
        text = f"{self._label}第{self._seen}段"
        return Place("paragraph", text, self._name, (self._traits.paragraphs[element][0],))

    def _take_boxes(self) -> list[Element]:
        boxes = self._lines.boxes
        if boxes:
            self._lines.boxes = []
        return boxes

    def _boxes(self, boxes: Iterable[Element]) -> Iterator[Block]:
        for box in boxes:
            yield from self.blocks(box)

    def _table(self, table: Element, name: str, *, nested: bool) -> Iterator[Block]:
        layout = lay_out(table, self._traits, self._limits)
        rows = [[""] * layout.width for _ in range(layout.height)]
        inner: list[Block] = []
        boxes: list[Element] = []
        inside = 0
        for (row, column), cell in layout.cells.items():
            before = self._lines.muted
            self._lines.muted = before or cell.muted
            pieces: list[str] = []
            for piece in self._cell(cell.element, boxes):
                if isinstance(piece, str):
                    pieces.append(piece)
                    continue
                inside += 1
                grids = list(self._table(piece, f"{name}内表{inside}", nested=True))
                inner.extend(grids)
                pieces.append(_text_of(grids[0]))
            rows[row][column] = "\n".join(pieces)
            self._lines.muted = before
        yield self._grid(name, layout, rows, nested=nested)
        yield from inner
        yield from self._boxes(boxes)

    def _grid(self, name: str, layout: Layout, rows: list[list[str]], *, nested: bool) -> Grid:
        return Grid(
            name=name,
            kind="table",
            rows=tuple(map(tuple, rows)),
            spans=layout.spans,
            anchors={pos: self._traits.cells[cell.element] for pos, cell in layout.cells.items()},
            part=self._name,
            nested=nested,
        )

    def _cell(self, container: Element, boxes: list[Element]) -> Iterator[str | Element]:
        """The lines of a cell, and its inner tables as elements, in reading order."""
        carry = ""
        for child in container:
            tag = child.tag
            if tag == names.P:
                text = carry + self._lines.line(child).text
                joined = child in self._traits.joined
                carry = text if joined else ""
                boxes.extend(self._take_boxes())
                if not joined:
                    yield text
            elif tag == names.TBL:
                yield child
            elif tag == names.SDT:
                yield from self._cell_control(child, boxes)
            elif tag in _WRAPPERS:
                yield from self._cell(child, boxes)
            elif tag in (names.ALT_CHUNK, names.SUB_DOC):
                self.missing = True
        if carry:
            yield carry

    def _cell_control(self, control: Element, boxes: list[Element]) -> Iterator[str | Element]:
        properties, content = control_parts(control)
        if content is None:
            return
        before = self._lines.muted
        self._lines.muted = before or (properties is not None and control_text(properties) == "")
        yield from self._cell(content, boxes)
        self._lines.muted = before


def _glued(first: Line, second: Line) -> Line:
    """Two paragraphs made one by a deleted paragraph mark."""
    if not first.text:
        return second
    shift = len(first.text)
    moved = tuple((start + shift, end + shift) for start, end in second.blanks)
    return Line(first.text + second.text, first.blanks + moved)


def _text_of(grid: Block) -> str:
    """An inner table's text as part of its cell: the cells that say something, joined by line feeds."""
    if isinstance(grid, Paragraph):
        return grid.text
    return "\n".join(text for row in grid.rows for text in row if text)


def _has_text(blocks: Iterable[Block]) -> bool:
    return any(
        block.text.strip() if isinstance(block, Paragraph) else any(text.strip() for row in block.rows for text in row)
        for block in blocks
    )


def _findings(package: Package, part: _Part) -> tuple[Finding, ...]:
    place = Place("file", "整个文件")
    seen = (
        ("tracked_changes", Severity.HINT, part.tracked),
        ("macros", Severity.HINT, package.macros),
        ("linked_text", Severity.EXPLAIN, part.missing),
    )
    return tuple(Finding(code, severity, place=place) for code, severity, present in seen if present)


def _margins(package: Package, limits: Limits) -> tuple[Paragraph, ...]:
    """The lines of headers and footers that say something."""
    lines: list[Paragraph] = []
    for relation in package.relations(package.main):
        if relation.type in _MARGINS and package.has(relation.target):
            part = _Part(package, relation.target, limits, _MARGINS[relation.type])
            for block in part.blocks(part.root):
                lines.extend(_lines_of(block))
    return tuple(lines)


def _lines_of(block: Block) -> Iterator[Paragraph]:
    if isinstance(block, Paragraph):
        if block.text.strip():
            yield block
        return
    positions: Iterable[Pos] = () if block.nested else block.anchors
    for row, column in positions:
        if block.rows[row][column].strip():
            yield Paragraph(block.rows[row][column], block.place((row, column)))


def _reference(package: Package) -> str:
    """The reference in our own comments, which a sender leaves standing when correcting the marked file."""
    for relation in package.relations(package.main):
        if relation.type != "comments" or not package.has(relation.target):
            continue
        for comment in package.xml(relation.target).iter(names.COMMENT):
            if comment.get(names.AUTHOR) == AUTHOR:
                reference = signature("".join(text.text or "" for text in comment.iter(names.T)))
                if reference:
                    return reference
    return ""
