"""What is written back into the sender's own file, whatever its format: marks at a spot, and the lines of one page.

Word and Excel put them in: `docx_mark`, `xlsx_mark`. The sentences come from the catalogue; here stand only the few
words around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pipeline.catalog import SEVERITY_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.model import Place, Severity

AUTHOR = "党建文件流水线"
"""By this name our marks are recognised when the file comes back; by `is_remark` where a program dropped the name."""

_REFERENCE = re.compile(r"反馈意见（编号：([^（）\n]+)）")
_REMARK = re.compile(rf"\s*反馈意见（编号：[^（）\n]+）\s*(?:1\. )?【(?:{'|'.join(SEVERITY_WORDS.values())})】")


@dataclass(frozen=True, slots=True)
class Mark:
    """One remark. `place` None or of kind "file": about the whole file."""

    place: Place | None
    text: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Stamp:
    """The number under which the file was received, who marks, and when (written as it is, no zone)."""

    reference: str
    author: str = AUTHOR
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageLine:
    """A row of the first sheet: 序号, 位置, 程度, 填写的内容, 问题, 应当怎样. A place as 整改台账!C5 is a link."""

    number: str
    place: str
    severity_word: str
    found: str
    problem: str
    expected: str


def heading(reference: str) -> str:
    """The first line of every remark and the title of the first sheet."""
    return f"反馈意见（编号：{plain(reference)}）"


def remark(marks: Sequence[Mark], reference: str) -> str:
    """The remarks on one spot as one text under the heading, numbered when there are several."""
    texts = [f"【{SEVERITY_WORDS[mark.severity]}】{plain(mark.text)}" for mark in marks]
    if len(texts) > 1:
        texts = [f"{number}. {text}" for number, text in enumerate(texts, 1)]
    return "\n".join([heading(reference), *texts])


def is_remark(text: str) -> bool:
    """Whether a text begins as `remark` writes it."""
    return bool(_REMARK.match(text))


def signature(text: str) -> str:
    """The reference in a text that `heading` began, else ""."""
    found = _REFERENCE.search(text)
    return found[1] if found else ""


def plain(text: str) -> str:
    """The text without the characters XML cannot hold."""
    return _not_xml().sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@cache
def _not_xml() -> re.Pattern[str]:
    """Made when something is written: the class of so many characters takes its time, and readers need none of it."""
    return re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
