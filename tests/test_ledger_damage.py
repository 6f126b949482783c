"""Whatever people do to a ledger: each record and cell is read equal, is doubtful, or its loss is said. Never else."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.forms.labels import squeeze
from pipeline.forms.ledger import LedgerReader
from pipeline.forms.spec import FieldSpec, TypeSpec
from pipeline.model import Document, Extract, Row, Severity
from pipeline.office.library import default_templates, load_library
from pipeline.values import is_sample
from tests import ledger_damage as damage
from tests.documents import filled

LIBRARY = load_library(default_templates())
LEDGERS = [(spec, layout) for spec in LIBRARY.incoming if spec.kind == "ledger" for layout in spec.layouts]
NAMES = [f"{spec.name}-{layout.name}" for spec, layout in LEDGERS]
PEOPLE = ("沈淑英", "何永生", "韩立群", "孔秀兰", "朱秀兰", "蒋立群")
LOSES_A_COLUMN: set[damage.Damage] = {
    damage.column_dropped,
    damage.label_unknown,
    damage.row_thinned,
    damage.cells_merged_across,
}
MOVES_COLUMNS: set[damage.Damage] = {
    damage.columns_shuffled, damage.columns_reversed, damage.header_repeated_in_other_order, damage.column_inserted,
}  # fmt: skip
TAKES_A_HEADER_ALONG: set[damage.Damage] = {
    damage.row_above_header, damage.row_shifted, damage.header_repeated_in_other_order, damage.row_thinned,
    damage.records_on_two_sheets, damage.table_split_with_header, damage.table_split_without_header,
    damage.header_repeated,
}  # fmt: skip
SAYS_ANOTHER_THING: tuple[tuple[set[damage.Damage], set[damage.Damage]], ...] = (
    ({damage.label_twice}, LOSES_A_COLUMN | {damage.label_twice}),
    ({damage.row_shifted}, LOSES_A_COLUMN | {damage.row_shifted}),
    ({damage.facts_in_cells_below}, MOVES_COLUMNS | {damage.column_dropped}),
    ({damage.header_repeated_in_other_order}, TAKES_A_HEADER_ALONG),
    ({damage.row_thinned, damage.cell_like_a_remark}, {damage.header_numbered, damage.facts_in_cells_below}),
    ({damage.table_split_without_header}, MOVES_COLUMNS),
    ({damage.row_thinned}, {damage.row_above_header}),
    ({damage.total_row, damage.total_row_filled}, {damage.column_dropped}),
    ({damage.section_row_in_two_cells}, {damage.row_thinned}),
    ({damage.serials_added}, {damage.label_unknown, damage.column_dropped}),
)
"""Pairs after which the document itself says something else: the true column gone and another one under its label, a
value slipped and the column it slipped into gone, facts torn from their labels, columns moved in one table only,
a word or two left above the header, where titles stand, 合计 gone from a row of words, half of a section line gone, the
column of numbers unknown and 序号 beside it."""
REMARK = re.compile(r"^(?:合计|累计|平均|(?:注|备注|说明|单位)[:：]|一、|[（(]二[)）])+")

Records = list[dict[str, str]]


def _text(column: FieldSpec, number: int) -> str:
    """A value of the column's type that no other column or record has, choices and serial numbers excepted."""
    kinds = {
        "count": str(number),
        "choice": column.choices[number % len(column.choices)] if column.choices else "",
        "deadline": f"2026年{number + 5}月2{number}日",
        "date": f"2026年{number + 5}月1{number}日",
        "period": f"2026.{number}~2027.{number}",
        "phone": f"0517-8879{number:04}",
        "person": f"{PEOPLE[number]}{column.name[0]}",
        "org": f"{column.name}第{number}工程处党支部",
    }
    if column.name.endswith("编号") and column.type == "text":
        return f"{column.name[0]}-2026-{number:03}"
    return kinds.get(column.type, f"{column.name}第{'零甲乙丙丁戊'[number]}项内容，完成率9{number}%")


def _fact(field: FieldSpec) -> str:
    """A value of the field's type for the header block."""
    facts = {
        "org": "第一工程公司党委", "date": "2026年3月10日", "phone": "0517-8546912", "person": "施浩", "year": "2026年",
        "month": "2026年10月",
    }  # fmt: skip
    return field.choices[0] if field.choices else facts.get(field.type, f"临淮{field.name}甲")


def _records(spec: TypeSpec) -> Records:
    """Five records; the second and third share what one problem with two measures shares."""
    records = [{column.name: _text(column, number) for column in spec.columns} for number in range(1, 6)]
    shared = [column.name for column in spec.columns if column.name != "序号"][:3]
    records[2].update({name: records[1][name] for name in shared})
    return records


