"""A person settles what the program only doubts: by command, with the name at the field and in the journal."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from pipeline import examine as stage
from pipeline import flow
from pipeline.cli import main
from pipeline.errors import ExitCode, UsageError
from pipeline.examine import Desk, examine_again
from pipeline.flow.briefing import Options
from pipeline.flow.by_command import DecideReport, Wish, decide
from pipeline.forms.doubts import Answer, doubts
from pipeline.forms.labels import squeeze
from pipeline.forms.reading import FormReader
from pipeline.forms.writing import texts_for
from pipeline.model import Arrival, Datum, Document, Extract, Outcome, Verdict
from pipeline.settings import Settings
from pipeline.store import events, reading
from pipeline.store.registry import Registry
from pipeline.values import Roster
from pipeline.wire import outcome_from_json, outcome_to_json
from pipeline.workspace import Workspace
from tests import damage
from tests.documents import filled as filled_document
from tests.offices import (
    BRANCH,
    DAY,
    FIRST,
    FORM,
    LEDGER,
    LIBRARY,
    NEXT_DAY,
    SECOND,
    claimed_twice,
    drop,
    office,
    without_results,
    written,
)

OPTIONS = Options(workers=1)
SPEC = LIBRARY.types["党建项目申请表"]
DESK = Desk(LIBRARY, Settings.default(2026), Roster.from_rows([]))
ARRIVAL = Arrival("申请表.docx", "", DAY)
READER = FormReader(SPEC, SPEC.layouts[0])


def outcome_of(document: Document) -> Outcome:
    extract = Extract(SPEC.name, "form", READER.read(document.blocks))
    return stage._judge(SPEC, extract, (), ARRIVAL, DESK, DAY, document)


TEXTS = {name: text.replace("YEAR", "2026") for name, text in FORM.fields.items()}
PLAIN = filled_document(SPEC.layouts[0].document, {**texts_for(SPEC, {}), **TEXTS})
RIGHT = outcome_of(PLAIN)
SHAPE = damage.Form(
    "党建项目化管理项目申请表",
    ("立项支部", "项目主要责任人", "项目名称", "项目具体工作内容", "支部委员会意见", "党委会意见"),
    ("立项支部", "项目主要责任人", "项目名称"),
    {"立项支部": "申报支部", "项目主要责任人": "项目负责人", "支部委员会意见": "党支部意见"},
)


@pytest.mark.parametrize("one", damage.DAMAGES, ids=lambda one: one.__name__)
def test_all_doubts_settled_with_the_truth_give_the_record_of_the_undamaged_document(one: damage.Damage) -> None:
    for seed in range(3):
        damaged = outcome_of(one(PLAIN, random.Random(seed), SHAPE))
        again = with_the_truth(outcome_from_json(outcome_to_json(damaged)))
        lost = [name for name, datum in damaged.record.fields.items() if not datum.reading.doubt and not datum.text]
        for name, datum in RIGHT.record.fields.items():
            if name not in lost:
                assert bare(again.record.fields[name]) == bare(datum)
        assert not doubts(again.record)
        if not [name for name in lost if RIGHT.record.fields[name].text]:
            assert again.verdict is RIGHT.verdict


def bare(datum: Datum) -> tuple[object, ...]:
    """What is known of a field, white space left out."""
    value = squeeze(datum.value) if isinstance(datum.value, str) else datum.value
    return squeeze(datum.text), value, datum.problem, datum.flags


def with_the_truth(outcome: Outcome) -> Outcome:
    answers = [Answer(one.field, one.row, TEXTS.get(one.field, ""), "张敏", DAY) for one in doubts(outcome.record)]
    return examine_again(outcome, answers, ARRIVAL, DESK, DAY)


def test_a_confirmed_field_says_who_when_and_what_was_read_before() -> None:
    damaged = outcome_of(damage.label_repeated_other(PLAIN, random.Random(1), SHAPE))
    (doubt,) = doubts(damaged.record)
    again = with_the_truth(damaged)
    word = again.record.fields[doubt.field].reading.confirmed
    assert (word.by, word.on, word.reading, word.other, word.reason) == (
        "张敏", DAY, doubt.reading.text, doubt.reading.other, "second",
    )  # fmt: skip
    assert outcome_from_json(outcome_to_json(again)) == again
    shown = outcome_to_json(again)["fields"][doubt.field]
    assert (shown["doubt"], shown["confirmed"]["by"], shown["confirmed"]["on"]) == (False, "张敏", "2026-08-20")


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form with a label twice, and a ledger with a formula without result; both wait."""
    root = tmp_path_factory.mktemp("office") / "甲"
    files = {
        f"{FIRST}/申请表.docx": claimed_twice(written(FORM)),
        f"{SECOND}/台账.xlsx": without_results(written(LEDGER), "完成时限"),
    }
    office(root, files)
    return root


