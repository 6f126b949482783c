"""What reader 1 saw: candidates for every field, from tables (`locate`) and from paragraphs (`flow`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.forms.area import Area
    from pipeline.forms.page import Mark

_FORM_NOTE = re.compile(r"(?:填表说明|填写说明|填报说明)(?:[:：]|$)")
_NOTE = re.compile(
    r"[(（]?\s*(?:接上[表页]|续[上前]?[表页]|转下[页表]|以下无正文)\s*[)）]?$"
    r"|(?:填表说明|填写说明|填报说明|说明|备注|注)(?:[:：]|$)"
)
_REMARK = re.compile(r"(?:说明|备注)[:：]\s*\S")


class Candidate(NamedTuple):
    """A value that may belong to a field.

    `inner`: found inside the value of another label, so only a last resort. `heading`: the line it stands under, "" for
    none; such a value ends only where the next heading is recognised.
    """

    area: Area
    inner: bool = False
    heading: str = ""


@dataclass(slots=True)
class Found:
    """Everything reader 1 saw: field → candidates, in reading order; and the parts of the text in their order."""

    candidates: dict[str, list[Candidate]] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

    def add(self, name: str, area: Area, *, inner: bool = False, heading: str = "") -> None:
        """One more candidate for a field."""
        self.candidates.setdefault(name, []).append(Candidate(area, inner, heading))

    def add_part(self, name: str, area: Area, heading: str = "") -> None:
        """One more candidate, that begins where the part before it ends."""
        self.parts.append(name)
        self.add(name, area, heading=heading)


def stretches(marks: Sequence[Mark], length: int) -> Iterator[Mark]:
    """What each mark owns: from its end to the start of the next one or the end of the text."""
    ends = [start for start, _, _ in marks[1:]]
    return ((begin, end, word) for (_, begin, word), end in zip(marks, [*ends, length], strict=False))


def may_be_text(note: str) -> bool:
    """Whether a note (备注：…, 说明：…) may as well be what somebody had to say."""
    return _REMARK.match(note.strip()) is not None


def is_note(text: str) -> bool:
    """Whether a line opens the notes that offices print below a form (填表说明：…, 注：…)."""
    return _NOTE.match(text.strip()) is not None


def is_form_note(text: str) -> bool:
    """Whether a line opens notes about the form itself: no text of a sender begins like that."""
    return _FORM_NOTE.match(text.strip()) is not None
