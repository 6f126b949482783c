"""What a missing heading casts doubt on: its text, if there is any, was read under another; and one that stands twice.

Numbers tell where it may stand: 三、 followed by 五、 has something between. Without numbers it may stand under any
heading. A part that may be left out altogether raises no doubt about a single line.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.forms.headlines import numbered

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
    headed = [(name, one.heading) for name, candidates in found.items() for one in candidates if one.heading]
    doubtful: dict[str, str] = {}
    for number, field in enumerate(parts):
        if readings[field.name].text or any(not one.inner for one in found.get(field.name, ())):
            continue
        needed = field.required == "yes"
        next_above = [name for name, _ in headed if names.index(name) < number][-1:]
        for name in (*(_before_gaps(headed) if needed else ()), *next_above):
            reading = readings[name]
            long = "\n" in reading.text or (needed and name in next_above)
            if reading.text and long and not reading.reason:
                doubtful.setdefault(name, field.name)
    return doubtful


def _before_gaps(headed: Sequence[tuple[str, str]]) -> list[str]:
    """The fields whose heading is not followed by the next number, and the last one."""
    open_ended = [name for name, _ in headed[-1:]]
    for (name, line), (_, following) in pairwise(headed):
        own, other = numbered(line), numbered(following)
        if own is None or other != (own[0], own[1] + 1):
            open_ended.append(name)
    return open_ended


def cut_short(seen: Found, readings: Mapping[str, Reading]) -> dict[str, str]:
    """Parts that end at a label which stands twice and says two things → its field: the label may be their text."""
    twice = {name for name in seen.parts if readings[name].reason == "second"}
    return {
        before: name
        for before, name in pairwise(seen.parts)
        if name in twice and before != name and readings[before].text and not readings[before].reason
    }
