"""The words of a deadline column that are no dates: 长期坚持, 每季度末, 立行立改, 尽快, 已完成, 与工程同步."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """kind: open, recurring, class, vague, done, event (another date that is not told). `text`: its canonical form.

    `weak`: an everyday word that only counts when nothing else is written (立即). `flag`: one more flag it brings.
    """

    kind: str
    text: str
    stop: int
    weak: bool = False
    flag: str = ""


IMMEDIATE = "立行立改"
"""The canonical class word for everything that has to be done at once."""

_END = r"(?=$|[,;。、()\n]|并|且)"
_OPEN = re.compile(
    rf"(?:并|且|后)?(?:长期(?:坚持|整改|推进|执行|有效|落实|巩固){{1,2}}|长期{_END}|持续(?:推进|整改|改进|坚持|巩固|深化)|持续{_END}"
    rf"|常态化(?:推进|开展|整改|坚持|落实)|常态化{_END}|常抓不懈|长抓不懈)"
)
_RECURRING = re.compile(
    r"(?:每个?|(?:按|逐)(?=(?:季度?|月|年|周)(?:$|[,;。、报通推开])))(?P<unit>工作日|半年|季度|季|月|年|双?周|星期|日|天)度?"
    r"(?P<when>[底末初]|[上中下]旬|(?<=[周期])[一二三四五六日天]|(?<=月)\d{1,2}[日号])?(?:上午|下午)?(?:之前|以前|前|内)?"
    r"(?:[一二三四五六七八九十\d]{1,2}[次期轮])?",
    re.ASCII,
)
_IMMEDIATE = re.compile(
    r"(?P<firm>立行立改|即知即改|立查立改|立知立改|边查边改|马上就办|马上整改)类?|立即(?:整改)?|即时(?:整改)?|立刻(?:整改)?"
)
_VAGUE = re.compile(
    r"近期|预计|大约|大概|约(?=\d)|尽快|尽早|择机|待定|暂定|暂无|视情况?|适时|不?定期|另行通知|按计划|按要求|随时|抓紧"
)
_DONE = re.compile(r"已(?:经)?(?:全部)?(?:完成|整改|办结|销号|落实|解决)(?:到位|完毕|完成)?|已于")
_EVENT = re.compile(
    r"随(?:项目|工程|施工)?进度|(?:与|和)?(?:工程|项目|施工|主体)?同步|(?:项目|工程)(?:竣工|完工|交工|完成时限|结束)"
)


def read_word(text: str, pos: int) -> Word | None:
    """The word that starts exactly at `pos`, or None."""
    if match := _OPEN.match(text, pos):
        return Word("open", "长期坚持", match.end())
    if match := _RECURRING.match(text, pos):
        return _recurring(match)
    if match := _IMMEDIATE.match(text, pos):
        return Word("class", IMMEDIATE, match.end(), weak=not match["firm"])
    for kind, pattern in (("vague", _VAGUE), ("done", _DONE), ("event", _EVENT)):
        if match := pattern.match(text, pos):
            return Word(kind, match[0], match.end())
    return None


def _recurring(match: re.Match[str]) -> Word:
    """每月 has two readings (month end, or a day of the next month) and is marked."""
    unit = {"季": "季度", "星期": "周", "天": "日"}.get(match["unit"], match["unit"])
    when = (match["when"] or "").replace("号", "日").replace("天", "日")
    if when in ("底", "末"):
        when = "末" if unit == "季度" else "底"
    return Word("recurring", f"每{unit}{when}", match.end(), flag="ambiguous" if unit == "月" else "")
