"""The compiler of two-way templates: refuses what could not be read back, and names the place in Chinese.

Works on types whose layouts were read by `office.library`. Forms and ledgers: every tag has a field, a label that only
this field has, and fixed words around it. Letters and reports: see `lint_letter`. Which checks a type may call is
known to `checks.complaints`, what a spec.toml may say to `specfile`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.forms.labels import inline_labels, key, vocabulary
from pipeline.forms.lint_letter import letter_faults
from pipeline.forms.tags import Tag, find_faults, find_tags, fixed_parts
from pipeline.model import Grid, Paragraph, Pos

if TYPE_CHECKING:
    from pipeline.forms.labels import Vocabulary
    from pipeline.forms.spec import FieldSpec, Layout, TypeSpec

_WORD = re.compile(r"[^\W_]")
_NUMBER = re.compile(r"[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）.、．]?")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One reason why a template cannot be used, and where."""

    type: str
    layout: str
    place: str
    problem: str

    @property
    def text(self) -> str:
        """One Chinese sentence."""
        place = f"{self.place}：" if self.place else ""
        return f"「{self.type}」的模板（{self.layout}）{place}{self.problem}"


@dataclass(frozen=True, slots=True)
class Hole:
    """A tag in a template: the text it stands in, its place, and the grid position if it is in a table or sheet."""

    tag: Tag
    text: str
    place: str
    grid: Grid | None = None
    pos: Pos = (-1, -1)


def lint(spec: TypeSpec) -> tuple[Complaint, ...]:
    """Everything wrong with the layouts of a type; () when each of them can be used."""
    found: list[Complaint] = []
    for layout in spec.layouts:
        if spec.kind in ("letter", "report"):
            problems = letter_faults(spec, layout.document)
        else:
            problems = _Layout(spec, layout).problems()
        found.extend(Complaint(spec.name, layout.name, place, problem) for place, problem in problems)
    return tuple(dict.fromkeys(found))


