"""What a missing heading casts doubt on: its text, if there is any, was read under another; and one that stands twice.

Numbers do not tell where it went, for parts are moved: when a part must be there, every other one of more than a line
is in doubt. One that may be left out altogether only casts doubt on the part printed before it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.forms.found import Candidate, Found
    from pipeline.forms.spec import FieldSpec
    from pipeline.model import Reading


def gaps(
    parts: Sequence[FieldSpec], readings: Mapping[str, Reading], found: Mapping[str, Sequence[Candidate]]
) -> dict[str, str]:
    """Fields whose text may hold another one's → that one. `parts`: all that have headings."""
    names = [field.name for field in parts]
    headed = [name for name, candidates in found.items() if any(one.heading for one in candidates)]
    doubtful: dict[str, str] = {}
    for number, field in enumerate(parts):
        if readings[field.name].text or any(not one.inner for one in found.get(field.name, ())):
            continue
        needed = field.required == "yes"
        next_above = [name for name in headed if names.index(name) < number][-1:]
        for name in (*(headed if needed else ()), *next_above):
            reading = readings[name]
            long = "\n" in reading.text or (needed and name in next_above)
            if reading.text and long and not reading.reason:
                doubtful.setdefault(name, field.name)
    return doubtful


def cut_short(seen: Found, readings: Mapping[str, Reading]) -> dict[str, str]:
    """Parts that end at a label which stands twice and says two things → its field: the label may be their text."""
    twice = {name for name in seen.parts if readings[name].reason == "second"}
    return {
        before: name
        for before, name in pairwise(seen.parts)
        if name in twice and before != name and readings[before].text and not readings[before].reason
    }
