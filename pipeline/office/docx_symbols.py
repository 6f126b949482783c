"""Characters of the symbol fonts as text: ticks, boxes and marks that carry meaning in a form.

Word writes them as w:sym with a code of the font, other word processors as private-use characters, some people as
plain letters in the font Wingdings. Unknown codes become U+FFFD, so that nothing vanishes unseen.
"""

from __future__ import annotations

UNKNOWN = "\ufffd"

_WINGDINGS = {
    0x20: " ", 0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x73: "◆", 0x74: "◆",
    0x75: "◆", 0x76: "◆", 0x77: "◆", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA4: "◉", 0xA7: "▪", 0xA8: "□", 0xD8: "➢",
    0xE0: "→", 0xE8: "→", 0xF0: "→", 0xFB: "×", 0xFC: "√", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {
    0x20: " ", 0x2A: "□", 0x4F: "×", 0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x96: "•", 0x97: "●",
    0xA2: "■", 0xA3: "□", 0xA6: "□",
}  # fmt: skip
_WEBDINGS = {0x20: " ", 0x61: "√", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "×", 0x3D: "●"}
_SYMBOL = {
    0x20: " ", 0xA3: "≤", 0xA5: "∞", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB7: "•",
    0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xD6: "√",
}  # fmt: skip
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "webdings": _WEBDINGS, "symbol": _SYMBOL}

# Without its font a private-use code is read as Wingdings, then as Wingdings 2.
PRIVATE_USE = {0xF000 + code: text for code, text in (_SYMBOL | _WINGDINGS_2 | _WINGDINGS).items()}


def symbol(font: str, code: int) -> str:
    """The character a symbol font shows for a code (0x20–0xFF, or the same plus 0xF000); always one character."""
    if not 0 <= code < 0x110000 or 0xD800 <= code < 0xE000:
        return UNKNOWN
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    table = _FONTS.get(font.strip().lower())
    if table is not None:
        return table.get(low, UNKNOWN)
    return chr(code) if code < 0xE000 or code > 0xF8FF else PRIVATE_USE.get(code, UNKNOWN)


def is_symbol_font(font: str) -> bool:
    """Whether plain letters in this font are pictures. Symbol is left out: Word sets it for mere Greek letters too."""
    return font.strip().lower() in ("wingdings", "wingdings 2", "webdings")
