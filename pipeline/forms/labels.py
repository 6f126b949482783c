"""Label words: how a printed label is recognised however it was typed, and which field it stands for.

Spaces inside (立 项 支 部), line breaks, full-width forms, numbering in front, a colon or a bracketed remark behind
（盖章） do not matter; the words do. Nothing here knows geometry or order: that is `locate` and `align`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.values.fold import ORDINARY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pipeline.forms.spec import FieldSpec, TypeSpec

LONGEST = 40
"""A cell longer than this, spaces left out, is no label."""

COMMON_LABELS = frozenset(
    word
    for group in (
        "编号 项目编号 收件编号 序号 份数 页数 附件 备注 说明 年度 密级",
        "联系人 联系电话 联系方式 电话 手机 传真 邮箱 日期 时间",
        "填表人 填表时间 填报人 填报日期 经办人 审核人 收件人 收件日期",
        "单位 单位名称 部门 职务 职称 岗位 性别 年龄 民族 政治面貌 学历",
        "类别 选题类别 载体类型 项目组成员 成员 参加人数 党员人数 金额 经费",
    )
    for word in group.split()
)
"""Labels that offices add to any form: a cell with one of these beside a value is not more of that value."""

_NUMBERING = re.compile(r"^(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）.、．]|[①-⑳⑴-⒇])+")
_REMARK = re.compile(r"(?:[(（\[【][^()（）\[\]【】]*[)）\]】])+$")
_BRACKETS = (")", "]", "】")
_SHORTENED = ")）]】"
_EDGE = "：:*＊　 ．."
_EDGE_OR_SPACE = _EDGE + "".join(char for char in map(chr, range(0x3001)) if char.isspace())


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """Without any white space, full-width letters, digits and signs made half-width."""
    if ORDINARY.fullmatch(text):
        tight = "".join(text.split())
        for sign in set(_WIDE.findall(tight)):
            tight = tight.replace(sign, chr(ord(sign) - 0xFEE0))
        return tight
    return "".join(unicodedata.normalize("NFKC", text).split())


_WIDE = re.compile("[\uff01-\uff5e]")


def key(text: str) -> str:
    """The bare words of a label, "" for anything too long to be one."""
    if len(text) > LONGEST * 3:
        return ""
    return _key(text)


def may_be(text: str, longest: int) -> bool:
    """False for a text whose key is surely longer than that: asked first of texts that are hardly ever labels."""
    bare = text.strip(_EDGE_OR_SPACE)
    if len(bare) <= longest or bare[-1] in _SHORTENED or bare[0] in "(（" or bare[0].isnumeric():
        return True
    return len(bare.split(None, 1)) > 1


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    bare = "".join(text.split())
    if len(bare) > LONGEST:
        return ""
    bare = _NUMBERING.sub("", bare.strip(_EDGE)).strip(_EDGE)
    bare = squeeze(bare).strip(_EDGE)
    if not bare.endswith(_BRACKETS):
        return bare
    return _REMARK.sub("", bare).strip(_EDGE) or bare


_UNIT = re.compile(r"[(（\[【]\s*(?:单位[:：]\s*)?((?:亿|千万|百万|万|千)?元|亿|万|[%％])\s*[)）\]】]")


def unit_in(label: str) -> str:
    """The unit that a printed label gives for its numbers: 经济效益（万元） → 万元, 完成比例(%) → %; "" for none."""
    match = _UNIT.search("".join(label.split()))
    return match[1].replace("％", "%") if match else ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The label words of one document type: key → field name, and the keys of blocks that hold titled sections."""

    fields: Mapping[str, str]
    columns: Mapping[str, str]
    blocks: frozenset[str]
    sections: Mapping[str, str]
    printed: frozenset[str]
    longest_column: int
    known: Mapping[str, str]
    """Any label of this type's header fields, sections or blocks → field name, "" for a block."""
    headings: frozenset[str]
    """Labels that may also be a line of their own above their value."""

    def knows(self, label: str) -> bool:
        """Whether a key is any label of this type's header fields, sections or blocks."""
        return label in self.known


@lru_cache(maxsize=256)
def vocabulary(spec: TypeSpec) -> Vocabulary:
    """The words of a type; a section's field is also known by its own label in a cell of its own."""
    fields = _words(spec.fields)
    sections = {word: name for word, name in fields.items() if spec.field(name).section_of}
    names = {field.section_of for field in spec.fields if field.section_of}
    blocks = {key(word) for name in names for word in (name, *spec.sections.get(name, ()))}
    printed = {key(label) for field in (*spec.fields, *spec.columns) for label in (field.name, *field.labels[:1])}
    known = fields | dict.fromkeys(blocks, "")
    headings = frozenset(word for word, name in fields.items() if spec.field(name).stands == "heading")
    columns = _words(spec.columns)
    longest = max(map(len, columns), default=0)
    return Vocabulary(fields, columns, frozenset(blocks), sections, frozenset(printed), longest, known, headings)


def _words(specs: Iterable[FieldSpec]) -> dict[str, str]:
    return {key(label): spec.name for spec in specs if not spec.tail_of for label in (spec.name, *spec.labels)}


_COLON = re.compile(r"[:：]+")
_GAP = re.compile(r"[\s,，;；。|｜]+")


def inline_labels(line: str, known: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Labels followed by a colon inside one line: (start of the label, end after the colon, key), left to right.

    The words before a colon count from a gap (start, white space, a stop); 「填 表 时 间：」 is one label.
    """
    found: list[tuple[int, int, str]] = []
    start = 0
    for colon in _COLON.finditer(line):
        head = line[start : colon.start()]
        hit = _label_at_end(head, known)
        if hit is not None:
            found.append((start + hit[0], colon.end(), hit[1]))
        start = colon.end()
    return found


def before_colons(line: str) -> Iterator[tuple[str, ...]]:
    """For every colon the words that `inline_labels` would try there, in its order: what it finds with any labels."""
    for head in line.replace("：", ":").split(":")[:-1]:
        starts = [0, *[gap.end() for gap in _GAP.finditer(head)]]
        words = tuple([key(head[begin:]) for begin in starts if begin < len(head)])
        if any(words):
            yield words


def _label_at_end(head: str, known: Mapping[str, str]) -> tuple[int, str] | None:
    starts = [0, *(gap.end() for gap in _GAP.finditer(head))]
    for begin in starts:
        if begin < len(head):
            word = key(head[begin:])
            if word in known:
                return begin, word
    return None
