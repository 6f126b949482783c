"""What every reader of a value takes and gives.

The law of this package: a `Parsed` has a value, or a problem, or neither. Neither means that nothing was filled in
(or that the text says 无, /): whoever requires the field must then report it. A problem never comes with a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Context:
    """What a text does not say itself.

    `year`: the year in force. `base`: the day that periods count from (反馈日期); its year is the implied one.
    `received`: day of arrival. `above`: the same cell of the row above, for 同上. `unit`: unit printed in the label.
    """

    year: int
    base: date | None = None
    received: date | None = None
    above: str = ""
    unit: str = ""

    @property
    def implied_year(self) -> int:
        """The year of a date written without one."""
        return self.base.year if self.base else self.year


@dataclass(frozen=True, slots=True)
class Parsed:
    """A reading: `value`, or a `problem` (a finding code). `flags` say how sure and how it was read.

    flags: ambiguous (worth showing; `note` holds the other reading), implied_year, short_year, typo, derived (推算),
    approximate, open_ended, recurring, multi, class_word, inherited, incomplete, half_open, relative, base_unknown,
    not_applicable, holidays_unpublished, serial, no_unit, several.
    `note`: facts in house style (the other reading, the weekday), never a sentence.
    """

    value: object | None = None
    problem: str = ""
    flags: tuple[str, ...] = ()
    note: str = ""


def failed(problem: str, *flags: str, note: str = "") -> Parsed:
    """No usable reading, and why."""
    return Parsed(None, problem, unique(flags), note)


def unique(flags: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Each flag once, in the order of first mention."""
    return tuple(dict.fromkeys(flags))


BLANK = Parsed()
NOT_APPLICABLE = Parsed(flags=("not_applicable",))
