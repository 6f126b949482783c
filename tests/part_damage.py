"""What people do to a paper of headings and free text before they hand it in (实施计划书, 文章式总结报告).

Like `tests/damage.py`: what the paper says stays, so the reading must stay equal or become doubtful. The damages look
for the paper's own headings and do nothing where there are none.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from pipeline.model import Block, Document, Grid, Paragraph
from tests.damage import Damage, Form
from tests.documents import paragraph, table

_NUMBER = re.compile(r"^[一二三四五六七八九]、")


def _bare(text: str) -> str:
    return _NUMBER.sub("", "".join(text.split())).rstrip(":：")


def _is_heading(block: Block, form: Form) -> bool:
    return isinstance(block, Paragraph) and bool(_NUMBER.match(block.text)) and _bare(block.text) in form.labels


def _headings(document: Document, form: Form) -> list[int]:
    return [n for n, block in enumerate(document.blocks) if _is_heading(block, form)]


def _retitled(document: Document, form: Form, change: Callable[[str, int], str]) -> Document:
    """Every heading's text anew; the number of the heading counts from 0."""
    blocks = list(document.blocks)
    for count, at in enumerate(_headings(document, form)):
        block = blocks[at]
        assert isinstance(block, Paragraph)
        blocks[at] = replace(block, text=change(block.text, count))
    return replace(document, blocks=tuple(blocks))


def _put(document: Document, at: int, *blocks: Block) -> Document:
    return replace(document, blocks=(*document.blocks[:at], *blocks, *document.blocks[at:]))


def _parts(document: Document, form: Form) -> tuple[list[Block], list[list[Block]]]:
    """What stands before the first heading, and each heading with its text."""
    starts = _headings(document, form)
    if not starts:
        return list(document.blocks), []
    edges = [*starts, len(document.blocks)]
    return list(document.blocks[: starts[0]]), [
        list(document.blocks[begin:end]) for begin, end in zip(starts, edges[1:], strict=True)
    ]


def _joined(document: Document, head: list[Block], parts: list[list[Block]]) -> Document:
    return replace(document, blocks=(*head, *(block for part in parts for block in part)))


def headings_unnumbered(document: Document, rng: random.Random, form: Form) -> Document:
    """As Word's automatic numbers leave them."""
    return _retitled(document, form, lambda text, _: _NUMBER.sub("", text))


def headings_renumbered(document: Document, rng: random.Random, form: Form) -> Document:
    style = rng.choice(["（{}）", "{}.", "{}、", "第{}部分 "])
    digits = "一二三四五六七八九" if "（" in style or "第" in style else "123456789"
    return _retitled(document, form, lambda text, n: style.format(digits[n]) + _NUMBER.sub("", text))


def headings_coloned(document: Document, rng: random.Random, form: Form) -> Document:
    return _retitled(document, form, lambda text, _: text + rng.choice([":", "："]))


def headings_spaced(document: Document, rng: random.Random, form: Form) -> Document:
    return _retitled(document, form, lambda text, _: " " + rng.choice([" ", "　"]).join(text) + " ")


def headings_remarked(document: Document, rng: random.Random, form: Form) -> Document:
    return _retitled(document, form, lambda text, _: text + rng.choice(["（可另附页）", "(500字以内)", "（分条写明）"]))


def headings_in_other_words(document: Document, rng: random.Random, form: Form) -> Document:
    def other(text: str, _: int) -> str:
        return text[:2] + form.synonyms.get(_bare(text), _bare(text))

    return _retitled(document, form, other)


def heading_unknown(document: Document, rng: random.Random, form: Form) -> Document:
    count = rng.randrange(9)
    return _retitled(document, form, lambda text, n: text[:2] + "其他有关事项" if n == count else text)


def heading_unknown_unnumbered(document: Document, rng: random.Random, form: Form) -> Document:
    count = rng.randrange(9)
    return _retitled(document, form, lambda text, n: "其他有关事项" if n == count else _NUMBER.sub("", text))


def heading_missing(document: Document, rng: random.Random, form: Form) -> Document:
    at = _headings(document, form)
    if not at:
        return document
    gone = rng.choice(at)
    return replace(document, blocks=(*document.blocks[:gone], *document.blocks[gone + 1 :]))


