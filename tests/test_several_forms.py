"""Several forms of one type in one file, sent back and corrected: each follows its own predecessor, whatever the order.

Real files through the whole path; the pairing alone, with bare records, at the end.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from sqlalchemy import select

from pipeline import flow
from pipeline.model import Verdict
from pipeline.store import arrivals
from pipeline.store.decide import Case, Form, decide
from pipeline.store.registry import Registry
from pipeline.store.schema import submission
from pipeline.workspace import Workspace
from tests.offices import FIRST, FORM, NEXT_DAY, drop, office, saved, written
from tests.test_store import TODAY, outcome, row

MENDED = ({"项目主要责任人": "罗海平", "预期目标": "渗漏点清零，节约9万元。"}, {"项目名称": "塔吊限位联动"})
"""What was wrong in each of the two forms, put right: two flaws, and one that leaves the form without a key."""
Edit = Callable[[bytes], bytes]


def _together(*forms: bytes) -> bytes:
    """One document with all the forms, one below the other."""
    first, *others = (Document(BytesIO(form)) for form in forms)
    for other in others:
        for element in list(other.element.body)[:-1]:
            first.element.body.insert(len(first.element.body) - 1, element)
    return saved(first)


FLAWED = _together(
    written(FORM, 项目主要责任人="", 预期目标="节约XX万元。"), written(FORM, 项目名称="", 填表时间="2026年8月18日")
)


def _corrected(*numbers: int) -> Edit:
    def edit(data: bytes) -> bytes:
        document = Document(BytesIO(data))
        for number in numbers:
            for line in document.tables[number].rows:
                text = MENDED[number].get(line.cells[0].text.replace(" ", "").replace("\n", ""))
                if text is not None:
                    line.cells[1].text = text
            _goal(document.tables[number], MENDED[number].get("预期目标", ""))
        return saved(document)

    return edit


def _goal(table: object, text: str) -> None:
    """The goals stand in a cell together with the topic."""
    if text:
        for line in table.rows:  # type: ignore[attr-defined]
            for paragraph in line.cells[-1].paragraphs:
                if "XX万元" in paragraph.text:
                    paragraph.runs[0].text = paragraph.text.replace("节约XX万元。", text)
                    for run in paragraph.runs[1:]:
                        run.text = ""


def _turned(data: bytes) -> bytes:
    """The second form above the first."""
    document = Document(BytesIO(data))
    body = document.element.body
    for element in _halves(document)[0]:
        body.insert(len(body) - 1, element)
    return saved(document)


def _first_alone(data: bytes) -> bytes:
    document = Document(BytesIO(data))
    for element in _halves(document)[1]:
        document.element.body.remove(element)
    return saved(document)


def _halves(document: object) -> tuple[list, list]:
    elements = list(document.element.body)[:-1]  # type: ignore[attr-defined]
    half = len(elements) // 2
    return elements[:half], elements[half:]


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the document was sent back, as a file and as a member of an archive of the other unit."""
    workspace, document = office(tmp_path_factory.mktemp("w") / "甲", {f"{FIRST}/两份.docx": FLAWED})
    assert document.verdicts == (Verdict.RETURNED, Verdict.RETURNED)
    return workspace.root


def _again(root: Path, where: Path, name: str, edit: Edit) -> tuple[flow.DocumentReport, list]:
    """The same hands in a corrected file: what became of it, and all submissions in the order they were recorded."""
    workspace = Workspace.open(Path(shutil.copytree(root, where)))
    (marked,) = (workspace.outbox / FIRST / "反馈").glob("两份*_已标注_*.docx")
    source = marked.read_bytes() if name == "marked" else FLAWED
    drop(workspace, f"{FIRST}/{marked.name if name == 'marked' else name}", edit(source), NEXT_DAY)
    (document,) = flow.run(workspace, today=NEXT_DAY).documents
    with Registry.open(workspace.database) as registry, registry.transaction() as connection:
        query = select(submission).where(submission.c.type == FORM.type).order_by(submission.c.id)
        return document, list(connection.execute(query))


A, B = 0, 1
BOTH = {A: (2, 2, 0, 0), B: (1, 1, 0, 0)}


