"""Text ↔ value per type, pure: dates, periods, deadlines, months, money, numbers, people, phones, choices, names.

Every reading is a `Parsed`: a value, or a problem (finding code), or neither when nothing was filled in.
"""

from pipeline.values.blanks import is_blank, is_sample
from pipeline.values.deadlines import Checkpoint, Deadline
from pipeline.values.money import Money
from pipeline.values.org import Branch, Roster
from pipeline.values.parsed import Context, Parsed
from pipeline.values.periods import Period
from pipeline.values.text import format_value, parse
from pipeline.values.wire import from_json, to_json

__all__ = [
    "Branch",
    "Checkpoint",
    "Context",
    "Deadline",
    "Money",
    "Parsed",
    "Period",
    "Roster",
    "format_value",
    "from_json",
    "is_blank",
    "is_sample",
    "parse",
    "to_json",
]