def parts_swapped(document: Document, rng: random.Random, form: Form) -> Document:
    head, parts = _parts(document, form)
    if parts:
        one, two = rng.randrange(len(parts)), rng.randrange(len(parts))
        parts[one], parts[two] = parts[two], parts[one]
    return _joined(document, head, parts)


def parts_shuffled(document: Document, rng: random.Random, form: Form) -> Document:
    head, parts = _parts(document, form)
    return _joined(document, head, rng.sample(parts, len(parts)))


def extra_part(document: Document, rng: random.Random, form: Form) -> Document:
    """A part nobody asked for, with the next number; the headings after it count on."""
    head, parts = _parts(document, form)
    if not parts:
        return document
    at = rng.randrange(1, len(parts) + 1)
    extra: list[Block] = [paragraph("一、进度安排", 800), paragraph("9月动员部署，10月全面推开。", 801)]
    made = _joined(document, head, [*parts[:at], extra, *parts[at:]])
    count = iter("一二三四五六七八九")
    blocks = [
        replace(block, text=_renumbered(block.text, next(count)))
        if isinstance(block, Paragraph) and (block.text.endswith("、进度安排") or _is_heading(block, form))
        else block
        for block in made.blocks
    ]
    return replace(made, blocks=tuple(blocks))


def _renumbered(text: str, number: str) -> str:
    return f"{number}、{text[2:]}"


def extra_part_unnumbered(document: Document, rng: random.Random, form: Form) -> Document:
    """A part nobody asked for, where Word counts the headings."""
    made = headings_unnumbered(document, rng, form)
    head, parts = _parts(document, form)
    if not parts:
        return document
    at = sum(len(part) for part in parts[: rng.randrange(1, len(parts))]) + len(head)
    return _put(made, at, paragraph("工作进度安排", 802), paragraph("9月动员部署，10月全面推开。", 803))


def value_beside_heading(document: Document, rng: random.Random, form: Form) -> Document:
    """The first line of a part moves up behind its heading."""
    head, parts = _parts(document, form)
    sign = rng.choice(["：", " ", "　", ": "])
    made: list[list[Block]] = []
    for part in parts:
        first, *rest = part
        if rest and isinstance(rest[0], Paragraph) and isinstance(first, Paragraph):
            made.append([replace(first, text=f"{first.text}{sign}{rest[0].text}"), *rest[1:]])
        else:
            made.append(part)
    return _joined(document, head, made)


def one_paragraph(document: Document, rng: random.Random, form: Form) -> Document:
    """Line breaks instead of paragraphs, as some converters write them."""
    head, parts = _parts(document, form)
    texts = [block.text for part in parts for block in part if isinstance(block, Paragraph)]
    return replace(document, blocks=(*head, paragraph("\n".join(texts), 810)) if texts else tuple(head))


def paragraph_per_part(document: Document, rng: random.Random, form: Form) -> Document:
    head, parts = _parts(document, form)
    texts = ["\n".join(block.text for block in part if isinstance(block, Paragraph)) for part in parts]
    return replace(document, blocks=(*head, *(paragraph(text, 820 + n) for n, text in enumerate(texts))))


def blank_lines(document: Document, rng: random.Random, form: Form) -> Document:
    blocks = [item for n, block in enumerate(document.blocks) for item in (block, paragraph("", 830 + n))]
    return replace(document, blocks=tuple(blocks))


def parts_as_rows(document: Document, rng: random.Random, form: Form) -> Document:
    """Headings become labels of a table."""
    head, parts = _parts(document, form)
    rows = [
        (_bare(part[0].text), "\n".join(block.text for block in part[1:] if isinstance(block, Paragraph)))
        for part in parts
        if isinstance(part[0], Paragraph)
    ]
    return replace(document, blocks=(*head, table(rows, name="表8"))) if rows else document


def parts_in_a_frame(document: Document, rng: random.Random, form: Form) -> Document:
    """All parts in the one cell of a table that is only a frame."""
    head, parts = _parts(document, form)
    text = "\n".join(block.text for part in parts for block in part if isinstance(block, Paragraph))
    return replace(document, blocks=(*head, table([(text,)], name="表8"))) if parts else document


def heading_word_in_text(document: Document, rng: random.Random, form: Form) -> Document:
    """A part's text opens with a sentence that names another part and a colon; what it says is said elsewhere too."""
    at = _headings(document, form)
    if len(at) < 3:
        return document
    word = _bare(getattr(document.blocks[rng.choice(at)], "text", ""))
    return _put(document, rng.choice(at) + 1, paragraph(rng.choice([word, f"{word}：见下文", f"1.{word}"]), 840))


