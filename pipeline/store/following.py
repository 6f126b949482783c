"""Which earlier submissions the forms of one document follow: each its own, none followed by two of them.

In this order: the reference of our own marks in the file, the business key, the file's name when what had come under it
was sent back. A reference or a name means a whole document; which of its forms is which is told by the key, else by
the fields that say the same, else by the order. Does not look at what a form says otherwise, and records nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.store import submissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from pipeline.store.decide import Case
    from pipeline.store.submissions import Earlier, Json

Matter = list["Earlier"]
"""The active submissions of one matter, latest first."""


def followed(connection: Connection, cases: Sequence[Case]) -> list[Matter]:
    """For each form of one document, all of one type, the active submissions it follows; [] where it is the first."""
    found: dict[int, Matter] = {}
    _pair(cases, _of_reference(connection, cases[0]), found)
    for case in cases:
        if case.position not in found:
            same = submissions.of_key(connection, case.arrival.unit, case.type, case.key)
            if matter := _free(same, found):
                found[case.position] = matter
    first = cases[0]
    sent_back = submissions.of_name(connection, first.arrival.unit, first.type, first.name)
    _pair(cases, [[one] for one in _free(sent_back, found)], found)
    return [found.get(case.position, []) for case in cases]


def _of_reference(connection: Connection, case: Case) -> list[Matter]:
    """The matters of the document that our marks in the file name."""
    reference = case.form.outcome.get("answers") or ""
    if not reference:
        return []
    matters: dict[str, Matter] = {}
    for one in submissions.answered(connection, case.arrival.unit, case.type, reference):
        matters.setdefault(one.chain, []).append(one)
    return list(matters.values())


def _free(matter: Iterable[Earlier], found: dict[int, Matter]) -> Matter:
    """Without what another form of the document follows already."""
    taken = {one.chain for others in found.values() for one in others}
    return [one for one in matter if one.chain not in taken]


def _pair(cases: Sequence[Case], matters: Sequence[Matter], found: dict[int, Matter]) -> None:
    """Give the forms that follow nothing yet the matters they are most like, the surest pairs first."""
    open_ones = [case for case in cases if case.position not in found]
    pairs = [(_likeness(case, matter), case.position, number)
             for case in open_ones for number, matter in enumerate(matters)]  # fmt: skip
    given: set[int] = set()
    for _, position, number in sorted(pairs, key=lambda pair: pair[0], reverse=True):
        if position not in found and number not in given:
            found[position] = matters[number]
            given.add(number)


def _likeness(case: Case, matter: Matter) -> tuple[bool, int, int]:
    """Same key, fields that say the same, nearness in the document: the more the better."""
    latest = matter[0]
    texts, others = _texts(case.form.outcome), _texts(latest.outcome)
    equal = sum(text == others.get(name) for name, text in texts.items())
    same_key = bool(case.key) and any(one.key == case.key for one in matter)
    return same_key, equal, -abs(case.place - latest.form)


def _texts(outcome: Json) -> dict[str, str]:
    """What the fields say, the empty ones left out."""
    cells = outcome.get("fields", {}).items()
    return {name: cell["text"] for name, cell in cells if cell.get("text")}
