"""The laws of two-way templates, for every folder under templates/: blank is empty, what is written is read back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.forms.identify import identify
from pipeline.forms.interpret import Frame, interpret
from pipeline.forms.ledger import LedgerReader, column_order
from pipeline.forms.reading import FormReader
from pipeline.forms.spec import Layout, TypeSpec
from pipeline.forms.tags import find_tags
from pipeline.forms.writing import row_texts, texts_for
from pipeline.model import Document, Extract, Grid, Paragraph, Record
from pipeline.office.docx_fill import compile_docx
from pipeline.office.library import default_templates, load_library
from pipeline.office.read import read
from pipeline.office.xlsx_fill import compile_xlsx
from pipeline.settings import Limits
from tests.records import fields_of, rows_of

LIBRARY = load_library(default_templates())
TWO_WAY = [(spec, layout) for spec in LIBRARY.incoming for layout in spec.layouts]
NAMES = [f"{spec.name}-{layout.name}" for spec, layout in TWO_WAY]
TYPED = (
    "date",
    "period",
    "deadline",
    "phone",
    "choice",
    "count",
    "percent",
    "score",
    "money",
    "person",
    "month",
    "year",
)
two_way = pytest.mark.parametrize(("spec", "layout"), TWO_WAY, ids=NAMES)


class Press:
    """One layout, ready to write and to read any number of records."""

    def __init__(self, spec: TypeSpec, layout: Layout) -> None:
        template = LIBRARY.template(spec.name, layout.name)
        self.spec = spec
        self.filler = compile_docx(template) if layout.suffix == ".docx" else compile_xlsx(template)
        self.reader = FormReader(spec, layout) if spec.kind == "form" else LedgerReader(spec, layout)
        columns = frozenset(column_order(spec, layout.document))
        rows = rows_of(spec, printed=columns) if columns else st.just([])
        self.records = st.tuples(fields_of(spec, printed=_printed(layout.document)), rows)

    def write(self, values: dict[str, object], rows: list[dict[str, object]]) -> bytes:
        return self.filler.fill(texts_for(self.spec, values), row_texts(self.spec, rows))

    def read(self, data: bytes) -> Extract:
        document = read(data, Limits())
        assert [match.spec.name for match in identify(document, LIBRARY.types.values())] == [self.spec.name]
        if isinstance(self.reader, LedgerReader):
            return self.reader.read(document, "")[0]
        return Extract(self.spec.name, "", self.reader.read(document.blocks))

    def again(self, values: dict[str, object], rows: list[dict[str, object]]) -> Record:
        return interpret(self.spec, self.read(self.write(values, rows)), Frame(2026, date(2026, 8, 20)))


def _printed(template: Document) -> frozenset[str]:
    cells = [text for block in template.blocks if isinstance(block, Grid) for row in block.rows for text in row]
    texts = cells + [block.text for block in template.blocks if isinstance(block, Paragraph)]
    return frozenset(tag.name for text in texts for tag in find_tags(text) if not tag.group)


PRESSES = {name: Press(spec, layout) for name, (spec, layout) in zip(NAMES, TWO_WAY, strict=True)}


def test_the_laws_are_about_every_paper_that_is_handed_in() -> None:
    handed_in = {spec.name for spec in LIBRARY.types.values() if spec.kind in ("form", "ledger")}
    assert {spec.name for spec, _ in TWO_WAY} == handed_in
    assert handed_in >= {"党建项目申请表", "党建项目汇总表", "整改台账", "组织名册", "进展月报", "重点项目表"}
    assert handed_in >= {"项目延期申请", "销号申请表", "实施计划书", "项目总结报告"}


@two_way
def test_a_blank_read_back_is_empty(spec: TypeSpec, layout: Layout) -> None:
    extract = PRESSES[f"{spec.name}-{layout.name}"].read(PRESSES[f"{spec.name}-{layout.name}"].write({}, []))
    assert {name: reading.text for name, reading in extract.fields.items() if reading.text or reading.doubt} == {}
    assert extract.rows == ()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_what_is_written_is_read_back(name: str, data: st.DataObject) -> None:
    press = PRESSES[name]
    values, rows = data.draw(press.records)
    record = press.again(values, rows)
    texts = texts_for(press.spec, values)
    assert {n: d.text for n, d in record.fields.items() if d.text} == {n: texts[n] for n in values if texts[n]}
    written = row_texts(press.spec, rows).get(press.spec.group, [])
    assert [{n: d.text for n, d in row.items() if d.text} for row in record.rows] == [
        {n: text for n, text in row.items() if text} for row in written
    ]
    assert not [n for row in (record.fields, *record.rows) for n, datum in row.items() if datum.reading.doubt]
    for wrote, got in [(values, record.fields), *zip(rows, record.rows, strict=True)]:
        for field_name, value in wrote.items():
            if press.spec.field(field_name).type in TYPED:
                assert got[field_name].value == value