def note_below(document: Document, rng: random.Random, form: Form) -> Document:
    return replace(document, blocks=(*document.blocks, paragraph("注：本表一式两份，可另附页。", 850)))


def note_on_the_cover(document: Document, rng: random.Random, form: Form) -> Document:
    at = _headings(document, form)
    return (
        _put(document, at[0], paragraph("填写说明：本书由项目单位填写，项目名称：应与申请表一致。", 851))
        if at
        else document
    )


def signed_below(document: Document, rng: random.Random, form: Form) -> Document:
    if not _headings(document, form):
        return document
    name = rng.choice(["项目负责人签字：", "（盖章）", "填报单位（盖章）："])
    day = rng.choice(["    年    月    日", "2026年8月31日"])
    return replace(document, blocks=(*document.blocks, paragraph(name, 852), paragraph(day, 853)))


def filled_in_by(document: Document, rng: random.Random, form: Form) -> Document:
    return replace(document, blocks=(*document.blocks, paragraph("填表人：王浩    联系电话：8710", 854)))


def table_below(document: Document, rng: random.Random, form: Form) -> Document:
    rows = [("填报人", "王浩"), ("联系电话", "8710")]
    return replace(document, blocks=(*document.blocks, table(rows, name="表9")))


def day_and_maker_on_the_cover(document: Document, rng: random.Random, form: Form) -> Document:
    at = _headings(document, form)
    lines = [paragraph(text, 860 + n) for n, text in enumerate(("中共淮源集团委员会组织部制", "二〇二六年八月"))]
    return _put(document, at[0], *lines) if at else document


def title_again(document: Document, rng: random.Random, form: Form) -> Document:
    at = _headings(document, form)
    return _put(document, at[0], paragraph(form.title, 870)) if at else document


def cover_in_lines(document: Document, rng: random.Random, form: Form) -> Document:
    """The table of the cover becomes lines with blanks."""
    number = next((n for n, block in enumerate(document.blocks) if isinstance(block, Grid)), None)
    if number is None or not _headings(document, form) or number > _headings(document, form)[0]:
        return document
    grid = document.blocks[number]
    assert isinstance(grid, Grid)
    filled = [[text for text in row if text.strip()] for row in grid.rows]
    if any(len(row) > 2 for row in filled):
        return document
    lines = [
        _underlined(row[0], "".join(row[1:]), n) if len(row) > 1 else paragraph("".join(row), 880 + n)
        for n, row in enumerate(filled)
    ]
    return replace(document, blocks=(*document.blocks[:number], *lines, *document.blocks[number + 1 :]))


def _underlined(label: str, value: str, number: int) -> Paragraph:
    label = f"{label.rstrip('：')}："
    text = f"{label}  {value}  "
    return replace(paragraph(text, 880 + number), blanks=((len(label), len(text)),))


def cover_wrapped(document: Document, rng: random.Random, form: Form) -> Document:
    """A long value of the cover goes on, on a second underlined line."""
    made = cover_in_lines(document, rng, form)
    at = next((n for n, block in enumerate(made.blocks) if isinstance(block, Paragraph) and block.blanks), None)
    if at is None:
        return made
    block = made.blocks[at]
    assert isinstance(block, Paragraph)
    half = (block.blanks[0][0] + len(block.text)) // 2
    upper = Paragraph(block.text[:half], block.place, ((block.blanks[0][0], half),))
    lower = replace(paragraph(block.text[half:], 899), blanks=((0, len(block.text) - half),))
    return replace(made, blocks=(*made.blocks[:at], upper, lower, *made.blocks[at + 1 :]))


PART_DAMAGES: tuple[Damage, ...] = (
    headings_unnumbered, headings_renumbered, headings_coloned, headings_spaced, headings_remarked,
    headings_in_other_words, heading_unknown, heading_unknown_unnumbered, heading_missing, parts_swapped,
    parts_shuffled, extra_part, extra_part_unnumbered, value_beside_heading, one_paragraph, paragraph_per_part,
    blank_lines, parts_as_rows, parts_in_a_frame, heading_word_in_text, note_below, note_on_the_cover, signed_below,
    filled_in_by, table_below, day_and_maker_on_the_cover, title_again, cover_in_lines, cover_wrapped,
)  # fmt: skip
