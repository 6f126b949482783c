"""Text that says itself again, which some converters make of content controls (张敏张敏张敏张敏): never a fact."""

from __future__ import annotations

import re

from pipeline.forms.labels import squeeze

_HEAD = 10
_TIMES = 3
_THRICE = re.compile(r"([^\W_]{2,16}?)\1\1")
_WORDS = re.compile(r"[^\W_]{6,}")
"""What lies between two signs; three times two characters are the least there can be."""


def echoes(text: str) -> bool:
    """Whether a text is one piece written several times over, or has a piece in it that stands there three times."""
    if len(text) < 4:
        return False
    tight = squeeze(text)
    if tight.isascii():
        return False
    again = (tight + tight).find(tight, 2)
    if again < len(tight) and tight != tight[0] * len(tight):
        return True
    stretches = _WORDS.findall(tight)
    kinds = map(len, map(set, stretches))
    if any(few <= len(words) - 4 and _has_thrice(words) for words, few in zip(stretches, kinds, strict=True)):
        return True
    return len(tight) > _HEAD * _TIMES and tight.count(tight[:_HEAD]) >= _TIMES


def _has_thrice(words: str) -> bool:
    """Asked only where at least four characters came before: so many repeat in any piece that stands three times."""
    return any(len(set(piece)) > 1 and not piece.isascii() for piece in _THRICE.findall(words))
