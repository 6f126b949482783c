"""Rectification items (整改事项) over time: the light of an open item (R59).

Answers for: green, yellow, red by days past the due date, with the word that stands beside the colour in print.
Knowingly not: who is reminded, what was agreed for an open-ended item (domain_rules §8.11: never red).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.affairs.deadlines import add_months

if TYPE_CHECKING:
    from pipeline.settings import Rules


class Light(StrEnum):
    """The light of an item: the word is printed, the colour only supports it."""

    DONE = "已完成"
    OPEN = "长期坚持"
    GREEN = "绿灯"
    OVERDUE = "已逾期"
    YELLOW = "黄灯"
    RED = "红灯"


def light(due: date | None, today: date, rules: Rules, *, done: bool = False) -> Light:
    """The light on `today`. `due` None means open-ended (长期坚持).

    Yellow from `yellow_days` past the due date, red when more than `red_months` calendar months past it: exactly one
    month late is still yellow (domain_rules §8.9, §8.10).
    """
    if done:
        return Light.DONE
    if due is None:
        return Light.OPEN
    if today > add_months(due, rules.red_months):
        return Light.RED
    if today >= due + timedelta(days=rules.yellow_days):
        return Light.YELLOW
    return Light.OVERDUE if today > due else Light.GREEN
