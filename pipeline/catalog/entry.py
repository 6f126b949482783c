"""One line of the catalogue: what a code says, as templates whose holes are facts of the finding."""

from __future__ import annotations

from dataclasses import dataclass

PLAN = "《关于开展党建项目化管理工作的方案》"
RECTIFICATION = "巡察整改工作要求"
CIVIL_CODE = "《中华人民共和国民法典》"
OWN = "{example}"
"""The example that the field itself gives."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`found`: what is wrong. `expected`: what to do. Both without a full stop; `{name}` is a fact, never evaluated;
    `[…{name}…]` is left out when the fact is absent.

    `example`: "" for none, OWN for the field's own. `clause` wins over the field's own, which "" leaves in place.
    """

    found: str
    expected: str
    example: str = ""
    clause: str = ""
