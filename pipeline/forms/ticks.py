"""Tick boxes in running text: which option of 「☑同意申报 □不同意申报」 or 「（√）同意 （ ）不同意」 is chosen."""

from __future__ import annotations

import re

_ON = "☑☒■√✓✔▣"
_OFF = "□☐○▢"
_SIGN = re.compile(f"[{_ON}{_OFF}(（]")
"""No box without one of these: asked first, because long texts hold none and this is found faster."""
_ANY_BOX = re.compile(rf"[{_ON}{_OFF}]|[(（]\s*[)）]")
_BOX = re.compile(rf"[(（]\s*(?P<inside>[{_ON}{_OFF}]?)\s*[)）]|(?P<bare>[{_ON}{_OFF}])")


def ticked(text: str) -> str:
    """The words of the one ticked option; the text itself when there are no boxes or not exactly one tick.

    With boxes but no tick at all the answer is "": nothing was chosen. Words after the options (an opinion written
    below them) stay.
    """
    if not _SIGN.search(text) or not _ANY_BOX.search(text):
        return text
    boxes = [(box.start(), box.end(), (box["inside"] or box["bare"] or "□") in _ON) for box in _BOX.finditer(text)]
    if all(on for _, _, on in boxes) and not (len(boxes) == 1 and boxes[0][0] == 0):
        return text
    ends = [start for start, _, _ in boxes[1:]] + [len(text)]
    options = [(on, text[after:end].split("\n", 1)) for (_, after, on), end in zip(boxes, ends, strict=True)]
    chosen = [parts[0].strip() for on, parts in options if on]
    rest = [parts[1].strip() for _, parts in options if len(parts) > 1 and parts[1].strip()]
    if text[: boxes[0][0]].strip() or len(chosen) > 1:
        return text
    return "\n".join([*chosen, *rest])