class Bench:
    """One layout with its records, filled in and ready to be damaged."""

    def __init__(self, spec: TypeSpec, number: int) -> None:
        layout = spec.layouts[number]
        self.spec = spec
        self.reader = LedgerReader(spec, layout)
        self.records = _records(spec)
        self.facts = {field.name: _fact(field) for field in spec.fields}
        self.plain = filled(layout.document, self.facts, self.records)
        texts = Counter(squeeze(text) for record in self.records for text in record.values())
        self.unique = {text for text, count in texts.items() if count == 1 and len(text) > 1}

    def read(self, document: Document) -> tuple[Extract, ...]:
        return self.reader.read(document, "")

    def complaints(self, document: Document, *, shifted: bool = False, missing_is_said: bool = False) -> list[str]:
        """Everything silently wrong in the reading of a damaged document."""
        extracts = self.read(document)
        matched: Counter[int] = Counter()
        found: list[str] = [] if extracts else ["nothing was read"]
        present = _present(document)
        for extract in extracts:
            found.extend(self._wrong_facts(extract))
            for row in extract.rows:
                if self._matches(row) or not (missing_is_said and self._lacks(row)):
                    found.extend(self._wrong_row(row, extract, matched, present, shifted=shifted))
        found.extend(f"record {n} twice" for n, count in matched.items() if count > 1)
        found.extend(self._dropped(document, extracts, matched, present))
        return found

    def _lacks(self, row: Row) -> bool:
        """Whether completeness complains about a row: a required cell of it is empty."""
        return any(not row[column.name].text for column in self.spec.columns if column.required == "yes")

    def _wrong_facts(self, extract: Extract) -> Iterator[str]:
        for name, reading in extract.fields.items():
            if reading.text and not reading.doubt and squeeze(reading.text) != squeeze(self.facts[name]):
                yield f"{name}: {reading.text!r}"

    def _matches(self, row: Row) -> list[int]:
        """The records that share most cells with a row, wherever the cells stand; none without a common cell."""
        texts = {_bare(reading.text) for reading in row.values() if reading.text}
        texts |= {squeeze(line) for reading in row.values() for line in reading.text.split("\n")}
        scores = [
            sum((2 if squeeze(text) in self.unique else 1) for text in record.values() if squeeze(text) in texts)
            for record in self.records
        ]
        return [n for n, score in enumerate(scores) if score and score == max(scores)]

    def _wrong_row(
        self, row: Row, extract: Extract, matched: Counter[int], present: set[str], *, shifted: bool
    ) -> list[str]:
        if any(is_sample(reading.text) for reading in row.values()):
            return []  # the check of sample text reports it
        codes = {finding.code for finding in extract.findings}
        tries = [
            (list(self._wrong_cells(row, n, codes, present, shifted=shifted)), matched[n], n)
            for n in self._matches(row)
        ]
        if not tries:
            return [f"invented: {[reading.text for reading in row.values() if reading.text]}"]
        wrong, _, best = min(tries)
        matched[best] += 1
        return wrong

    def _wrong_cells(
        self, row: Row, record: int, codes: set[str], present: set[str], *, shifted: bool
    ) -> Iterator[str]:
        doubted = {_bare(text) for one in row.values() if one.doubt for text in (one.text, one.other)}
        for name, reading in row.items():
            wanted = squeeze(self.records[record][name])
            if reading.doubt or _bare(reading.text) == wanted or (name == "序号" and _digits(reading.text) == wanted):
                continue
            if reading.text and not (shifted and (doubted or "columns_left_out" in codes)):
                yield f"record {record} {name}: {reading.text!r}"
            lost = not reading.text and wanted in self.unique and wanted in present - doubted
            if lost and "columns_left_out" not in codes and self.spec.field(name).required != "yes":
                yield f"record {record} {name}: lost"

    def _dropped(
        self, document: Document, extracts: tuple[Extract, ...], matched: Mapping[int, int], present: set[str]
    ) -> Iterator[str]:
        """Records that still stand in the document and were neither read nor named as left out."""
        told = {_bare(text) for extract in extracts for text in _told(document, extract)}
        for number, record in enumerate(self.records):
            own = {squeeze(text) for text in record.values() if squeeze(text) in self.unique} & present
            if own and number not in matched and not own & told and not (len(own) <= 2 and _says_columns(extracts)):
                yield f"record {number} dropped: {sorted(own)[:3]}"


def _says_columns(extracts: tuple[Extract, ...]) -> bool:
    """One or two cells left of a record may all stand in a column that is none of the type's."""
    return any(finding.code == "columns_left_out" for extract in extracts for finding in extract.findings)


def _bare(text: str) -> str:
    return REMARK.sub("", squeeze(text))


def _digits(text: str) -> str:
    return text.strip(" .、（）\n")


def _present(document: Document) -> set[str]:
    texts = damage.paragraphs_of(document)
    return {_bare(text) for text in texts} | {squeeze(line) for text in texts for line in text.split("\n")}


def _told(document: Document, extract: Extract) -> Iterator[str]:
    """The texts of the rows that findings name as left out."""
    for finding in extract.findings:
        if finding.code != "rows_left_out":
            continue
        first, _, last = finding.facts["rows"].partition("-")
        for grid in document.grids():
            if grid.name == finding.facts["name"]:
                yield from (text for row in grid.rows[int(first) - 1 : int(last or first)] for text in row)


