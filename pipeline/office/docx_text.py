"""The text of a Word paragraph as a reader of the printed page sees it, all tracked changes accepted.

Kept: typed text, insertions, field results, content controls, ticks of every make, ruby base text, formula letters.
Dropped: deletions, field instructions, prompts of empty content controls, hidden text. Text boxes are handed back as
elements for the caller to place. Automatic numbers and SmartArt are knowingly not read.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from pipeline.office import names
from pipeline.office.docx_symbols import PRIVATE_USE, symbol
from pipeline.office.docx_traits import Element, Traits, is_on, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

TICKED = "☑"
UNTICKED = "□"
_BEGIN, _SEPARATE = "begin", "separate"


class Line(NamedTuple):
    """A paragraph's text with its underlined character ranges."""

    text: str
    blanks: tuple[tuple[int, int], ...] = ()


_PLAIN = Line("")
_PRIVATE = re.compile("[\uf020-\uf0ff]")


class LineReader:
    """Reads paragraphs one after the other. `boxes` collects text boxes met on the way, `muted` drops all text."""

    __slots__ = ("_blanks", "_fields", "_parts", "_traits", "boxes", "muted")

    def __init__(self, traits: Traits) -> None:
        self._traits = traits
        self._parts: list[str] = []
        self._blanks: list[tuple[int, int]] = []
        self._fields: list[bool] = []
        self.boxes: list[Element] = []
        self.muted = False

    def line(self, paragraph: Element) -> Line:
        """The paragraph's text and blanks."""
        if paragraph in self._traits.rich:
            return self._rich_line(paragraph)
        text = "".join(self._traits.paragraphs[paragraph][1])
        return _PLAIN if self.muted or not text else Line(_without_private_use(text))

    def _rich_line(self, paragraph: Element) -> Line:
        self._parts = []
        self._blanks = []
        self._fields = []
        self._inline(paragraph)
        if self.muted:
            return _PLAIN
        ends = [0, *accumulate(map(len, self._parts))]
        blanks = [(ends[first], ends[min(last, len(self._parts))]) for first, last in self._blanks]
        return Line(_without_private_use("".join(self._parts)), _joined([one for one in blanks if one[0] < one[1]]))

    def _inline(self, parent: Element) -> None:
        for child in parent:
            tag = child.tag
            if tag == names.R:
                self._special_run(child)
            elif tag in self._in_line:
                self._in_line[tag](self, child)

    def _run(self, run: Element) -> None:
        for child in run:
            tag = child.tag
            if tag == names.T:
                if (text := child.text) and not (self._fields and any(self._fields)):
                    self._parts.append(text)
            elif tag in self._in_run:
                self._in_run[tag](self, child)

    def _special_run(self, run: Element) -> None:
        """A run that may be underlined, hidden or set in a symbol font."""
        before = len(self._parts)
        self._run(run)
        if run in self._traits.hidden:
            del self._parts[before:]
        font = self._traits.fonts.get(run)
        if font is not None:
            self._parts[before:] = ["".join(_in_font(font, part) for part in self._parts[before:])]
        if run in self._traits.underlined:
            self._blanks.append((before, len(self._parts)))  # as parts; where they stand is counted once, at the end

    def _control(self, control: Element) -> None:
        """A content control: a tick box shows its state, one that still shows its prompt shows nothing."""
        properties, content = control_parts(control)
        state = None if properties is None else control_text(properties)
        if state is not None:
            self._parts.append(state)
        elif content is not None:
            self._inline(content)

    def _symbol(self, element: Element) -> None:
        try:
            code = int(element.get(names.CHAR, ""), 16)
        except ValueError:
            code = -1
        self._parts.append(symbol(element.get(names.FONT, ""), code))

    def _field(self, element: Element) -> None:
        """Complex fields: what stands between begin and separate is an instruction, not text."""
        kind = element.get(names.FLD_CHAR_TYPE)
        if kind == _BEGIN:
            self._fields.append(True)
            for child in element:
                if child.tag == names.FF_DATA:
                    self._parts.append(_form_field(child))
        elif self._fields:
            if kind == _SEPARATE:
                self._fields[-1] = False
            else:
                self._fields.pop()

    def _alternate_run(self, element: Element) -> None:
        if (shown := _shown(element)) is not None:
            self._run(shown)

    def _alternate_inline(self, element: Element) -> None:
        if (shown := _shown(element)) is not None:
            self._inline(shown)

    def _drawing(self, element: Element) -> None:
        self.boxes.extend(box for box in element.iter(names.TEXT_BOX) if not _is_copy(box, element))

    def _ruby(self, element: Element) -> None:
        for child in element:
            if child.tag == names.RUBY_BASE:
                self._inline(child)

    def _math(self, element: Element) -> None:
        self._parts.extend(text.text or "" for text in element.iter(names.MATH_T))

    def _tab(self, _element: Element) -> None:
        self._parts.append("\t")

    def _break(self, _element: Element) -> None:
        self._parts.append("\n")

    def _hyphen(self, _element: Element) -> None:
        self._parts.append("-")

    _in_run: ClassVar[dict[str, Callable[[LineReader, Element], None]]] = {
        names.TAB: _tab,
        names.PTAB: _tab,
        names.BR: _break,
        names.CR: _break,
        names.NO_BREAK_HYPHEN: _hyphen,
        names.SYM: _symbol,
        names.FLD_CHAR: _field,
        names.DRAWING: _drawing,
        names.PICT: _drawing,
        names.OBJECT: _drawing,
        names.ALTERNATE: _alternate_run,
        names.RUBY: _ruby,
    }
    _in_line: ClassVar[dict[str, Callable[[LineReader, Element], None]]] = {
        names.SDT: _control,
        names.ALTERNATE: _alternate_inline,
        names.MATH: _math,
        names.MATH_PARA: _math,
        **dict.fromkeys(
            (
                names.INS, names.MOVE_TO, names.HYPERLINK, names.SMART_TAG, names.FLD_SIMPLE, names.CUSTOM_XML,
                names.BDO, names.DIR,
            ),
            _inline,
        ),
    }  # fmt: skip


