"""Every kind of hostile or broken file gets its Chinese sentence in time, costs little, and hurts no other file.

One table: name of the file → how it is built, and the codes one of which must be said. The whole set goes through the
confined ways that people use, `pipeline check` and `pipeline run`, beside good forms.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from pipeline import flow
from pipeline.demo.papers import FIRST, MIDDLE_DAY, ROSTER
from pipeline.errors import ExitCode
from pipeline.flow.briefing import Options
from pipeline.flow.report import DocumentReport
from pipeline.model import Verdict
from pipeline.office.library import default_templates
from pipeline.workspace import Workspace
from tests import hostile
from tests.faults.invariants import digest, files
from tests.hostile import DOCTYPES, DOCUMENT, FORM, LEDGER, SHEET, STRINGS, changed, edited, in_body, merged, paragraph

posix = pytest.mark.skipif(sys.platform == "win32", reason="limits and odd file names of POSIX systems")
Build = Callable[[], bytes]
READ = ""
"""Nothing of its own to say: the form is read as if nothing were wrong."""
SECONDS, MEMORY = 10, 1 << 30
NOON = 1787810400  # 2026-08-27


def _cut(data: bytes, share: float) -> Build:
    return lambda: data[: int(len(data) * share)]


def _doctype(data: bytes, part: str, doctype: str, encoding: str) -> Build:
    return lambda: edited(data, part, lambda xml: hostile.with_doctype(xml, doctype, encoding))


def _word(edit: Callable[[bytes], bytes]) -> Build:
    return lambda: edited(FORM, DOCUMENT, edit)


def _excel(edit: Callable[[bytes], bytes]) -> Build:
    return lambda: edited(LEDGER, SHEET, edit)


CASES: dict[str, tuple[Build, str]] = {
    # zips
    "炸弹_部件.docx": (lambda: changed(FORM, {DOCUMENT: bytes(120_000_000)}), "bomb"),
    "炸弹_旁边.docx": (lambda: changed(FORM, {"word/media/a.bin": bytes(60_000_000)}), "bomb"),
    "炸弹_谎报.docx": (hostile.lying_document, "bomb"),
    "炸弹_谎报旁边.docx": (hostile.lying, READ),
    "炸弹_重叠.docx": (hostile.overlapping, "bomb"),
    "同名部件.docx": (hostile.repeated, "corrupt"),
    "部件太多.docx": (lambda: changed(FORM, {f"word/media/{n}.xml": b"" for n in range(2500)}), "too_large"),
    "压缩包里的压缩包.zip": (hostile.nested_archive, "nested_archive"),
    "加密压缩包.zip": (hostile.locked_archive, "encrypted"),
    "空压缩包.zip": (lambda: hostile.zipped({}), "archive_empty"),
    "太多文件.zip": (lambda: hostile.zipped({f"{n}.docx": b"" for n in range(60)}), "too_large"),
    "炸弹.zip": (lambda: hostile.zipped({"a.docx": FORM, "b.bin": bytes(60_000_000)}), "bomb"),
    "夹带炸弹.zip": (lambda: hostile.zipped({"炸.docx": changed(FORM, {DOCUMENT: bytes(90_000_000)})}), "bomb"),
    # xml
    "嵌套太深.docx": (_word(hostile.nested), "corrupt"),
    "嵌套表格.docx": (_word(lambda xml: hostile.nested(xml, 60)), READ),
    "外部关系.docx": (lambda: hostile.linked(FORM, "attachedTemplate", r"\\\\127.0.0.1\\x\\a.dotm"), READ),
    "外部图片.docx": (lambda: hostile.linked(FORM, "image", "http://127.0.0.1/a.png"), READ),
    **{
        f"{name}_{where}_{encoding}{suffix}": (_doctype(data, part, doctype, encoding), "forbidden_xml")
        for name, doctype in DOCTYPES.items()
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be")
        for data, part, where, suffix in (
            (FORM, DOCUMENT, "正文", ".docx"), (LEDGER, SHEET, "表", ".xlsx"), (LEDGER, STRINGS, "字", ".xlsx"),
        )
    },
    # damage
    **{
        f"断{kind}_{int(share * 100)}.{kind}": (_cut(data, share), "corrupt")
        for kind, data in {
            "docx": FORM, "xlsx": LEDGER, "pdf": hostile.pdf(hostile.pdf_page()), "xls": hostile.old_workbook(),
        }.items()
        for share in (0.1, 0.5, 0.9)
    },
    "空.docx": (lambda: b"", "empty_file"),
    "全零.xlsx": (lambda: bytes(5000), "empty_file"),
    "~$锁.docx": (hostile.lock_file, "not_office"),
    "锁.xlsx": (lambda: hostile.lock_file(165), "not_office"),
    # names
    "其实是docx.pdf": (lambda: FORM, READ),
    "其实是jpg.docx": (lambda: b"\xff\xd8\xff\xe0" + bytes(500), "image_not_yet|scan|corrupt"),
    "其实是html.xls": (lambda: "<html><body>台账</body></html>".encode(), "not_office"),
    "其实是rtf.doc": (lambda: rb"{\rtf1\ansi x}", "old_format|unknown_form"),
    "其实是文本.docx": (lambda: "项目名称：试".encode("gbk"), "not_office"),
    # locked
    "加密.docx": (lambda: hostile.container("EncryptedPackage", bytes(8000)), "encrypted"),
    "加密.pdf": (hostile.pdf_locked, "encrypted"),
    # shapes
    "格子太宽.docx": (_word(in_body(hostile.wide_table(1, 2_000_000_000))), READ),
    "行列爆炸.docx": (_word(in_body(hostile.wide_table(20_000, 500))), READ),
    "最远的格.xlsx": (hostile.far_cell, "far_cells"),
    "整表合并.xlsx": (_excel(merged("A1:XFD1048576")), "corrupt"),
    "整列合并.xlsx": (_excel(merged("T8:XFD1048576")), READ),
    "有格式的空行.xlsx": (lambda: hostile.styled_rows(300_000), READ),
    "字符串太多.xlsx": (hostile.many_strings, "unknown_form"),
    "长字符串.xlsx": (hostile.long_string_often, "unknown_form"),
    # everything compared with everything
    "栏目太多.docx": (_word(in_body(paragraph("项目名称：甲") * 20_000)), "too_large"),
    "标题太多.docx": (_word(in_body(paragraph("党建项目申请表") * 5_000)), READ),
    "小标题太多.docx": (_word(in_body(paragraph("1.选题：x 2.内容：y 3.预期目标：z" * 20_000))), "too_large"),
    "空段太多.docx": (_word(in_body("<w:p/>" * 400_000)), "too_large"),
    "下划线太多.docx": (_word(in_body(hostile.rich_runs())), READ),
    "空格太多.docx": (hostile.blanks_before_a_date, READ),
    # pdf
    "自己画自己.pdf": (hostile.pdf_that_draws_itself, "scan|no_text"),
    "页树成环.pdf": (hostile.pdf_with_page_loop, "unknown_form"),
    "两万页.pdf": (hostile.pdf_of_many_pages, "too_large"),
    "页面太大.pdf": (hostile.pdf_of_enormous_pages, "unknown_form"),
    "流炸弹.pdf": (hostile.pdf_flate_bomb, "scan|no_text|memory"),
    "流大炸弹.pdf": (lambda: hostile.pdf_flate_bomb(2000), "memory"),
    "字太多.pdf": (hostile.pdf_of_many_characters, "unknown_form"),
    "线太多.pdf": (hostile.pdf_of_many_paths, "too_large"),
    # pictures, macros, containers
    "大图.png": (lambda: hostile.png(100_000, 100_000), "too_large|image_not_yet"),
    "有宏.docm": (lambda: hostile.with_macros(FORM, b"wordprocessingml.document", "word"), "macros"),
    "有宏.xlsm": (lambda: hostile.with_macros(LEDGER, b"spreadsheetml.sheet", "xl"), "macros"),
    "容器.doc": (lambda: hostile.container("Junk", b"\x07" * 6000), "old_format"),
    "坏的.doc": (lambda: hostile.container("WordDocument", b"\xec\xa5" + bytes(6000)), "old_format|no_text|corrupt"),
    "引图.rtf": (lambda: hostile.RICH_TEXT, "old_format|unknown_form"),
    "外链.odt": (hostile.opendocument_with_links, "not_office|old_format|unknown_form"),
    "容器坏了.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000, "old_format"),
    "记录坏了.xls": (lambda: hostile.container("Workbook", hostile.OLD_RECORDS), "corrupt"),
}  # fmt: skip


def _odd_names(folder: Path) -> list[Path]:
    """Names under which good forms come that break programs."""
    names = ["两\n行.docx", f"{'申' * 83}.docx", "反\u202excod.docx", "-rf.docx", "a'\"$(x).docx"]
    return [*(folder / name for name in names), Path(os.fsdecode(os.fsencode(folder) + "/项目.docx".encode("gbk")))]


def _no_files(folder: Path) -> list[Path]:
    """What is named like a form and is no file."""
    pipe, gone, inside = folder / "管道.docx", folder / "断链.docx", folder / "目录.docx"
    os.mkfifo(pipe)
    gone.symlink_to(folder / "没有")
    inside.mkdir()
    return [pipe, gone, inside]


@dataclass
class Checked:
    """What one call of `check` said of each argument, and what it cost.

    `longest`: processor seconds of all its processes between two answers, of the clock where the system does not tell;
    `memory`: bytes of the largest process.
    """

    lines: list[list[dict]]
    errors: str
    code: int
    longest: float
    memory: int


_MEASURED = """
import glob, json, os, resource, subprocess, sys, time
command = [sys.executable, "-m", "pipeline", "check", "--json", "--today", "2026-08-27", "--", *json.load(sys.stdin)]
process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=open("errors", "wb"), start_new_session=True)
def spent():
    if not os.path.exists("/proc/self/stat"):
        return time.monotonic()
    ticks = 0
    for stat in glob.glob("/proc/[0-9]*/stat"):
        try:
            fields = open(stat).read().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15])) if int(fields[3]) == process.pid else 0
    return ticks / os.sysconf("SC_CLK_TCK")