class _Layout:
    """One layout of a form or ledger."""

    def __init__(self, spec: TypeSpec, layout: Layout) -> None:
        self.spec = spec
        self.layout = layout
        self.texts = list(_texts(layout))
        self.holes = [Hole(tag, *found) for found in self.texts for tag in find_tags(found[0])]
        self.words = vocabulary(spec)
        self.fields = {field.name: field for field in spec.fields}
        self.columns = {column.name: column for column in spec.columns}

    def problems(self) -> Iterator[tuple[str, str]]:
        """(place, what is wrong) one after the other."""
        yield from self._grammar()
        yield from self._names()
        yield from self._absent()
        yield from self._twice()
        yield from self._neighbours()
        yield from self._repeating_row()
        yield from self._labels()
        yield from self._printed_twice()
        yield from self._title()

    def _known(self) -> list[Hole]:
        return [hole for hole in self.holes if self._field(hole.tag) is not None]

    def _field(self, tag: Tag) -> FieldSpec | None:
        if tag.group:
            return self.columns.get(tag.name) if tag.group == self.spec.group else None
        return self.fields.get(tag.name)

    def _grammar(self) -> Iterator[tuple[str, str]]:
        for text, place, *_ in self.texts:
            for fault in find_faults(text):
                yield place, f"「{fault}」不能用在这里，表单和台账的模板里只能写 {{{{字段}}}} 或 {{{{组.字段}}}}。"

    def _names(self) -> Iterator[tuple[str, str]]:
        for hole in self.holes:
            if self._field(hole.tag) is not None:
                continue
            if hole.tag.group and hole.tag.group != self.spec.group:
                right = f"应为「{self.spec.group}」" if self.spec.group else "这个文种没有重复的行"
                yield hole.place, f"标签 {hole.tag.text} 的组名「{hole.tag.group}」没有登记，{right}。"
            elif hole.tag.name in (self.fields.keys() | self.columns.keys()):
                meant = Tag("" if hole.tag.group else self.spec.group, hole.tag.name, 0, 0).text
                yield hole.place, f"标签 {hole.tag.text} 应写成 {meant}。"
            else:
                yield hole.place, f"标签 {hole.tag.text} 没有对应的字段，请改正，或在 spec.toml 里加上这个字段。"

    def _absent(self) -> Iterator[tuple[str, str]]:
        """Only a layout in force must have them all; an earlier one may lack what was added later."""
        present = {(bool(hole.tag.group), hole.tag.name) for hole in self.holes}
        for grouped, specs in ((False, self.spec.fields), (True, self.spec.columns)):
            for field in specs:
                needed = field.required in ("yes", "stage") or grouped
                if self.layout.current and needed and (grouped, field.name) not in present:
                    tag = Tag(self.spec.group if grouped else "", field.name, 0, 0).text
                    yield "", f"字段「{field.name}」没有位置可填，请在模板里加上标签 {tag}。"

    def _twice(self) -> Iterator[tuple[str, str]]:
        seen: dict[str, str] = {}
        for hole in self._known():
            first = seen.setdefault(hole.tag.text, hole.place)
            if first != hole.place or Counter(find_tags(hole.text))[hole.tag] > 1 or self._again(hole):
                yield hole.place, f"标签 {hole.tag.text} 出现了两次（另一处在{first}），读表时不知道以哪个为准。"

    def _again(self, hole: Hole) -> bool:
        earlier = (tag for tag in find_tags(hole.text) if tag.start < hole.tag.start)
        return any(tag.text == hole.tag.text for tag in earlier)

    def _neighbours(self) -> Iterator[tuple[str, str]]:
        """Between two tags there must be words, or nobody knows where one value ends."""
        for text, place, *_ in self.texts:
            tags, between = find_tags(text), fixed_parts(text)[1:-1]
            for before, after, words in zip(tags, tags[1:], between, strict=False):
                if _WORD.search(words):
                    continue
                later = self._field(after)
                if later is not None and later.tail_of == before.name and later.type == "date":
                    if not later.hints:
                        yield place, f'「{later.name}」没有提示语，请在 spec.toml 里写 hints = ["年    月    日"]。'
                    continue
                yield (
                    place,
                    f"标签 {before.text} 和 {after.text} 之间没有固定的文字，读表时分不开，请在中间加上标签文字。",
                )

    def _repeating_row(self) -> Iterator[tuple[str, str]]:
        rows = {(id(hole.grid), hole.pos[0]) for hole in self.holes if hole.tag.group and hole.grid is not None}
        for hole in self.holes:
            if hole.tag.group and hole.grid is None:
                yield hole.place, f"标签 {hole.tag.text} 要写在表格的一行里，这一行按数据重复。"
            elif hole.grid is not None and (id(hole.grid), hole.pos[0]) in rows and not hole.tag.group:
                yield hole.place, f"重复的行里只能用同一个组的标签，{hole.tag.text} 请移到表格外。"
        groups = {hole.tag.group for hole in self.holes if hole.tag.group}
        if len(groups) > 1:
            yield "", f"重复的行里混用了几个组的标签：{'、'.join(sorted(groups))}，只能用一个。"
        if len(rows) > 1:
            places = "、".join(dict.fromkeys(hole.place for hole in self.holes if hole.tag.group))
            yield "", f"重复的行只能有一行，现在分在几行里：{places}。"
        if self.spec.kind == "ledger" and not rows:
            yield "", f"台账的模板里没有重复的行，请在表头下面一行写 {{{{{self.spec.group}.…}}}}。"

    def _labels(self) -> Iterator[tuple[str, str]]:
        """Every tag must stand where its own label says so."""
        for hole in self._known():
            field = self._field(hole.tag)
            if field is None or field.tail_of:
                continue
            if field.stands == "above_title" and self._over_title(hole):
                continue
            label = _column_label(hole, self.words) if hole.tag.group else _label(hole, self.words, field)
            label = label or self._heading(hole, field)
            words = {key(word) for word in (field.name, *field.labels)}
            if not label and hole.tag.group:
                yield hole.place, f"标签 {hole.tag.text} 上面没有表头，请在表头行印上「{field.labels[0]}」。"
            elif not label:
                yield (
                    hole.place,
                    f"标签 {hole.tag.text} 前面没有印字段的名称，请在左边、上边或同一格里印上「{field.labels[0]}」。",
                )
            elif label not in words:
                yield hole.place, self._wrong_label(hole, field, label)

    def _over_title(self, hole: Hole) -> bool:
        """Whether a paragraph with nothing but this tag is followed by words that begin a title."""
        behind = next(iter(self._paragraphs(hole)[1]), "")
        titles = [key(title) for title in self.spec.titles]
        return hole.text.strip() == hole.tag.text and bool(behind) and any(t.startswith(key(behind)) for t in titles)

    def _heading(self, hole: Hole, field: FieldSpec) -> str:
        """The line above a paragraph, if the field's label may be a heading."""
        if field.stands != "heading" or hole.grid is not None or hole.text.strip() != hole.tag.text:
            return ""
        return key(next(reversed(self._paragraphs(hole)[0]), ""))

    def _paragraphs(self, hole: Hole) -> tuple[list[str], list[str]]:
        """The texts before and behind the one a hole stands in."""
        places = [place for _, place, *_ in self.texts]
        at = places.index(hole.place)
        texts = [text for text, *_ in self.texts]
        return texts[:at], texts[at + 1 :]

    def _wrong_label(self, hole: Hole, field: FieldSpec, label: str) -> str:
        owner = (self.words.columns if hole.tag.group else self.words.fields).get(label, "")
        if owner:
            return f"标签 {hole.tag.text} 前面印的是「{label}」，那是「{owner}」的名称，读表时会读错。"
        return f"标签 {hole.tag.text} 前面印的「{label}」没有登记，请在 spec.toml 里写进「{field.name}」的 labels。"

    def _printed_twice(self) -> Iterator[tuple[str, str]]:
        """A label printed a second time would offer the reader a second value."""
        seen: dict[tuple[bool, str], str] = {}
        for text, place, grid, pos in self.texts:
            for grouped, name in self._labels_in(text, grid, pos):
                first = seen.setdefault((grouped, name), place)
                if first != place:
                    yield place, f"「{name}」的名称印了两次（另一处在{first}），读表时不知道以哪个为准，请改去一处。"

    def _labels_in(self, text: str, grid: Grid | None, pos: Pos) -> list[tuple[bool, str]]:
        whole = key(text)
        if grid is not None and self._in_header(grid, pos[0]):
            return [(True, self.words.columns[whole])] if whole in self.words.columns else []
        if whole in self.words.fields:
            return [(False, self.words.fields[whole])]
        found = [word for line in text.split("\n") for _, _, word in inline_labels(line, self.words.fields)]
        return [(False, self.words.fields[word]) for word in found]

    def _in_header(self, grid: Grid, row: int) -> bool:
        """Rows of a ledger's table from its first heading down to the repeating row."""
        repeating = [hole.pos[0] for hole in self.holes if hole.tag.group and hole.grid is grid]
        if not repeating or row > min(repeating):
            return False
        known = sum(1 for text in grid.rows[row] if key(text) in self.words.columns)
        return known > 1

    def _title(self) -> Iterator[tuple[str, str]]:
        shown = {key(text) for text, *_ in self.texts}
        if not shown & {key(title) for title in self.spec.titles}:
            yield "", f"模板里没有印标题，请印上「{self.spec.titles[0]}」，或把印的标题写进 spec.toml 的 titles。"


