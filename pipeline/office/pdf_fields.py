"""What was typed into a PDF's form fields and text notes, as characters where the field stands on the page.

The appearance of a field is a drawing that nobody reads here; its value counts. Buttons, signatures, actions and
scripts are left alone, and so are hidden fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text

from pipeline.office.pdf_page import Glyph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdfplumber.page import Page

ON, OFF = "☑", "□"
_HIDDEN = 2
_NO_VIEW = 32
_PUSH_BUTTON = 1 << 16
_MOST_PARENTS = 8
_LARGEST = 12.0


def field_glyphs(page: Page) -> list[Glyph]:
    """The values of the page's fields, in the order of the file."""
    if not page.page_obj.annots:
        return []
    return [glyph for annotation in page.annots for glyph in _glyphs(annotation, page)]


def _glyphs(annotation: dict[str, Any], page: Page) -> Iterator[Glyph]:
    data = annotation["data"]
    flags = resolve1(data.get("F", 0))
    if isinstance(flags, int) and flags & (_HIDDEN | _NO_VIEW):
        return
    shift_x, shift_y = page.mediabox[0], page.mediabox[1]
    box = (
        float(annotation["x0"]) - shift_x,
        float(annotation["top"]) - shift_y,
        float(annotation["x1"]) - shift_x,
        float(annotation["bottom"]) - shift_y,
    )
    text = _value(data)
    if text:
        yield from _set(text, *box)


def _value(data: dict[str, Any]) -> str:
    kind = _name(data.get("Subtype"))
    if kind == "FreeText":
        return _text(data.get("Contents"))
    if kind != "Widget":
        return ""
    field = _name(_inherited(data, "FT"))
    value = _inherited(data, "V")
    if field == "Btn":
        flags = _inherited(data, "Ff")
        if isinstance(flags, int) and flags & _PUSH_BUTTON:
            return ""
        return ON if _name(data.get("AS")) not in ("", "Off") else OFF
    if field == "Ch":
        shown = _shown(_inherited(data, "Opt"))
        chosen = [_text(one) for one in (value if isinstance(value, list) else [value])]
        return "、".join(shown.get(one, one) for one in chosen)
    return _text(value) if field == "Tx" else ""


def _shown(options: object) -> dict[str, str]:
    """What a list of choices stores → what it shows, where the two differ."""
    pairs = [resolve1(one) for one in options] if isinstance(options, list) else []
    return {_text(pair[0]): _text(pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2}


def is_drawn_by_viewer(catalog: object) -> bool:
    """Whether only a viewer that knows XFA draws the form: the file itself shows a notice to that effect."""
    form = resolve1(catalog.get("AcroForm")) if isinstance(catalog, dict) else None
    if not isinstance(catalog, dict) or not isinstance(form, dict) or "XFA" not in form:
        return False
    return bool(resolve1(catalog.get("NeedsRendering"))) or not resolve1(form.get("Fields"))


def _inherited(data: dict[str, Any], key: str) -> object:
    """A field's entry, or that of the field it is a part of."""
    for _ in range(_MOST_PARENTS):
        if key in data:
            return resolve1(data[key])
        parent = resolve1(data.get("Parent"))
        if not isinstance(parent, dict):
            return None
        data = parent
    return None


def _name(value: object) -> str:
    value = resolve1(value)
    return str(value.name) if isinstance(value, PSLiteral) else ""


def _text(value: object) -> str:
    value = resolve1(value)
    if not isinstance(value, (bytes, str)):
        return ""
    text = decode_text(value) if isinstance(value, bytes) else value
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _set(text: str, x0: float, top: float, x1: float, bottom: float) -> Iterator[Glyph]:
    """The characters spread over the field: one line of the field for each line of the value."""
    rows = text.split("\n")
    height = (bottom - top) / len(rows)
    for number, row in enumerate(rows):
        size = min(height, _LARGEST, (x1 - x0) / max(len(row), 1))
        middle = top + (number + 0.5) * height
        for at, char in enumerate(row):
            if char.isprintable():
                low = middle + height * 0.4
                yield Glyph(char, x0 + at * size, middle - height * 0.4, x0 + (at + 1) * size, low, low)
