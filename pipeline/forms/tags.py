"""The tag grammar of two-way templates: `{{字段}}` for a value, `{{组.字段}}` in the repeating row, and nothing else.

Knows nothing about files or fields: it finds tags in a piece of text and says what looks like a tag but is none.
Letters and reports may use docxtpl's own language instead; `lint` looks after those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = re.compile(r"\w+")
"""A field's or group's name: letters, Chinese characters, digits and _."""

_TAG = re.compile(r"\{\{[ \u3000]*(?:(\w+)\.)?(\w+)[ \u3000]*\}\}")
_REMAINS = re.compile(r"\{\{[^{}]*\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\}\}|\{%|%\}|\{#|#\}|｛｛[^｛｝]*｝｝|｛｛|｝｝")


@dataclass(frozen=True, slots=True)
class Tag:
    """A hole of a template. `start` and `end` are character positions in the text it was found in."""

    group: str
    name: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """The tag in its plainest spelling."""
        return f"{{{{{self.group}.{self.name}}}}}" if self.group else f"{{{{{self.name}}}}}"


def find_tags(text: str) -> tuple[Tag, ...]:
    """All tags of a text, in order."""
    return tuple(Tag(m[1] or "", m[2], m.start(), m.end()) for m in _TAG.finditer(text))


def find_faults(text: str) -> tuple[str, ...]:
    """Pieces that look like a tag or like template code and are not a tag: conditions, filters, two dots, ｛｛｝｝ …"""
    return tuple(m[0] for m in _REMAINS.finditer(_TAG.sub("", text)))


def fixed_parts(text: str) -> tuple[str, ...]:
    """The words between the tags: always one more than there are tags."""
    return tuple(_TAG.split(text)[::3])