BENCHES = {f"{spec.name}-{layout.name}": Bench(spec, spec.layouts.index(layout)) for spec, layout in LEDGERS}
ledgers = pytest.mark.parametrize("name", NAMES)
damages = pytest.mark.parametrize("one", damage.DAMAGES, ids=lambda one: one.__name__)


@ledgers
def test_an_undamaged_ledger_is_read_whole(name: str) -> None:
    bench = BENCHES[name]
    (extract,) = bench.read(bench.plain)
    printed = {column for column in extract.rows[0] if any(row[column].text for row in extract.rows)}
    assert [{n: r.text for n, r in row.items() if n in printed} for row in extract.rows] == [
        {n: text for n, text in record.items() if n in printed} for record in bench.records
    ]
    assert len(printed) == len(bench.spec.columns)
    assert {n: r.text for n, r in extract.fields.items()} == bench.facts
    assert extract.findings == ()
    assert not any(r.doubt for row in (extract.fields, *extract.rows) for r in row.values())


def test_the_library_of_damages_is_large_and_each_damages_some_ledger() -> None:
    assert len(damage.DAMAGES) >= 25
    for one in damage.DAMAGES:
        changed = [
            one(bench.plain, bench.spec, random.Random(seed)) != bench.plain
            for bench in BENCHES.values()
            for seed in range(6)
        ]
        assert any(changed), one.__name__


@damages
@ledgers
def test_one_damage_is_never_silently_wrong(name: str, one: damage.Damage) -> None:
    bench = BENCHES[name]
    for seed in range(8):
        document = one(bench.plain, bench.spec, random.Random(seed))
        assert bench.complaints(document, shifted=one is damage.row_shifted) == []


HARMLESS: tuple[damage.Damage, ...] = (
    damage.columns_shuffled, damage.columns_reversed, damage.column_blank_left, damage.rows_blank_top,
    damage.labels_spaced, damage.labels_broken, damage.labels_required, damage.rows_blank, damage.total_row,
    damage.notes_below_merged, damage.notes_above, damage.section_rows, damage.header_repeated,
    damage.header_repeated_in_other_order, damage.header_numbered, damage.header_grouped, damage.cells_merged_down,
    damage.serials_only_below, damage.serials_added, damage.row_hidden, damage.column_hidden,
    damage.instructions_beside, damage.table_split_with_header, damage.cells_padded, damage.title_rows,
)  # fmt: skip
"""What every office does now and then and nobody should be asked about."""


@pytest.mark.parametrize("one", HARMLESS, ids=lambda one: one.__name__)
@ledgers
def test_what_is_harmless_is_read_whole_and_nobody_is_asked(name: str, one: damage.Damage) -> None:
    bench = BENCHES[name]
    for seed in range(6):
        (extract,) = bench.read(one(bench.plain, bench.spec, random.Random(seed)))
        assert [{n: squeeze(r.text) for n, r in row.items()} for row in extract.rows] == [
            {n: squeeze(text) for n, text in record.items()} for record in bench.records
        ]
        assert [finding.code for finding in extract.findings if finding.severity is not Severity.HINT] == []
        assert not any(reading.doubt for row in (extract.fields, *extract.rows) for reading in row.values())


@damages
@ledgers
def test_a_damaged_ledger_still_yields_most_of_its_records(name: str, one: damage.Damage) -> None:
    """Asking back is cheap but not free: no damage may cost more than half of the records or of their cells."""
    bench = BENCHES[name]
    rows = [row for extract in bench.read(one(bench.plain, bench.spec, random.Random(1))) for row in extract.rows]
    firm = sum(1 for row in rows for reading in row.values() if reading.text and not reading.doubt)
    assert len(rows) * 2 >= len(bench.records)
    assert firm * 2 >= len(bench.records) * len(bench.spec.columns)


@settings(max_examples=1200)
@example("待人工确认-xlsx", damage.total_row, damage.row_thinned, 15236)
@example("待人工确认-xlsx", damage.total_row_filled, damage.row_thinned, 15235)
@example("书记目标清单-xlsx", damage.header_repeated_in_other_order, damage.cells_padded, 923870)
@given(st.sampled_from(NAMES), st.sampled_from(damage.DAMAGES), st.sampled_from(damage.DAMAGES), st.integers(0, 10**6))
def test_two_damages_together_are_never_silently_wrong(
    name: str, one: damage.Damage, two: damage.Damage, seed: int
) -> None:
    """A row that was no record may then look like one with its required cells missing: that is said."""
    if any((one in a and two in b) or (two in a and one in b) for a, b in SAYS_ANOTHER_THING):
        return
    bench, source = BENCHES[name], random.Random(seed)
    document = two(one(bench.plain, bench.spec, source), bench.spec, source)
    assert bench.complaints(document, shifted=damage.row_shifted in (one, two), missing_is_said=True) == []