@pytest.mark.parametrize("name", ["marked", "两份.docx"], ids=["in the marked copy", "in the own file"])
@pytest.mark.parametrize(
    ("edit", "order", "progress"),
    [
        pytest.param(_corrected(A, B), (A, B), BOTH, id="both"),
        pytest.param(_corrected(A), (A, B), {A: (2, 2, 0, 0), B: (1, 0, 1, 0)}, id="first only"),
        pytest.param(_corrected(B), (A, B), {A: (2, 0, 2, 0), B: (1, 1, 0, 0)}, id="second only"),
        pytest.param(lambda data: _turned(_corrected(A, B)(data)), (B, A), BOTH, id="both, turned"),
        pytest.param(
            lambda data: _turned(_corrected(B)(data)), (B, A), {A: (2, 0, 2, 0), B: (1, 1, 0, 0)}, id="one, turned"
        ),
        pytest.param(lambda data: _first_alone(_corrected(A)(data)), (A,), {A: (2, 2, 0, 0)}, id="first alone"),
    ],
)
def test_each_form_follows_its_own_predecessor(returned, tmp_path, name, edit, order, progress) -> None:
    document, rows = _again(returned, tmp_path / "甲", name, edit)
    before, after = rows[:2], rows[2:]
    assert [one.supersedes for one in after] == [before[form].id for form in order]
    assert [tuple(one.progress) for one in after] == [progress[form] for form in order]
    good = [not progress[form][2] for form in order]
    assert [verdict is Verdict.ACCEPTED for verdict in document.verdicts] == good
    numbers = [number for number in document.numbers if number]
    assert len(set(numbers)) == len(numbers) == sum(good)
    left = [before[form].id for form in (A, B) if form not in order]
    assert [one.id for one in rows if one.active] == [*left, *(one.id for one in after)]


def test_a_member_of_an_archive_is_corrected_in_one_file(tmp_path) -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("一份.docx", written(FORM, 项目名称="另一个项目：水泵节电"))
        archive.writestr("两份.docx", FLAWED)
    workspace, document = office(tmp_path / "甲", {f"{FIRST}/几份.zip": stream.getvalue()})
    assert document.verdicts == (Verdict.ACCEPTED, Verdict.RETURNED, Verdict.RETURNED)
    document, rows = _again(workspace.root, tmp_path / "乙", "marked", lambda data: _turned(_corrected(A, B)(data)))
    assert document.verdicts == (Verdict.ACCEPTED, Verdict.ACCEPTED)
    assert [one.supersedes for one in rows[3:]] == [rows[2].id, rows[1].id]
    assert [tuple(one.progress) for one in rows[3:]] == [BOTH[B], BOTH[A]]
    assert len({one.number for one in rows if one.active}) == 3


def _hand_in(connection, number: int, forms: list[tuple[dict, str]], **where: str) -> list:
    """Decide the forms of one document; each is an outcome and a key."""
    arrival = row(number, **where)
    arrivals.register(connection, [arrival])
    made = [Form(said, key, key, "项目名称", "DJ", "HY01") for said, key in forms]
    cases = [Case(arrival, n, one, TODAY, lambda *parts: "-".join(map(str, parts))) for n, one in enumerate(made)]
    return decide(connection, cases)


def _said(verdict: str, **texts: str) -> dict:
    answers = texts.pop("answers", "")
    codes = ["missing"] if verdict == "returned" else []
    return outcome(verdict, *codes, answers=answers) | {
        "fields": {name: {"text": said} for name, said in texts.items()}
    }


def test_forms_of_two_documents_put_into_one_follow_each_its_own() -> None:
    with Registry.rehearse(Path("/nonexistent/registry.sqlite3")) as registry, registry.transaction() as connection:
        _hand_in(connection, 1, [(_said("returned", 甲="一"), "k1")], name="一.docx")
        _hand_in(connection, 2, [(_said("returned", 甲="二"), "k2")], name="二.docx")
        both = [(_said("accepted", 甲="二", answers=row(1).reference), "k2"), (_said("accepted", 甲="一"), "k1")]
        both[1][0]["answers"] = row(1).reference
        decisions = _hand_in(connection, 3, both, name="三.docx")
    assert [one.supersedes for one in decisions] == [2, 1]
    assert len({one.number for one in decisions}) == 2


def test_without_keys_the_fields_tell_which_is_which_and_then_the_order() -> None:
    with Registry.rehearse(Path("/nonexistent/registry.sqlite3")) as registry, registry.transaction() as connection:
        first = [(_said("returned", 甲="一", 乙="x"), ""), (_said("returned", 甲="二", 乙="x"), "")]
        _hand_in(connection, 1, [*first, (_said("returned"), ""), (_said("returned"), "")])
        again = [
            _said("returned", 甲="二", 乙="y"),
            _said("returned", 甲="一", 乙="x"),
            _said("returned"),
            _said("returned"),
        ]
        decisions = _hand_in(connection, 2, [(one | {"answers": row(1).reference}, "") for one in again])
    assert [one.supersedes for one in decisions] == [2, 1, 3, 4]


def test_one_project_twice_in_one_file_is_not_accepted_twice() -> None:
    with Registry.rehearse(Path("/nonexistent/registry.sqlite3")) as registry, registry.transaction() as connection:
        decisions = _hand_in(connection, 1, [(_said("accepted", 甲="一"), "k1"), (_said("accepted", 甲="二"), "k1")])
        active = connection.execute(select(submission.c.verdict).where(submission.c.active)).scalars().all()
    assert [one.verdict for one in decisions] == [Verdict.ACCEPTED, Verdict.RETURNED]
    assert [finding["code"] for finding in decisions[1].outcome["findings"]] == ["duplicate_project"]
    assert active == ["accepted", "returned"]
