"""Fills a Word template: texts at the tags, the repeating row (or paragraph) once per row, all else byte for byte.

Tags may be split over runs, as Word likes to do; a value takes the format of the tag's first character. A line feed
starts another paragraph of the same format, a tab stays a tab. Values are never read as tags or fields. Knows nothing
of docxtpl's loops (see `docx_letter`).
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from lxml import etree

from pipeline.errors import SettingsError
from pipeline.forms.tags import Tag, find_tags
from pipeline.office.template_parts import (
    BLANK_ROWS,
    TOKEN,
    clean,
    encode_part,
    escape,
    open_template,
    parse_part,
    serialise_text,
    token,
    value_of,
)
from pipeline.office.zip_bytes import Member, join, packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.etree import _Element as Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_DECLARED = re.compile(r' xmlns(?::\w+)?="[^"]*"')
_ONE_PARAGRAPH = ("sectPr", "pageBreakBefore")
_TAB = '</w:t><w:tab/><w:t xml:space="preserve">'


@dataclass(frozen=True, slots=True)
class Slot:
    """A hole: `feed` is the XML between two lines of its value."""

    name: str
    feed: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row or paragraph that is written once per row of `group`; without rows `keep` leaves blank table rows."""

    group: str
    pieces: tuple[str | Slot, ...]
    keep: bool