def _texts(layout: Layout) -> Iterator[tuple[str, str, Grid | None, Pos]]:
    """Every paragraph and cell with text: (text, place, grid, position)."""
    blocks = (*layout.document.blocks, *layout.document.margins)
    for block in blocks:
        if isinstance(block, Paragraph):
            if block.text.strip():
                yield block.text, block.place.text, None, (-1, -1)
            continue
        for row, texts in enumerate(block.rows):
            for column, text in enumerate(texts):
                if text.strip():
                    yield text, block.place((row, column)).text, block, (row, column)


def _label(hole: Hole, words: Vocabulary, field: FieldSpec) -> str:
    """The label of a field's tag: before it in the same text, else in the cell to the left, else above."""
    before = fixed_parts(hole.text)[_index(hole)]
    line = before.rsplit("\n", 1)[-1]
    marks = inline_labels(line, words.fields)
    if marks:
        return marks[-1][2]
    if _WORD.search(_NUMBER.sub("", line)):
        return key(line)
    if before.strip():
        return key(before.strip().rsplit("\n", 1)[-1])
    if field.section_of or hole.grid is None or _index(hole):
        return ""
    return key(_beside(hole.grid, hole.pos))


def _index(hole: Hole) -> int:
    return find_tags(hole.text).index(hole.tag)


def _beside(grid: Grid, pos: Pos) -> str:
    covered = grid.covered()
    row, column = pos
    for at in ((row, column - 1), (row - 1, column)):
        if min(at) >= 0:
            top, left = covered.get(at, at)
            text = grid.rows[top][left]
            if text.strip() and not find_tags(text):
                return text
    return ""


def _column_label(hole: Hole, words: Vocabulary) -> str:
    """The lowest heading over a column of the repeating row."""
    if hole.grid is None:
        return ""
    covered = hole.grid.covered()
    for row in range(hole.pos[0] - 1, -1, -1):
        top, left = covered.get((row, hole.pos[1]), (row, hole.pos[1]))
        text = hole.grid.rows[top][left]
        if not text.strip() or find_tags(text):
            continue
        known = sum(1 for cell in hole.grid.rows[top] if key(cell) in words.columns)
        return key(text) if known > 1 or key(text) in words.columns else ""
    return ""
