"""A short value into which the next label has run (沂北泵站工程项目类型：水利; 第一工程公司 年度 2026).

It happens where a sheet was printed narrow or saved as PDF: two cells become one line, and neither reader sees the
border. Where the value ends nobody can know, so it is a doubt. Long texts may well speak of a label and are left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORTEST = 2
_SIGN = re.compile(r"[\s:：]")


class RunOn:
    """Recognises the labels of one type inside values."""

    def __init__(self, labels: Iterable[str]) -> None:
        words = sorted((label for label in labels if len(label) >= _SHORTEST), key=len, reverse=True)
        either = "|".join(r"\s*".join(map(re.escape, word)) for word in words) or r"(?!)"
        self._label = re.compile(rf"\S(?:{either})\s*[:：]|\s(?:{either})(?:\s*[:：]|\s+\S|\d)")

    def __call__(self, text: str) -> bool:
        """Whether another label stands in the text: before a colon, or between spaces."""
        return bool(_SIGN.search(text)) and self._label.search(text) is not None
