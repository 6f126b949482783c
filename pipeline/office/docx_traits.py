"""What the property elements of a Word part say, gathered in one filtered pass over the tree.

Properties are rare beside text, so the walk over the text asks a dictionary instead of looking into every w:rPr and
w:tcPr. Properties that come from styles (a style that hides or underlines) are knowingly not resolved.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from pipeline.office import names
from pipeline.office.docx_symbols import is_symbol_font

Element = etree._Element  # noqa: SLF001 - lxml has no public name for its elements

_OFF = frozenset({"0", "false", "off", "none"})
_MAX_COLUMN = 1_000_000  # a grid position beyond any table; keeps hostile sums small


@dataclass(slots=True)
class Shape:
    """A cell's place in the table grid: columns it spans, and the merge marks "", "restart", "continue"."""

    span: int = 1
    down: str = ""
    across: str = ""


@dataclass(slots=True)
class Traits:
    """Elements with something special about them. Keys are live elements of the same tree.

    `paragraphs`: every w:p → its ordinal and the pieces of its text, all of it unless the paragraph is `rich`.
    `cells`: every w:tc → its ordinal. `underlined`, `hidden`: runs. `fonts`: runs in a symbol font. `joined`:
    paragraphs whose end mark was deleted.
    `drawn`: there are drawings, pictures or objects.
    `dropped`: table rows deleted by a tracked change. `shapes`: cells (w:tc). `indents`: rows → columns left out.
    """

    paragraphs: dict[Element, tuple[int, list[str]]] = field(default_factory=dict)
    cells: dict[Element, int] = field(default_factory=dict)
    rich: set[Element] = field(default_factory=set)
    underlined: set[Element] = field(default_factory=set)
    hidden: set[Element] = field(default_factory=set)
    fonts: dict[Element, str] = field(default_factory=dict)
    joined: set[Element] = field(default_factory=set)
    dropped: set[Element] = field(default_factory=set)
    shapes: dict[Element, Shape] = field(default_factory=dict)
    indents: dict[Element, int] = field(default_factory=dict)
    tracked: bool = False
    drawn: bool = False


def gather(root: Element, *, symbol_fonts: bool) -> Traits:
    """The traits of a part. `symbol_fonts`: whether to look for runs set in Wingdings at all."""
    traits = Traits()
    paragraphs, cells = traits.paragraphs, traits.cells
    pieces: list[str] = []
    text, paragraph, cell = names.T, names.P, names.TC
    for element in root.iter(*(_TAGS_WITH_FONTS if symbol_fonts else _TAGS)):
        tag = element.tag
        if tag == text:
            pieces.append(element.text or "")
        elif tag == paragraph:
            pieces = []
            paragraphs[element] = (len(paragraphs), pieces)
        elif tag == cell:
            cells[element] = len(cells)
        else:
            _TAKE_ALL[tag](traits, element)
    return traits


def number(text: str | None, default: int) -> int:
    """An integer attribute; the default for anything that is none."""
    try:
        return int(text) if text else default
    except ValueError:
        return default


def is_on(element: Element) -> bool:
    """An on/off property: on unless its value says otherwise."""
    return element.get(names.VAL, "1").lower() not in _OFF


def _owner(element: Element) -> Element | None:
    """The element whose properties these are (element → w:…Pr → owner)."""
    properties = element.getparent()
    return None if properties is None else properties.getparent()


def _rich(traits: Traits, element: Element) -> None:
    holder = element.getparent()
    while holder is not None and holder.tag != names.P:
        holder = holder.getparent()
    if holder is not None:
        traits.rich.add(holder)


def _drawing(traits: Traits, element: Element) -> None:
    traits.drawn = True
    _rich(traits, element)


def _text_box(traits: Traits, element: Element) -> None:
    """A paragraph inside a paragraph: text after the box must not count as the box's."""
    traits.rich.update(element.iter(names.P))


def _underline(traits: Traits, element: Element) -> None:
    owner = _owner(element)
    if owner is not None and owner.tag == names.R and element.get(names.VAL, "none") != "none":
        traits.underlined.add(owner)
        _rich(traits, owner)


def _vanish(traits: Traits, element: Element) -> None:
    owner = _owner(element)
    if owner is not None and owner.tag == names.R and is_on(element):
        traits.hidden.add(owner)
        _rich(traits, owner)


def _font(traits: Traits, element: Element) -> None:
    font = element.get(names.ASCII, "")
    owner = _owner(element)
    if owner is not None and owner.tag == names.R and is_symbol_font(font):
        traits.fonts[owner] = font
        _rich(traits, owner)


def _change(traits: Traits, _element: Element) -> None:
    traits.tracked = True


def _deletion(traits: Traits, element: Element) -> None:
    traits.tracked = True
    _rich(traits, element)
    properties = element.getparent()
    owner = _owner(element)
    if properties is None or owner is None:
        return
    if properties.tag == names.TR_PR:
        traits.dropped.add(owner)
    elif properties.tag == names.R_PR and owner.tag == names.P_PR and (paragraph := owner.getparent()) is not None:
        traits.joined.add(paragraph)


def _shape(traits: Traits, element: Element) -> None:
    owner = _owner(element)
    if owner is None or owner.tag != names.TC:
        return
    shape = traits.shapes.setdefault(owner, Shape())
    value = element.get(names.VAL, "")
    if element.tag == names.GRID_SPAN:
        shape.span = min(max(number(value, 1), 1), _MAX_COLUMN)
    elif element.tag == names.V_MERGE:
        shape.down = "restart" if value == "restart" else "continue"
    else:
        shape.across = "restart" if value == "restart" else "continue"


def _indent(traits: Traits, element: Element) -> None:
    owner = _owner(element)
    if owner is not None:
        traits.indents[owner] = min(max(number(element.get(names.VAL), 0), 0), _MAX_COLUMN)


_RICH = (
    names.TAB, names.PTAB, names.BR, names.CR, names.NO_BREAK_HYPHEN, names.SYM, names.FLD_CHAR, names.SDT,
    names.ALTERNATE, names.RUBY, names.MATH,
)  # fmt: skip
_TAKE = {
    names.TEXT_BOX: _text_box,
    **dict.fromkeys(_RICH, _rich),
    **dict.fromkeys((names.DRAWING, names.PICT, names.OBJECT), _drawing),
    names.U: _underline,
    names.VANISH: _vanish,
    names.INS: _change,
    names.MOVE_TO: _change,
    names.DEL: _deletion,
    names.MOVE_FROM: _deletion,
    names.GRID_SPAN: _shape,
    names.V_MERGE: _shape,
    names.H_MERGE: _shape,
    names.GRID_BEFORE: _indent,
}
_TAKE_ALL = {**_TAKE, names.R_FONTS: _font}
_TAGS = (names.T, names.P, names.TC, *_TAKE)
_TAGS_WITH_FONTS = (*_TAGS, names.R_FONTS)
