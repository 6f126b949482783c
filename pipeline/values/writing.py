"""House style of dates in Chinese: 2026年8月20日, without leading zeros; the other direction of `points`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.values import calendars

if TYPE_CHECKING:
    from datetime import date

QUARTERS = "一二三四"


def day(value: date) -> str:
    """2026年8月20日."""
    return f"{value.year}年{value.month}月{value.day}日"


def month(value: date) -> str:
    """2026年8月."""
    return f"{value.year}年{value.month}月"


def stretch(end: date, precision: str) -> str:
    """The month, quarter, half, year or ten-day part that ends on `end`: 2026年第三季度; "" if none does."""
    if calendars.whole(precision, end) is None:
        return ""
    if precision == "month":
        return month(end)
    if precision == "xun":
        return month(end) + {10: "上旬", 20: "中旬"}.get(end.day, "下旬")
    if precision == "quarter":
        return f"{end.year}年第{QUARTERS[end.month // 3 - 1]}季度"
    return f"{end.year}年" + ("" if precision == "year" else "上半年" if end.month == 6 else "下半年")