last, longest, said = spent(), 0.0, []
for line in process.stdout:
    now = spent()
    longest, last = max(longest, now - last), now
    said.append(json.loads(line))
process.wait()
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps([said, process.returncode, longest, used]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All the files of the table."""
    made = tmp_path_factory.mktemp("敌")
    for name, (build, _) in CASES.items():
        (made / name).write_bytes(build())
        os.utime(made / name, (NOON, NOON))
    return made


@pytest.fixture(scope="module")
def arguments(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The table, then good forms under odd names, then what is no file, then a plain good form."""
    other = tmp_path_factory.mktemp("名")
    good = [*_odd_names(other), other / "好.docx"]
    for path in good:
        path.write_bytes(FORM)
        os.utime(path, (NOON, NOON))
    return [*(folder / name for name in CASES), *good[:-1], *_no_files(other), good[-1]]


@pytest.fixture(scope="module")
def checked(arguments: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """One call of `check` with everything."""
    here = tmp_path_factory.mktemp("w")
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED], input=json.dumps(list(map(str, arguments))), stdout=subprocess.PIPE,
        text=True, check=True, cwd=here, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    said, code, longest, memory = json.loads(done.stdout)
    lines: list[list[dict]] = [[] for _ in arguments]
    at = 0
    for line in said:
        while not line["file"].startswith(str(arguments[at])):
            at += 1
        lines[at].append(line)
    return Checked(lines, (here / "errors").read_text("utf-8", "replace"), code, longest, memory)


def findings(lines: list[dict]) -> list[tuple[str, str]]:
    return [(finding["code"], finding["message"]) for line in lines for finding in line["findings"]]


def is_expected(verdicts: list[Verdict], codes: list[str], expected: str) -> bool:
    """One of the codes was said; a file that is merely odd was read as a form."""
    if expected == READ:
        return not {Verdict.UNREADABLE, Verdict.UNKNOWN} & set(verdicts)
    return bool(set(expected.split("|")) & set(codes))


@posix
def test_every_argument_is_answered_in_order(arguments: list[Path], checked: Checked) -> None:
    assert [str(path) for path, lines in zip(arguments, checked.lines, strict=True) if not lines] == []
    assert "Traceback" not in checked.errors


@posix
@pytest.mark.parametrize("name", CASES)
def test_each_gets_the_sentence_that_is_true(name: str, checked: Checked) -> None:
    lines = checked.lines[list(CASES).index(name)]
    said = findings(lines)
    assert is_expected([Verdict(line["verdict"]) for line in lines], [code for code, _ in said], CASES[name][1]), said
    assert all(re.search("[一-鿿]{4}", sentence) and sentence.endswith("。") for _, sentence in said)
    assert not re.search(r"[{}]|Error|Exception|None", " ".join(sentence for _, sentence in said))


@posix
def test_good_forms_are_read_whatever_their_names(arguments: list[Path], checked: Checked) -> None:
    for path, lines in list(zip(arguments, checked.lines, strict=True))[len(CASES) :]:
        expected = "unreadable" if path.stem in ("管道", "断链", "目录") else "accepted"
        assert [line["verdict"] for line in lines] == [expected], path
    assert checked.errors.count("\n") == 3
    for words in ("管道.docx」不是普通文件", "断链.docx」不存在", "目录.docx」是文件夹"):
        assert words in checked.errors
    assert checked.code == ExitCode.USAGE


@posix
def test_nothing_takes_long_or_eats_the_machine(checked: Checked) -> None:
    assert 0 < checked.longest < SECONDS, checked.longest
    assert checked.memory < MEMORY


DEADLY = "流大炸弹.pdf"
"""Tried three times by a run, since its workers die; the other of its kind is left to `check`."""
RUN = [name for name in CASES if name != "流炸弹.pdf"]


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, dict[str, DocumentReport]]:
    """A run over a unit's folder with the table and a good form, by workers of half the usual memory."""
    workspace = Workspace.create(tmp_path_factory.mktemp("w") / "甲", templates=default_templates(), units=(FIRST,))
    workspace.settings.write_text(f"[limits]\nmemory_bytes = {MEMORY // 2}\n", "utf-8")
    (workspace.inbox / ROSTER.name).write_bytes(hostile.paper(ROSTER))
    for name in RUN:
        (workspace.inbox / FIRST / name).write_bytes((folder / name).read_bytes())
    (workspace.inbox / FIRST / "好.docx").write_bytes(hostile.paper(MIDDLE_DAY[0], 项目名称="另一个项目：塔吊限位联动"))
    report = flow.run(workspace, today=date(2026, 8, 27), options=Options(settle=0.05))
    return workspace, {Path(one.file).name: one for one in report.documents}


