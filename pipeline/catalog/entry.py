"""One line of the catalogue: what a code says, as templates whose holes are facts of the finding."""

from __future__ import annotations

from dataclasses import dataclass

PLAN = "《关于开展党建项目化管理工作的方案》"
RECTIFICATION = "巡察整改工作要求"
CIVIL_CODE = "《中华人民共和国民法典》"


@dataclass(frozen=True, slots=True)
class Entry:
    """`found`: what is wrong. `expected`: what to do. Both without a full stop; `{name}` is a fact, never evaluated.

    `example` and `clause` win over the field's own; "" leaves the field's own in place.
    """

    found: str
    expected: str
    example: str = ""
    clause: str = ""
