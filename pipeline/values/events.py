"""Days that people name instead of writing a date: “七一”前, 春节前, 党的二十大召开之前.

Only days that are certain: fixed ones, the first day of the lunar year (2015–2035), congresses already opened.
两会, 中秋 and the like have no entry, so that a text naming them stays unread.
"""

from __future__ import annotations

from datetime import date

_FIXED = {
    "元旦": (1, 1), "三八": (3, 8), "五一": (5, 1), "劳动节": (5, 1), "五四": (5, 4), "六一": (6, 1), "七一": (7, 1),
    "建党节": (7, 1), "八一": (8, 1), "建军节": (8, 1), "十一": (10, 1), "国庆": (10, 1), "国庆节": (10, 1),
}  # fmt: skip
_LUNAR = ("春节", "农历新年", "大年初一")
_NEW_YEAR = {
    2015: (2, 19), 2016: (2, 8), 2017: (1, 28), 2018: (2, 16), 2019: (2, 5), 2020: (1, 25), 2021: (2, 12),
    2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26),
    2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip
_ONCE = {"十九大": date(2017, 10, 18), "二十大": date(2022, 10, 16)}

NAMES = tuple(sorted((*_FIXED, *_LUNAR, *_ONCE), key=len, reverse=True))
"""Every name, longest first."""


def event_day(name: str, year: int) -> date | None:
    """The day of the event in that year (a congress: its own day), None where it is not known."""
    if name in _ONCE:
        return _ONCE[name]
    month_day = _NEW_YEAR.get(year) if name in _LUNAR else _FIXED.get(name)
    return date(year, *month_day) if month_day else None


def has_own_year(name: str) -> bool:
    """True for an event that happened once."""
    return name in _ONCE
