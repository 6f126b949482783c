"""An archive of several files: each document in it is read, registered and answered on its own."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from pipeline import flow
from pipeline.cli import main
from pipeline.demo.papers import FIRST, MIDDLE_DAY, ROSTER, Paper
from pipeline.errors import ExitCode, Unreadable
from pipeline.flow.briefing import Options
from pipeline.flow.report import DocumentReport
from pipeline.model import Verdict
from pipeline.office.archive import list_archive, take_out
from pipeline.office.library import default_templates, load_library
from pipeline.office.read import read
from pipeline.output.blanks import filled
from pipeline.settings import Limits
from pipeline.workspace import Workspace
from tests.archives import locked, zipped
from tests.faults.invariants import digest, files
from tests.pdfs import pdf

LIMITS = Limits()
DAY = date(2026, 8, 27)
LIBRARY = load_library(default_templates())
APPLICATION = MIDDLE_DAY[0]


def form(paper: Paper = APPLICATION, **changes: str) -> bytes:
    texts = {name: text.replace("YEAR", "2026") for name, text in {**paper.fields, **changes}.items()}
    rows = [{name: text.replace("YEAR", "2026") for name, text in row.items()} for row in paper.rows]
    return filled(LIBRARY, paper.type, texts, rows)


GOOD = form()


def names(data: bytes) -> list[str]:
    archive = list_archive(data, LIMITS)
    assert archive is not None
    return [one.name for one in archive.documents]


def refused(data: bytes) -> Unreadable:
    """Why there is neither an archive nor a document in it."""
    with pytest.raises(Unreadable) as failure:
        assert list_archive(data, LIMITS) or read(data, LIMITS)
    return failure.value


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("申请表.docx", "申请表.docx"),
        ("申请表.docx".encode("gbk"), "申请表.docx"),
        ("一分公司\\申请表.docx".encode("gbk"), "申请表.docx"),
        ("桥梁/隧道/申请表.docx", "申请表.docx"),
        (unicodedata.normalize("NFD", "é.docx"), "é.docx"),
        ("申请表\u202excod.exe", "申请表xcod.exe"),
        ("申请\n表.docx", "申请表.docx"),
        ("con.docx", "_con.docx"),
        (f"{'申' * 200}.docx", f"{'申' * 83}.docx"),
    ],
)
def test_names_are_shown_without_folders_and_harmless(stored: str | bytes, shown: str) -> None:
    assert names(zipped({stored: b"x"})) == [shown]


def test_two_files_of_one_name_are_told_apart_by_their_folders() -> None:
    assert names(zipped({"一部/申请表.docx": b"1", "二部/申请表.docx": b"2", "台账.xlsx": b"3"})) == [
        "一部_申请表.docx", "二部_申请表.docx", "台账.xlsx",
    ]  # fmt: skip


def test_debris_and_empty_folders_are_no_documents_and_are_named() -> None:
    data = zipped({
        "表/": b"", "表/申请表.docx": b"1", "表/~$申请表.docx": b"2", "__MACOSX/表/._申请表.docx": b"3",
        "Thumbs.db": b"4", ".DS_Store": b"5", "空/": b"",
    })  # fmt: skip
    archive = list_archive(data, LIMITS)
    assert archive is not None
    assert [one.name for one in archive.documents] == ["申请表.docx"]
    assert archive.skipped == ("~$申请表.docx", "._申请表.docx", "Thumbs.db", ".DS_Store", "空")


def test_each_document_is_taken_out_as_it_went_in() -> None:
    contents = {"a.docx": GOOD, "b/c.pdf": b"%PDF-", "空.docx": b""}
    data = zipped({**contents, "~$a.docx": b"lock"})
    archive = list_archive(data, LIMITS)
    assert archive is not None
    for one, content in zip(archive.documents, contents.values(), strict=True):
        assert take_out(data, one.number, LIMITS) == content
        assert one.sha256 == digest(content)
    with pytest.raises(Unreadable):
        take_out(data, 4, LIMITS)


def test_a_member_that_does_not_unpack_leaves_the_others() -> None:
    data = bytearray(zipped({"a.txt": b"a" * 50, "b.txt": b"b" * 50}, method=0))
    data[data.index(b"a" * 50)] ^= 1
    archive = list_archive(bytes(data), LIMITS)
    assert archive is not None
    assert [bool(one.sha256) for one in archive.documents] == [False, True]
    assert take_out(bytes(data), 2, LIMITS) == b"b" * 50


OPENDOCUMENT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}


@pytest.mark.parametrize("data", [GOOD, pdf("BT ET"), b"", b"PK\x03\x04", zipped(OPENDOCUMENT), b"Rar!\x1a\x07\x00"])
def test_what_is_one_document_is_no_archive(data: bytes) -> None:
    assert list_archive(data, LIMITS) is None


MANY = {f"{number}.docx": b"x" for number in range(LIMITS.documents + 1)}


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (zipped({"OFD.xml": b"<x/>", "Doc_0/Document.xml": b"<x/>"}), "ofd", None),
        (zipped({"word/document.xml": b"<x/>", "_rels/.rels": b"<x/>"}), "corrupt", "missing"),
        (zipped({}), "archive_empty", None),
        (zipped({"空/": b"", "Thumbs.db": b"x"}), "archive_empty", None),
        (zipped(MANY), "too_large", "documents"),
        (locked(zipped({"a.docx": b"x"})), "encrypted", "zip"),
        (zipped({"a.docx": b"x", b"b.docx": b"y"}).replace(b"b.docx", b"a.docx"), "corrupt", "duplicate"),
        (zipped({"a.docx": bytes(30_000_000)}), "bomb", "ratio"),
        (zipped({"../../a.docx": b"x"}), "corrupt", "name"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), "other_archive", "7z"),
        (b"\x1f\x8b\x08" + bytes(20), "other_archive", "gz"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, code: str, reason: str | None) -> None:
    flaw = refused(data)
    assert (flaw.code, flaw.facts.get("reason")) == (code, reason)


def said(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict]]:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return int(left.value.code or 0), [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    noon = 1787810400  # 2026-08-27
    os.utime(path, (noon, noon))
    return path


def test_check_answers_for_every_document_in_an_archive(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    inside = {
        "表/好.docx": GOOD, "表/缺.docx".encode("gbk"): form(项目主要责任人=""), "断.docx": GOOD[:3000],
        "内.zip": zipped({"a.docx": GOOD}), "~$好.docx": b"lock", "空.xlsx": b"",
    }  # fmt: skip
    path = put(tmp_path / "报送.zip", zipped(inside))
    alone = put(tmp_path / "也好.docx", GOOD)
    code, lines = said(capfd, "check", "--json", str(path), str(alone))
    assert code == ExitCode.ATTENTION
    assert [(line["file"].removeprefix(str(tmp_path)), line["verdict"]) for line in lines] == [
        ("/报送.zip/好.docx", "accepted"), ("/报送.zip/缺.docx", "returned"), ("/报送.zip/断.docx", "unreadable"),
        ("/报送.zip/内.zip", "unreadable"), ("/报送.zip/空.xlsx", "unreadable"), ("/也好.docx", "accepted"),
    ]  # fmt: skip
    assert [line["sha256"] for line in lines[:2]] == [digest(GOOD), digest(inside["表/缺.docx".encode("gbk")])]
    assert [finding["code"] for line in lines for finding in line["findings"]] == [
        "archive_skipped", "missing", "corrupt", "nested_archive", "empty_file",
    ]  # fmt: skip
    assert "~$好.docx" in lines[0]["findings"][0]["message"]


def test_a_deadly_document_takes_no_other_with_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.cli.check.EXAMINER", "tests.faults.reader:make")
    monkeypatch.setattr("pipeline.cli.check.PATHS", (str(Path(__file__).parents[1]),))
    path = put(tmp_path / "报送.zip", zipped({"死.docx": GOOD, "好.docx": GOOD, "Thumbs.db": b""}))
    code, lines = said(capfd, "check", "--json", str(path))
    assert code == ExitCode.ATTENTION
    assert [line["verdict"] for line in lines] == ["unreadable", "accepted"]
    assert [finding["code"] for finding in lines[0]["findings"]] == ["crashed", "archive_skipped"]


class Office:
    """A workspace with its roster, and what was handed in."""

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace.create(root, templates=default_templates(), units=(FIRST,))
        put(self.workspace.inbox / ROSTER.name, form(ROSTER))
        self.take()

    def take(self, **dropped: bytes) -> dict[str, DocumentReport]:
        for name, data in dropped.items():
            put(self.workspace.inbox / FIRST / name, data)
        report = flow.run(self.workspace, today=DAY, options=Options(settle=0.02))
        return {Path(one.file).name: one for one in report.documents}

    def written(self, document: DocumentReport, word: str) -> list[Path]:
        return [self.workspace.root / path for path in document.outputs if word in path]


SECOND_FORM = {"项目名称": "另一个项目：塔吊限位联动", "项目主要责任人": ""}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("w") / "甲")


@pytest.fixture(scope="module")
def archive() -> bytes:
    return zipped({
        "一部/申请表.docx": GOOD, "二部/申请表.docx": form(**SECOND_FORM), "通知.docx": _letter(),
        "断.docx": GOOD[:3000], "Thumbs.db": b"x",
    })  # fmt: skip


def _letter() -> bytes:
    stream = BytesIO()
    letter = Document()
    letter.add_paragraph("关于召开工作例会的通知")
    letter.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def taken(office: Office, archive: bytes) -> DocumentReport:
    return office.take(**{"报送.zip": archive})["报送.zip"]


def test_every_document_is_decided_and_named(taken: DocumentReport) -> None:
    assert [line["file"].rpartition("/")[2] for line in taken.lines()] == [
        "一部_申请表.docx", "二部_申请表.docx", "通知.docx", "断.docx",
    ]  # fmt: skip
    assert taken.verdicts == (Verdict.ACCEPTED, Verdict.RETURNED, Verdict.UNKNOWN, Verdict.UNREADABLE)
    assert taken.numbers[0]
    assert next(taken.lines())["sha256"] == digest(GOOD)


def test_every_document_gets_its_own_answer_under_its_own_name(office: Office, taken: DocumentReport) -> None:
    reference = taken.reference
    feedback = f"outbox/{FIRST}/反馈"
    aside = f"inbox/{FIRST}/未受理"
    assert sorted(taken.outputs) == sorted([
        f"{feedback}/一部_申请表_已标注_{reference}-1.docx", f"{feedback}/一部_申请表_受理回执_{reference}-1.docx",
        f"{feedback}/二部_申请表_已标注_{reference}-2.docx", f"{feedback}/二部_申请表_反馈单_{reference}-2.docx",
        f"{feedback}/通知_反馈单_{reference}-3.docx", f"{aside}/通知_{reference}-3.docx",
        f"{aside}/通知_{reference}-3_说明.txt", f"{feedback}/断_反馈单_{reference}-4.docx",
        f"{aside}/断_{reference}-4.docx", f"{aside}/断_{reference}-4_说明.txt",
    ])  # fmt: skip
    assert all((office.workspace.root / path).is_file() for path in taken.outputs)
    (kept,) = office.written(taken, f"断_{reference}-4.docx")
    assert kept.read_bytes() == GOOD[:3000]
    (note,) = office.written(taken, "断_" + reference + "-4_说明")
    assert "断.docx" in note.read_text("utf-8-sig")
    (slip,) = office.written(taken, "二部_申请表_反馈单")
    text = "".join(cell.text for table in Document(str(slip)).tables for row in table.rows for cell in row.cells)
    text += "".join(paragraph.text for paragraph in Document(str(slip)).paragraphs)
    assert f"{reference}-2" in text
    assert "二部_申请表.docx" in text


def test_the_archive_is_kept_whole_and_the_inbox_is_empty(
    office: Office, archive: bytes, taken: DocumentReport
) -> None:
    originals = [path for path in files(office.workspace.archive) if path.suffix == ".zip"]
    assert [path.read_bytes() for path in originals] == [archive]
    assert not [path for path in files(office.workspace.inbox) if "未受理" not in path.parts]
    journal = [json.loads(line) for line in office.workspace.journal(2026).read_text("utf-8").splitlines()]
    forms = next(one["payload"]["forms"] for one in journal if one["payload"]["reference"] == taken.reference)
    assert forms[0]["member"] == {"number": 1, "name": "一部_申请表.docx", "sha256": digest(GOOD)}


def test_a_document_is_known_again_alone_and_in_another_archive(office: Office, taken: DocumentReport) -> None:
    again = office.take(**{"单独.docx": GOOD, "又来.zip": zipped({"新名.docx": GOOD, "x.txt": b"x"})})
    alone, packed = again["单独.docx"], again["又来.zip"]
    assert (alone.verdicts[0], packed.verdicts[0]) == (Verdict.DUPLICATE, Verdict.DUPLICATE)
    for document in (alone, packed):
        facts = document.outcomes[0]["findings"][0]["facts"]
        assert (facts["reference"], facts["number"]) == (f"{taken.reference}-1", taken.numbers[0])


def test_the_same_archive_again_is_a_duplicate_throughout(
    office: Office, archive: bytes, taken: DocumentReport
) -> None:
    again = office.take(**{"报送.zip": archive})["报送.zip"]
    assert again.verdicts[:2] == (Verdict.DUPLICATE, Verdict.DUPLICATE)
    assert "archive_skipped" in [finding["code"] for finding in again.outcomes[0]["findings"]]


def test_a_corrected_document_comes_back_alone_and_takes_the_place_of_the_right_one(
    office: Office, taken: DocumentReport
) -> None:
    (marked,) = office.written(taken, "二部_申请表_已标注")
    document, stream = Document(str(marked)), BytesIO()
    document.tables[0].cell(1, 1).paragraphs[0].text = "彭志强"
    document.save(stream)
    back = office.take(**{"改好了.docx": stream.getvalue()})["改好了.docx"]
    assert back.outcomes[0]["answers"] == f"{taken.reference}-2"
    assert back.verdicts == (Verdict.ACCEPTED,)
    status = said_status(office.workspace)
    assert [name for name in status if "申请表" in name and "一部" in name] == ["一部_申请表.docx"]
    assert "二部_申请表.docx" not in status
    assert "改好了.docx" in status


def said_status(workspace: Workspace) -> list[str]:
    from pipeline.store import reading
    from pipeline.store.registry import Registry

    with Registry.open(workspace.database) as registry, registry.transaction() as connection:
        return [one.name for one in reading.active(connection)]


def test_a_run_that_breaks_off_is_continued_with_every_document(
    tmp_path: Path, archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.flow import stages

    office = Office(tmp_path / "甲")

    class PowerCut(BaseException):
        pass

    real = stages.Stages.decide

    def broken_off(self: stages.Stages, examined: object) -> object:
        real(self, examined)  # type: ignore[arg-type]
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(stages.Stages, "decide", broken_off)
        with pytest.raises(PowerCut):
            office.take(**{"报送.zip": archive})
    done = office.take()["报送.zip"]
    assert len(done.verdicts) == 4
    assert len(done.outputs) == 10
    assert hashlib.sha256(archive).hexdigest() == done.sha256


def test_one_document_alone_in_an_archive_is_nothing_special(tmp_path: Path) -> None:
    office = Office(tmp_path / "甲")
    done = office.take(**{"一份.zip": zipped({"申请表.docx": GOOD})})["一份.zip"]
    assert done.verdicts == (Verdict.ACCEPTED,)
    assert [Path(path).name for path in done.outputs] == [f"申请表_受理回执_{done.reference}-1.docx"]


def test_too_many_documents_are_counted_after_the_debris() -> None:
    few = replace(LIMITS, documents=2)
    archive = list_archive(zipped({"a.docx": b"1", "b.docx": b"2", "~$a.docx": b"3"}), few)
    assert archive is not None
    with pytest.raises(Unreadable):
        list_archive(zipped({"a.docx": b"1", "b.docx": b"2", "c.docx": b"3"}), few)