def control_parts(control: Element) -> tuple[Element | None, Element | None]:
    """Properties and content of a content control (w:sdt)."""
    properties = content = None
    for child in control:
        if child.tag == names.SDT_PR:
            properties = child
        elif child.tag == names.SDT_CONTENT:
            content = child
    return properties, content


def control_text(properties: Element) -> str | None:
    """What a content control shows instead of its content: a tick, "" for a prompt, None for its content."""
    for child in properties:
        if child.tag == names.PLACEHOLDER and is_on(child):
            return ""
        if child.tag == names.CHECKBOX_14:
            states = (mark.get(names.VAL_14, "1") for mark in child.iter(names.CHECKED_14))
            return TICKED if next(states, "0") in ("1", "true", "on") else UNTICKED
    return None


def _form_field(data: Element) -> str:
    """A legacy form field: tick boxes and drop-down lists keep their state in w:ffData, text fields as text."""
    for child in data:
        if child.tag == names.CHECK_BOX:
            states = {mark.tag: is_on(mark) for mark in child}
            return TICKED if states.get(names.CHECKED, states.get(names.DEFAULT, False)) else UNTICKED
        if child.tag == names.DROP_DOWN:
            return _chosen(child)
    return ""


def _chosen(drop_down: Element) -> str:
    entries = [child.get(names.VAL, "") for child in drop_down.iter(names.LIST_ENTRY)]
    chosen = {child.tag: number(child.get(names.VAL), 0) for child in drop_down}
    index = chosen.get(names.RESULT, chosen.get(names.DEFAULT, 0))
    return entries[index] if 0 <= index < len(entries) else ""


def _without_private_use(text: str) -> str:
    return text.translate(PRIVATE_USE) if _PRIVATE.search(text) else text


def _in_font(font: str, text: str) -> str:
    return "".join(symbol(font, ord(char)) if 0x20 < ord(char) < 0x100 else char for char in text)


def _shown(alternate: Element) -> Element | None:
    """The first choice, or the fallback when there is no choice: both show the same thing."""
    return next((child for child in alternate if child.tag in (names.CHOICE, names.FALLBACK)), None)


def _is_copy(box: Element, top: Element) -> bool:
    """Whether a text box stands in the fallback of a drawing (its choice holds the same box)."""
    parent: etree._Element | None = box.getparent()
    while parent is not None and parent is not top:
        if parent.tag == names.FALLBACK:
            return True
        parent = parent.getparent()
    return False


def _joined(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Neighbouring ranges made one."""
    whole: list[tuple[int, int]] = []
    for start, end in ranges:
        if whole and whole[-1][1] == start:
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return tuple(whole)