@dataclass(frozen=True, slots=True)
class Filler:
    """A prepared template; `fill` may be called any number of times and gives the same bytes for the same values."""

    members: tuple[Member, ...]
    parts: Mapping[str, tuple[str | Slot | Repeat, ...]]

    def fill(self, texts: Mapping[str, str], rows: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
        """The document. ValueError: a value is missing or holds control characters."""
        return join(
            packed(member.name, encode_part(_written(self.parts[member.name], texts, rows)))
            if member.name in self.parts
            else member
            for member in self.members
        )


def fill_docx(template: bytes, texts: Mapping[str, str], rows: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    """One document from a template; for many, `compile_docx` once."""
    return compile_docx(template).fill(texts, rows)


def compile_docx(template: bytes) -> Filler:
    """Prepare a template. Raises SettingsError: damaged, no Word file, a row with tags of two groups."""
    package = open_template(template, _PARTS)
    if "word/document.xml" not in package.parts:
        raise SettingsError("模板不是 Word 文档（.docx）。")
    parts = {name: _prepared(parse_part(data, name)) for name, data in package.parts.items()}
    return Filler(package.members, {name: pieces for name, pieces in parts.items() if len(pieces) > 1})


def _written(
    pieces: Sequence[str | Slot | Repeat],
    texts: Mapping[str, str],
    rows: Mapping[str, Sequence[Mapping[str, str]]],
) -> str:
    out: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            out.append(piece)
        elif isinstance(piece, Slot):
            out.append(_value(piece, texts))
        else:
            out.extend(_repeated(piece, rows.get(piece.group, ())))
    return "".join(out)


def _repeated(repeat: Repeat, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    if not rows and repeat.keep:
        yield "".join(piece for piece in repeat.pieces if isinstance(piece, str)) * BLANK_ROWS
    for row in rows:
        for piece in repeat.pieces:
            yield piece if isinstance(piece, str) else _value(piece, row)


def _value(slot: Slot, values: Mapping[str, str]) -> str:
    text = escape(clean(value_of(values, slot.name)))
    if "\t" in text:
        text = text.replace("\t", _TAB)
    return text.replace("\n", slot.feed) if "\n" in text else text


class _Preparation:
    """Turns one part into pieces: slots and repeats become tokens, the serialised text is cut at them."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in root.nsmap.items() if prefix)
        self.slots: list[Slot] = []
        self.groups: dict[Element, str] = {}

    def pieces(self) -> tuple[str | Slot | Repeat, ...]:
        for paragraph in list(self.root.iter(f"{_W}p")):
            self._paragraph(paragraph)
        repeats = []
        for number, (element, group) in enumerate(self.groups.items()):
            _anonymous(element)
            _before(element, token("b", number))
            element.tail = token("e", number) + (element.tail or "")
            repeats.append((group, element.tag == f"{_W}tr"))
        return self._cut(serialise_text(self.root), repeats)

    def _paragraph(self, paragraph: Element) -> None:
        nodes = [node for node in paragraph.iter(f"{_W}t") if _owner(node) is paragraph]
        if not nodes:
            return
        text = "".join(node.text or "" for node in nodes)
        tags = find_tags(text) if "{{" in text else ()
        for tag in reversed(tags):
            self._hole(paragraph, nodes, tag)
        groups = {tag.group for tag in tags}
        if groups - {""}:
            self._repeat(paragraph, groups)

    def _repeat(self, paragraph: Element, groups: set[str]) -> None:
        row = next(paragraph.iterancestors(f"{_W}tr"), None)
        element = paragraph if row is None else row
        known = self.groups.get(element)
        if len(groups) > 1 or (known is not None and {known} != groups):
            raise SettingsError("模板里重复的行只能用同一个组的标签，例如 {{项目.项目名称}}、{{项目.备注}}。")
        self.groups[element] = groups.pop()

    def _hole(self, paragraph: Element, nodes: list[Element], tag: Tag) -> None:
        """Cuts the tag out of its runs and puts a run of its own with a token there."""
        first, start = _at(nodes, tag.start)
        last, end = _at(nodes, tag.end - 1)
        behind = (nodes[last].text or "")[end + 1 :]
        ahead = (nodes[first].text or "")[:start]
        for node in nodes[first : last + 1]:
            _set(node, "")
        _set(nodes[first], ahead)
        run = _run_of(nodes[first])
        hole = _like(run)
        properties = run.find(f"{_W}rPr")
        if properties is not None:
            hole.append(deepcopy(properties))
        text = etree.SubElement(hole, f"{_W}t")
        _set(text, token("s", len(self.slots)))
        rest = _split(run, nodes[first])
        run.addnext(hole)
        hole.addnext(rest)
        if last == first:
            tail = etree.Element(f"{_W}t")
            _set(tail, behind)
            at = 1 if rest.find(f"{_W}rPr") is not None else 0
            rest.insert(at, tail)
        else:
            _set(nodes[last], behind)
        self.slots.append(Slot(tag.name, self._feed(paragraph, hole)))

    def _feed(self, paragraph: Element, hole: Element) -> str:
        """The XML between two lines: a new paragraph where that is possible, else a line break."""
        properties = paragraph.find(f"{_W}pPr")
        single = properties is not None and any(properties.find(_W + name) is not None for name in _ONE_PARAGRAPH)
        if hole.getparent() is not paragraph or single:
            return '</w:t><w:br/><w:t xml:space="preserve">'
        before = "" if properties is None else self._plain(properties)
        style = hole.find(f"{_W}rPr")
        run = "" if style is None else self._plain(style)
        return f'</w:t></w:r></w:p><w:p>{before}<w:r>{run}<w:t xml:space="preserve">'

    def _plain(self, element: Element) -> str:
        """A fragment for a place where the part's own namespaces are in force."""
        copy = deepcopy(element)
        copy.tail = None
        return _DECLARED.sub(lambda m: "" if m[0] in self.declared else m[0], serialise_text(copy))

    def _cut(self, text: str, repeats: Sequence[tuple[str, bool]]) -> tuple[str | Slot | Repeat, ...]:
        out: list[str | Slot | Repeat] = []
        inner: list[str | Slot] = []
        inside = False
        at = 0
        for match in TOKEN.finditer(text):
            kind, number = match[1], int(match[2])
            (inner if inside else out).append(text[at : match.start()])
            at = match.end()
            if kind == "s":
                (inner if inside else out).append(self.slots[number])
            elif kind == "e":
                out.append(Repeat(repeats[number][0], tuple(inner), repeats[number][1]))
                inner = []
            inside = kind == "b" or (inside and kind == "s")
        return (*out, text[at:])


def _prepared(root: Element) -> tuple[str | Slot | Repeat, ...]:
    return _Preparation(root).pieces()


def _owner(node: Element) -> Element | None:
    """The paragraph a text belongs to: the innermost one (text boxes stand inside paragraphs)."""
    return next(node.iterancestors(f"{_W}p"), None)


def _run_of(node: Element) -> Element:
    run = node.getparent()
    if run is None or run.tag != f"{_W}r":
        raise SettingsError("模板里有标签写在 Word 域或公式里，请改写成普通文字。")
    return run


def _like(run: Element) -> Element:
    """An empty run with the prefixes of another one."""
    return etree.Element(f"{_W}r", nsmap=cast("dict[str, str]", run.nsmap))


def _anonymous(row: Element) -> None:
    """Takes out the names that may occur only once in a document, before the row is written several times."""
    for element in list(row.iter()):
        for name in [name for name in element.attrib if str(name).endswith(("}paraId", "}textId"))]:
            del element.attrib[name]
        if element.tag in (f"{_W}bookmarkStart", f"{_W}bookmarkEnd"):
            cast("Element", element.getparent()).remove(element)


def _at(nodes: Sequence[Element], position: int) -> tuple[int, int]:
    """Which text node holds a character of the joined text, and where."""
    for index, node in enumerate(nodes):
        length = len(node.text or "")
        if position < length:
            return index, position
        position -= length
    raise IndexError(position)


def _set(node: Element, text: str) -> None:
    node.text = text
    node.set(_SPACE, "preserve")


def _split(run: Element, node: Element) -> Element:
    """A second run of the same format with everything behind `node`."""
    rest = _like(run)
    properties = run.find(f"{_W}rPr")
    if properties is not None:
        rest.append(deepcopy(properties))
    rest.extend(list(node.itersiblings()))
    return rest


def _before(element: Element, text: str) -> None:
    previous = element.getprevious()
    parent = element.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    elif parent is not None:
        parent.text = (parent.text or "") + text