@pytest.fixture
def workspace(taken_in: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(taken_in, tmp_path / "甲", symlinks=True)
    return Workspace.open(tmp_path / "甲")


def standing(workspace: Workspace) -> dict[str, reading.Active]:
    with Registry.open(workspace.database) as registry, registry.transaction() as connection:
        return {one.name: one for one in reading.active(connection)}


def settle(workspace: Workspace, name: str = "申请表.docx", *, dry_run: bool = False, **said) -> DecideReport:
    wish = Wish(standing(workspace)[name].reference, **{"by": "张敏", **said})
    return decide(workspace, wish, today=NEXT_DAY, dry_run=dry_run, options=OPTIONS)


def journal(workspace: Workspace) -> list[dict]:
    """The journal, after proving that it is one whole chain."""
    lines = [json.loads(line) for line in workspace.journal(2026).read_bytes().splitlines()]
    with Registry.open(workspace.database) as registry, registry.transaction() as connection:
        entries = events.entries_after(connection, 0, 2026)
    before = events.FIRST
    for entry in entries:
        assert (entry.prev, entry.hash) == (
            before, events.chained(entry.n, before, entry.at, entry.kind, entry.payload)
        )  # fmt: skip
        before = entry.hash
    assert [line["hash"] for line in lines] == [entry.hash for entry in entries]
    return lines


def files(workspace: Workspace) -> dict[str, bytes]:
    """All that people see; the list of what waits has its own tests."""
    tops = (workspace.inbox, workspace.outbox, workspace.archive)
    found = {workspace.relative(path): path.read_bytes() for top in tops for path in top.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if "待人工确认" not in name}


def test_a_settled_doubt_gives_number_receipt_and_event_and_leaves_the_original(workspace: Workspace) -> None:
    before = files(workspace)
    report = settle(workspace, field="立项支部", text=BRANCH, note="电话核对")
    assert report.document.verdicts == (Verdict.ACCEPTED,)
    assert report.document.numbers == ("DJ-2026-YY01-001",)
    (receipt,) = report.document.outputs
    assert "受理回执" in receipt
    assert receipt.startswith(f"outbox/{FIRST}/反馈/")
    after = files(workspace)
    assert {name: data for name, data in after.items() if name in before and "journal" not in name} == {
        name: data for name, data in before.items() if "journal" not in name
    }
    event = journal(workspace)[-1]
    assert (event["kind"], event["payload"]["number"]) == ("corrected", "DJ-2026-YY01-001")
    (said,) = event["payload"]["settled"]
    assert (said["field"], said["text"], said["by"], said["on"], said["note"]) == (
        "立项支部", BRANCH, "张敏", "2026-08-21", "电话核对",
    )  # fmt: skip
    assert said["readings"][0] == BRANCH
    record = standing(workspace)["申请表.docx"].outcome["fields"]["立项支部"]
    assert record["confirmed"]["by"] == "张敏"
    assert not record["doubt"]


def test_the_same_word_again_changes_nothing_and_another_one_is_refused(workspace: Workspace) -> None:
    settle(workspace, field="立项支部")
    before = files(workspace)
    report = settle(workspace, field="立项支部", text=BRANCH)
    assert not report.changed
    assert "已经确认过：张敏于2026-08-21" in report.said
    with pytest.raises(UsageError, match="与这次的“别的支部”不同，没有改动"):
        settle(workspace, field="立项支部", text="别的支部")
    assert files(workspace) == before


def test_a_row_of_a_ledger_is_settled_with_a_value_of_its_kind(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="不能作为这一项的内容"):
        settle(workspace, "台账.xlsx", field="完成时限", row=1, text="2026年2月30日")
    with pytest.raises(UsageError, match="没有写确认的内容"):
        settle(workspace, "台账.xlsx", field="完成时限", row=1, text="  ")
    report = settle(workspace, "台账.xlsx", field="完成时限", row=1, text="2026年9月5日")
    cell = report.document.outcomes[0]["rows"][0]["完成时限"]
    assert (cell["value"]["end"], cell["kind"], cell["confirmed"]["reason"]) == ("2026-09-05", "deadline", "uncached")


@pytest.mark.parametrize(
    ("name", "said", "sentence"),
    [
        ("申请表.docx", {"field": "项目经费"}, "里没有这一项"),
        ("申请表.docx", {"field": "项目名称"}, "这一项没有疑问"),
        ("申请表.docx", {"field": "立项支部", "row": 2}, "表里没有第2条"),
        ("台账.xlsx", {"field": "完成时限"}, "用 --row 写明是第几条"),
        ("台账.xlsx", {"field": "完成时限", "row": 99}, "表里没有第99条"),
        ("申请表.docx", {"form": 2, "field": "立项支部"}, "没有第2份表"),
        ("申请表.docx", {"ruling": Verdict.ACCEPTED, "note": "急"}, "还有1处疑问没有确认"),
        ("台账.xlsx", {"ruling": Verdict.RETURNED, "note": ""}, "没有写理由|已经退回"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(workspace: Workspace, name, said, sentence) -> None:
    before = files(workspace)
    with pytest.raises(UsageError, match=sentence):
        settle(workspace, name, **said)
    assert files(workspace) == before


def test_unknown_references_and_replaced_submissions_have_their_own_sentence(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="没有编号为“ZZZZ9999”的报送件"):
        decide(workspace, Wish("ZZZZ9999", "张敏", field="x"), today=NEXT_DAY, dry_run=False, options=OPTIONS)
    old = standing(workspace)["申请表.docx"].reference
    drop(workspace, f"{FIRST}/申请表.docx", written(FORM), NEXT_DAY)
    (document,) = flow.run(workspace, today=NEXT_DAY).documents
    assert document.verdicts == (Verdict.ACCEPTED,)
    with pytest.raises(UsageError, match=f"已被后来的一份（来文编号{document.reference}）代替"):
        decide(workspace, Wish(old, "张敏", field="立项支部"), today=NEXT_DAY, dry_run=False, options=OPTIONS)


def test_a_later_one_of_the_same_matter_is_not_displaced_by_an_older_doubt(workspace: Workspace) -> None:
    """The doubt hid what the older one was about, so the two did not know each other."""
    drop(workspace, f"{FIRST}/新申请表.docx", written(FORM), NEXT_DAY)
    (document,) = flow.run(workspace, today=NEXT_DAY).documents
    with pytest.raises(UsageError, match=f"来文编号{document.reference}"):
        settle(workspace, field="立项支部")
    assert standing(workspace)["新申请表.docx"].number == "DJ-2026-YY01-001"


def test_a_dry_run_says_what_would_come_of_it_and_changes_nothing(workspace: Workspace) -> None:
    before = files(workspace)
    report = settle(workspace, field="立项支部", dry_run=True)
    assert report.document.numbers == ("DJ-2026-YY01-001",)
    assert len(report.document.outputs) == 1
    assert files(workspace) == before
    assert settle(workspace, field="立项支部").document.outputs == report.document.outputs


def test_the_office_returns_with_its_reason_and_accepts_what_was_explained(workspace: Workspace) -> None:
    report = settle(workspace, ruling=Verdict.RETURNED, note="支部写了两个，请核实")
    assert report.document.verdicts == (Verdict.RETURNED,)
    assert any("反馈单" in path for path in report.document.outputs)
    assert report.document.outcomes[0]["findings"][-1]["facts"]["note"] == "支部写了两个，请核实"
    settle(workspace, field="立项支部", text="新成立的水厂二支部")
    assert standing(workspace)["申请表.docx"].verdict == Verdict.RETURNED  # the roster does not know it: explain
    report = settle(workspace, ruling=Verdict.ACCEPTED, note="支部刚成立，名册待补")
    assert report.document.verdicts == (Verdict.ACCEPTED,)
    assert report.document.numbers == ("DJ-2026-YY01-001",)
    assert [line["kind"] for line in journal(workspace)[-3:]] == ["ruled", "corrected", "ruled"]
    assert len({path for path in files(workspace) if "核定后" in path}) == len(
        [path for path in files(workspace) if "核定后" in path]
    )


def test_errors_are_not_waved_through(workspace: Workspace) -> None:
    drop(workspace, f"{FIRST}/缺.docx", written(FORM, 项目名称="", 立项支部="柏林河泵站项目部党支部"), NEXT_DAY)
    flow.run(workspace, today=NEXT_DAY)
    with pytest.raises(UsageError, match="还有必须改正的问题：“项目名称”"):
        settle(workspace, "缺.docx", ruling=Verdict.ACCEPTED, note="领导同意")


def test_a_document_of_an_archive_is_settled_by_its_own_number(tmp_path: Path) -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("甲.docx", written(FORM, 项目名称="另一个项目"))
        archive.writestr("乙.docx", claimed_twice(written(FORM)))
    workspace, report = office(tmp_path / "甲", {f"{FIRST}/两份.zip": stream.getvalue()})
    assert report.verdicts == (Verdict.ACCEPTED, Verdict.REVIEW)
    keep = Wish(report.reference, "张敏", field="立项支部")
    with pytest.raises(UsageError, match=f"{report.reference}-1、{report.reference}-2"):
        decide(workspace, keep, today=NEXT_DAY, dry_run=False, options=OPTIONS)
    keep = replace(keep, name=f"{report.reference}-2")
    done = decide(workspace, keep, today=NEXT_DAY, dry_run=False, options=OPTIONS)
    assert done.document.verdicts == (Verdict.ACCEPTED, Verdict.ACCEPTED)
    assert done.document.numbers == ("DJ-2026-YY01-001", "DJ-2026-YY01-002")
    (receipt,) = done.document.outputs
    assert Path(receipt).name == f"乙_受理回执_{report.reference}-2_核定后.docx"


def test_a_decision_is_made_while_watch_looks_after_the_inbox(workspace: Workspace) -> None:
    stop, told = threading.Event(), []
    how = {"stop": stop, "today": NEXT_DAY, "settle": 0.05, "interval": 0.3, "told": told.append, "options": OPTIONS}
    thread = threading.Thread(target=flow.watch, args=(workspace,), kwargs=how)
    thread.start()
    try:
        assert settle(workspace, field="立项支部").document.verdicts == (Verdict.ACCEPTED,)
        drop(workspace, f"{SECOND}/坏.docx", b"no form", NEXT_DAY)
        end = time.monotonic() + 60
        while not told and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        stop.set()
        thread.join(30)
    assert [one.verdicts for report in told for one in report.documents] == [(Verdict.UNREADABLE,)]
    assert [line["kind"] for line in journal(workspace)[-2:]] == ["corrected", "decided"]


KILLED = """
import os, signal, sys
from pipeline.cli import main
from pipeline.flow.stages import Stages
stage, calls = sys.argv[1], []
real = getattr(Stages, stage)
def cut(self):
    calls.append(1)
    if len(calls) == 2:  # the first look only carries on what was left before
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self)
setattr(Stages, stage, cut)
main(sys.argv[2:])
"""


@pytest.mark.parametrize("stage_name", ["log", "publish_again"])
def test_a_decision_that_was_killed_before_its_files_is_finished_by_the_next_run(workspace, stage_name) -> None:
    said = [standing(workspace)["申请表.docx"].reference, "--field", "立项支部", "--keep", "--by", "张敏"]
    where = ["--workspace", str(workspace.root), "--today", "2026-08-21"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", KILLED, stage_name, "decide", *said, *where]
    assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == -signal.SIGKILL
    assert not [path for path in files(workspace) if "核定后" in path]
    (document,) = flow.run(workspace, today=NEXT_DAY).documents
    assert document.verdicts == (Verdict.ACCEPTED,)
    assert len([path for path in files(workspace) if "核定后" in path]) == 1
    assert journal(workspace)[-1]["kind"] == "corrected"


def test_the_command_speaks_to_a_clerk(workspace: Workspace, capfd) -> None:
    def say(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["decide", *arguments, "--workspace", str(workspace.root), "--today", "2026-08-21"])
        return int(left.value.code or 0), *capfd.readouterr()

    reference = standing(workspace)["申请表.docx"].reference
    code, out, _ = say(reference)
    assert code == ExitCode.ATTENTION
    assert "待确认：“立项支部”" in out
    assert say(reference, "--field", "立项支部", "--keep")[0] == ExitCode.USAGE
    assert say(reference, "--keep", "--accept", "--by", "张敏")[0] == ExitCode.USAGE
    assert say(reference, "--keep", "--by", "张敏")[0] == ExitCode.USAGE
    code, out, _ = say(reference, "--field", "立项支部", "--keep", "--by", "张敏", "--json")
    (line,) = map(json.loads, out.splitlines())
    assert (code, line["verdict"], line["changed"]) == (ExitCode.OK, "accepted", True)
    code, out, _ = say(line["number"])
    assert code == ExitCode.OK
    assert "待确认" not in out
