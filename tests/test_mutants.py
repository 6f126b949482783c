"""Good files with bytes and parts changed at random: read the same, doubtful, reported or refused; never silently else.

The seeds are fixed. A mutant that reads differently without a word would be a wrong value in the registry.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import xlwt

from pipeline.examine import Desk, examine
from pipeline.model import Arrival, Outcome, Verdict
from pipeline.settings import Settings
from pipeline.values import Roster
from tests import pdfs
from tests.archives import zipped
from tests.hostile import FORM, LEDGER, LIBRARY, members

DAY = date(2026, 8, 27)
DESK = Desk(LIBRARY, Settings.default(2026), Roster.from_rows([]))
Mutate = Callable[[bytes, random.Random], bytes]


def examined(data: bytes) -> tuple[Outcome, ...]:
    return examine(data, Arrival("表", "", DAY), DESK, DAY)


def flipped(data: bytes, chance: random.Random) -> bytes:
    """A few bytes are other bytes."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def shifted(data: bytes, chance: random.Random) -> bytes:
    """A piece is missing, twice there, or moved."""
    start, length, target = chance.randrange(len(data)), chance.randint(1, 400), chance.randrange(len(data))
    piece = data[start : start + length]
    rest = data[:start] + data[start + length :]
    return chance.choice([rest, data[:target] + piece + data[target:], rest[:target] + piece + rest[target:]])


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def inside(mutate: Mutate) -> Mutate:
    """The same done to one part of a package that is whole again afterwards: no checksum helps."""

    def mutated(data: bytes, chance: random.Random) -> bytes:
        parts = members(data)
        name = chance.choice([name for name, content in parts.items() if content])
        return zipped({**parts, name: mutate(parts[name], chance)}, method=zipfile.ZIP_STORED)

    return mutated


def without_a_part(data: bytes, chance: random.Random) -> bytes:
    parts = members(data)
    parts.pop(chance.choice(list(parts)))
    return zipped(parts, method=zipfile.ZIP_STORED)


def exchanged(data: bytes, chance: random.Random) -> bytes:
    """Two parts have each other's content."""
    parts = members(data)
    one, other = chance.sample(list(parts), 2)
    return zipped({**parts, one: parts[other], other: parts[one]}, method=zipfile.ZIP_STORED)


def old_ledger() -> bytes:
    """The ledger of the demonstration as an old workbook."""
    import openpyxl

    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("整改台账")
    source = openpyxl.load_workbook(io.BytesIO(LEDGER)).active
    for row in source.iter_rows():
        for cell in row:
            if cell.value is not None:
                sheet.write(cell.row - 1, cell.column - 1, str(cell.value))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def pdf_form() -> bytes:
    texts = [("填表时间：2026年8月18日", 60)]
    rows = [
        ["立项支部", "清水池项目部党支部"], ["项目主要责任人", "彭志强"], ["项目名称", "清水池渗漏防治"],
    ]  # fmt: skip
    title = pdfs.text(200, 40, "党建项目申请表")
    lines = "\n".join(pdfs.text(72, top, words) for words, top in texts)
    return pdfs.pdf("\n".join([title, lines, pdfs.table([72, 200, 500], [100, 130, 160, 190], rows)]))


BYTES: tuple[Mutate, ...] = (flipped, shifted, cut)
PACKAGE: tuple[Mutate, ...] = (*BYTES, inside(flipped), inside(shifted), inside(cut), without_a_part, exchanged)
GOOD: dict[str, tuple[Callable[[], bytes], tuple[Mutate, ...], int]] = {
    "docx": (lambda: FORM, PACKAGE, 160),
    "xlsx": (lambda: LEDGER, PACKAGE, 120),
    "xls": (old_ledger, BYTES, 60),
    "pdf": (pdf_form, BYTES, 40),
}


def facts(outcomes: tuple[Outcome, ...]) -> list[tuple[str, int, str, str]]:
    """Everything that was read as certain: (where, row, field, text); nothing for what was refused."""
    return [
        ("rows" if number else "fields", number, name, datum.text)
        for outcome in outcomes
        if outcome.record is not None
        for number, row in enumerate((outcome.record.fields, *outcome.record.rows))
        for name, datum in row.items()
        if not datum.reading.doubt and datum.text
    ]


def mutants(kind: str, seed: int, count: int) -> Iterator[tuple[str, bytes, bool]]:
    """Name, bytes, and whether the format's own checksums cover what was changed."""
    build, ways, _ = GOOD[kind]
    data = build()
    for number in range(count):
        chance = random.Random(f"{kind}-{seed}-{number}")
        mutate = chance.choice(ways)
        yield f"{kind}-{seed}-{number}", mutate(data, chance), kind in ("docx", "xlsx") and mutate in BYTES


def silently_else(whole: tuple[Outcome, ...], mutant: tuple[Outcome, ...]) -> str:
    """What the mutant says as certain though the good file does not, or no longer says, without a word about it."""
    codes = {finding.code for one in whole for finding in one.findings}
    if any({finding.code for finding in one.findings} - codes for one in mutant):
        return ""
    known, said = facts(whole), facts(mutant)
    return f"{[one for one in said if one not in known]} {[one for one in known if one not in said]}".strip("[] ")


@pytest.mark.parametrize("kind", GOOD)
def test_a_mutant_is_read_the_same_or_loudly_not(kind: str) -> None:
    """Old workbooks and PDF have no checksums: one letter for another is what the file says; they must not raise."""
    build, _, count = GOOD[kind]
    whole = examined(build())
    assert facts(whole), "the good file is read"
    verdicts = set()
    for name, data, guarded in mutants(kind, 1, count):
        outcomes = examined(data)
        verdicts |= {outcome.verdict for outcome in outcomes}
        assert outcomes, name
        assert not guarded or not silently_else(whole, outcomes), name
    assert Verdict.UNREADABLE in verdicts
    assert len(verdicts) > 1, "nothing but refusals: the mutants are too wild to show anything"
