"""Facts that offices write into a sentence because the form prints no row for them (R10: the project's period)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.model import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.forms.spec import FieldSpec

_YEAR = re.compile(r"\d{4}")
_LINK = r"(?:为|是|：|:|自|从|即)\s*"
_END = r"(?P<period>[^。；;，,\n]{4,40}?)(?=[。；;，,\n]|$)"


def stated(field: FieldSpec) -> re.Pattern[str]:
    """How a sentence states a field: one of its longer labels, 为 or the like, and what follows up to a stop."""
    names = "|".join(re.escape(label) for label in (field.name, *field.labels) if len(label) > 3) or r"(?!)"
    return re.compile(rf"(?:{names}){_LINK}{_END}")


def period_in_text(pattern: re.Pattern[str], texts: Sequence[Reading]) -> Reading | None:
    """「实施周期为2026年9月1日至2027年2月28日。」 → the period as written (`stated`); a doubt when several differ."""
    hits = [
        Reading(match.group("period").strip(), reading.place)
        for reading in texts
        for match in pattern.finditer(reading.text)
        if _YEAR.search(match.group("period"))
    ]
    texts_found = {hit.text for hit in hits}
    if not hits:
        return None
    if len(texts_found) == 1:
        return hits[0]
    return Reading(hits[0].text, hits[0].place, reason="second", other=hits[1].text, other_place=hits[1].place)