def test_a_run_answers_every_file_and_registers_the_good_form(
    run: tuple[Workspace, dict[str, DocumentReport]], folder: Path
) -> None:
    workspace, done = run
    assert done["好.docx"].verdicts == (Verdict.ACCEPTED,)
    taken = [name for name in RUN if not name.startswith("~$")]
    assert sorted(done) == sorted([*taken, "好.docx", ROSTER.name])
    for name in taken:
        codes = [finding["code"] for outcome in done[name].outcomes for finding in outcome["findings"]]
        assert is_expected(list(done[name].verdicts), codes, CASES[name][1]), name
        assert done[name].outputs, name
    kept = {digest(path.read_bytes()) for path in files(workspace.archive) if path.parent.parent.name == "原件"}
    assert {digest((folder / name).read_bytes()) for name in taken} <= kept
    assert not files(workspace.work)
    log = (workspace.log / "pipeline.log").read_text("utf-8").splitlines()
    assert [re.sub("^.* ERROR ", "", line) for line in log] == [
        f"defect reference={done[DEADLY].reference} stage=examine error=memory"
    ]


def test_slips_and_marked_copies_agree(run: tuple[Workspace, dict[str, DocumentReport]]) -> None:
    workspace, done = run
    with_copy = set()
    for name, document in done.items():
        paths = [workspace.root / path for path in document.outputs]
        copies = [path for path in paths if "_已标注_" in path.name]
        said = "".join(_words(path) for path in paths if "_反馈单_" in path.name or "_受理回执_" in path.name)
        assert all(path.is_file() for path in paths), name
        promised = set(re.findall("已标注|批注", said))
        assert promised <= ({"已标注", "批注"} if copies else set()), (name, said)
        if Verdict.RETURNED in document.verdicts:
            assert bool(promised) is bool(copies), (name, said)
            assert ("没能标出问题，所以没有附标注好的文件" in said) is not bool(copies), (name, said)
        with_copy |= {name} if copies else set()
    assert {"有宏.docm", "有宏.xlsm", "最远的格.xlsx", "整列合并.xlsx"} <= with_copy
    assert done["有格式的空行.xlsx"].verdicts == (Verdict.RETURNED,)
    assert "有格式的空行.xlsx" not in with_copy  # its sheet is too big for the tree that marking needs
    assert {path.suffix for path in files(workspace.outbox) if "有宏_已标注" in path.name} == {".docm", ".xlsm"}


def _words(path: Path) -> str:
    return "".join(element.text or "" for element in Document(path).element.body.iter() if element.tag.endswith("}t"))
