"""The way of a submission through all stages, with a small examiner in real worker processes."""

from __future__ import annotations

import json
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import select

from pipeline import flow
from pipeline.errors import ExitCode, StoreError
from pipeline.flow.briefing import Options
from pipeline.model import Verdict
from pipeline.store.registry import Registry
from pipeline.store.schema import output
from pipeline.workspace import Workspace
from tests.faults.invariants import files, violations

TODAY = date(2026, 8, 20)
OPTIONS = Options(settle=0.02, wait=0.3, examiner="tests.faults.examiner:make", paths=(str(Path(__file__).parents[1]),))


class Share:
    """A workspace with what was dropped into it."""

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace.create(root)
        self.dropped: dict[str, bytes] = {}

    def drop(self, where: str, text: str) -> None:
        path = self.workspace.inbox / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.dropped[where] = text.encode()

    def run(self, **how) -> dict[str, flow.DocumentReport]:
        self.report = flow.run(self.workspace, today=TODAY, options=OPTIONS, **how)
        return {document.file.removeprefix("inbox/"): document for document in self.report.documents}

    def everything(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.workspace.root).as_posix(): path.read_bytes() for path in files(self.workspace.root)
        }

    def read(self, path: str) -> dict:
        return json.loads((self.workspace.root / path).read_text(encoding="utf-8"))


@pytest.fixture
def share(tmp_path):
    return Share(tmp_path / "党建")


def test_the_whole_path_of_good_faulty_strange_and_deadly_files(share):
    share.drop("一分公司/好.docx", "form key=k1 prefix=DJ code=HY01")
    share.drop("一分公司/错.docx", "form key=k2 prefix=DJ codes=missing@甲,late")
    share.drop("二分公司/怪.docx", "什么都不是")
    share.drop("二分公司/死.docx", "die")
    share.drop("二分公司/坏.docx", "defect")
    done = share.run()
    verdicts = {name: document.verdicts[0] for name, document in done.items()}
    assert verdicts == {
        "一分公司/好.docx": Verdict.ACCEPTED, "一分公司/错.docx": Verdict.RETURNED, "二分公司/怪.docx": Verdict.UNKNOWN,
        "二分公司/死.docx": Verdict.UNREADABLE, "二分公司/坏.docx": Verdict.UNREADABLE,
    }  # fmt: skip
    assert done["一分公司/好.docx"].numbers == ("DJ-2026-HY01-001",)
    codes = {name: document.outcomes[0]["findings"][0]["code"] for name, document in done.items() if name[0] == "二"}
    assert codes == {"二分公司/怪.docx": "unknown_form", "二分公司/死.docx": "crashed", "二分公司/坏.docx": "defect"}
    assert share.report.exit_code is ExitCode.ATTENTION
    assert violations(share.workspace, share.dropped) == []


def test_what_the_program_got_wrong_is_logged_without_names_or_values(share):
    share.drop("一分公司/张三的申请表.docx", "defect 张三 13800000000")
    share.drop("一分公司/李四.docx", "form key=k codes=missing no slip")
    share.run()
    log = (share.workspace.log / "pipeline.log").read_text("utf-8")
    assert "stage=examine error=" in log
    assert "stage=slip error=ValueError at " in log
    assert not [word for word in ("张三", "138000", "李四", "一分公司", ".docx") if word in log]


def test_units_receive_only_what_is_theirs(share):
    share.drop("一分公司/甲.docx", "form key=k codes=late")
    share.drop("二分公司/乙.docx", "form key=k2")
    share.run()
    for unit, other in (("一分公司", "乙"), ("二分公司", "甲")):
        said = [*files(share.workspace.outbox / unit), *files(share.workspace.inbox / unit)]
        assert said
        assert not [path for path in said if other in path.name or other in path.read_text("utf-8")]


def test_feedback_carries_the_witness_and_the_progress(share):
    share.drop("一分公司/申请表.docx", "form key=k prefix=DJ codes=missing@甲,missing@乙,late")
    first = share.run()["一分公司/申请表.docx"]
    share.drop("一分公司/申请表（改）.docx", f"form key=k9 prefix=DJ codes=late answers={first.reference}")
    second = share.run()["一分公司/申请表（改）.docx"]
    slip = share.read(next(path for path in second.outputs if "反馈单" in path))["notice"]
    assert slip["progress"] == [3, 2, 1, 0]
    lines = share.workspace.journal(2026).read_text("utf-8").splitlines()
    entry = json.loads(lines[slip["entry"] - 1])
    assert (entry["hash"], entry["payload"]["reference"]) == (slip["entry_hash"], second.reference)


def test_the_same_file_again_is_answered_with_the_earlier_number(share):
    share.drop("一分公司/a.docx", "form key=k prefix=DJ code=HY01")
    first = share.run()["一分公司/a.docx"]
    share.drop("一分公司/b.docx", "form key=k prefix=DJ code=HY01")
    second = share.run()["一分公司/b.docx"]
    assert second.verdicts == (Verdict.DUPLICATE,)
    assert second.outcomes[0]["findings"][0]["facts"]["number"] == first.numbers[0]
    assert share.report.exit_code is ExitCode.OK


def test_a_file_with_two_forms_is_decided_form_by_form(share):
    share.drop("一分公司/两份.docx", "form key=k1 prefix=DJ\nform key=k2 prefix=DJ codes=late\n")
    (document,) = share.run().values()
    assert document.verdicts == (Verdict.ACCEPTED, Verdict.RETURNED)
    assert len(document.outputs) == 3
    lines = list(document.lines())
    assert [line["verdict"] for line in lines] == ["accepted", "returned"]
    assert lines[1]["findings"][0]["message"]


def test_the_roster_of_the_office_counts_for_the_files_after_it(share):
    share.drop("组织名册.xlsx", "form type=组织名册")
    share.drop("一分公司/a.docx", "form key=k")
    share.drop("二分公司/组织名册.xlsx", "form type=组织名册")
    done = share.run()
    assert done["一分公司/a.docx"].outcomes[0]["fields"]["roster"]["text"] == json.dumps("组织名册")
    assert done["二分公司/组织名册.xlsx"].verdicts == (Verdict.RETURNED,)
    assert done["二分公司/组织名册.xlsx"].outcomes[0]["findings"][0]["code"] == "wrong_unit"


def test_a_dry_run_says_it_all_and_changes_nothing(share):
    share.drop("一分公司/好.docx", "form key=k1 prefix=DJ code=HY01")
    share.run()
    share.drop("一分公司/新.docx", "form key=k2 prefix=DJ code=HY01")
    share.drop("二分公司/怪.docx", "?")
    before = share.everything()
    rehearsed = share.run(dry_run=True)
    assert share.report.dry_run
    assert share.everything() == before
    done = share.run()
    for name, document in done.items():
        assert (rehearsed[name].verdicts, rehearsed[name].numbers) == (document.verdicts, document.numbers)
        assert len(rehearsed[name].outputs) == len(document.outputs)


def test_a_dry_run_in_a_new_workspace_leaves_no_registry(tmp_path):
    (tmp_path / "inbox").mkdir()
    report = flow.run(Workspace.open(tmp_path), today=TODAY, dry_run=True, options=OPTIONS)
    assert report.documents == ()
    assert [path.name for path in tmp_path.iterdir()] == ["inbox"]


def test_a_second_runner_says_that_somebody_is_at_work(share):
    share.drop("一分公司/a.docx", "form")
    with FileLock(share.workspace.lock), pytest.raises(StoreError, match="另一个"):
        share.run()
    assert list(share.run()) == ["一分公司/a.docx"]


def test_progress_is_told(share):
    for n in range(40):
        share.drop(f"一分公司/{n}.docx", f"form key=k{n}")
    told = []
    share.run(progress=lambda done, of: told.append((done, of)))
    assert told == [(32, 40), (40, 40)]


def test_a_slip_that_cannot_be_made_is_answered_in_plain_text(share):
    share.drop("一分公司/a.docx", "form codes=late no slip")
    (document,) = share.run().values()
    (path,) = [path for path in document.outputs if "反馈单" in path]
    text = (share.workspace.root / path).read_text("utf-8-sig")
    assert path.endswith(".txt")
    assert document.reference in text
    assert "late" in text


def test_a_slip_knows_whether_the_marked_copy_could_be_made(share):
    share.drop("一分公司/好.docx", "form codes=late")
    share.drop("一分公司/坏.docx", "form codes=late no copy")
    done = share.run()
    slips = {name: share.read(next(path for path in one.outputs if "反馈单" in path)) for name, one in done.items()}
    assert [slips[f"一分公司/{name}.docx"]["marked"] for name in "好坏"] == [True, False]
    assert [any("已标注" in path for path in done[f"一分公司/{name}.docx"].outputs) for name in "好坏"] == [True, False]
    assert all("copy" not in slip["notice"] for slip in slips.values())
    log = (share.workspace.log / "pipeline.log").read_text("utf-8")
    assert log.count("stage=marked error=ValueError at ") == 1
    assert violations(share.workspace, share.dropped) == []


def test_a_copy_that_an_interrupted_run_wrote_counts_even_when_it_cannot_be_made_again(share, monkeypatch):
    share.drop("一分公司/坏.docx", "form codes=late no copy")
    interrupted(share, monkeypatch, "finish")
    with Registry.open(share.workspace.database) as registry, registry.transaction() as connection:
        (path,) = connection.execute(select(output.c.path).where(output.c.kind == "marked")).scalars()
    written = share.workspace.root / path
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_bytes(b"copy")
    (document,) = share.run().values()
    assert share.read(next(path for path in document.outputs if "反馈单" in path))["marked"]
    assert path in document.outputs
    assert violations(share.workspace, share.dropped) == []


def test_names_that_are_no_text_or_too_long_go_through(share):
    import os

    share.workspace.inbox.joinpath("一分公司").mkdir()
    raw = os.fsencode(share.workspace.inbox) + "/一分公司/".encode() + "申请表.docx".encode("gbk")
    Path(os.fsdecode(raw)).write_text("form key=k1", encoding="utf-8")
    share.drop(f"一分公司/{'申' * 83}.docx", "form key=k2 codes=late")
    done = share.run()
    assert len(done) == 2
    assert all(document.outputs for document in done.values())
    assert not files(share.workspace.work)


def test_what_is_written_after_the_claim_is_not_lost(share, monkeypatch):
    """On a Samba server a client can go on writing into a file that was renamed under it."""
    share.drop("一分公司/a.docx", "form key=k1")
    finish = flow_stages().Stages.finish

    def late_writer(stages, items):
        for item in items:
            if item.claimed.path.read_text() == "form key=k1":
                item.claimed.path.write_text("form key=k1 codes=late")
        return finish(stages, items)

    monkeypatch.setattr(flow_stages().Stages, "finish", late_writer)
    first = share.run()
    second = share.run()
    assert [one.verdicts[0] for one in (*first.values(), *second.values())] == [Verdict.ACCEPTED, Verdict.RETURNED]
    kept = {path.read_text() for path in files(share.workspace.archive / "2026" / "原件")}
    assert kept == {"form key=k1", "form key=k1 codes=late"}


def flow_stages():
    from pipeline.flow import stages

    return stages


@pytest.mark.parametrize("stage", ["receive", "examine", "decide", "log", "_write", "_archive"])
def test_a_run_that_breaks_off_in_any_stage_is_continued(share, monkeypatch, stage):
    for n in range(5):
        share.drop(f"一分公司/{n}.docx", f"form key=k{n} prefix=DJ codes={'late' if n % 2 else ''} x")

    class PowerCut(BaseException):
        pass

    stages = flow_stages().Stages
    real = getattr(stages, stage)

    def broken_off(self, *args):
        if stage != "receive":
            real(self, *args)
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(stages, stage, broken_off)
        with pytest.raises(PowerCut):
            share.run()
    if stage != "log":
        assert len(share.run()) == 5
    share.run()
    assert violations(share.workspace, share.dropped) == []


def test_watch_takes_files_as_they_come_and_stops_when_told(share):
    stop, told = threading.Event(), []
    thread = threading.Thread(
        target=flow.watch,
        args=(share.workspace,),
        kwargs={"stop": stop, "today": TODAY, "settle": 0.1, "interval": 0.3, "told": told.append, "options": OPTIONS},
    )
    thread.start()
    try:
        for n in range(3):
            share.drop(f"一分公司/{n}.docx", f"form key=k{n}")
            wait_until(lambda n=n: sum(len(report.documents) for report in told) == n + 1)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    assert violations(share.workspace, share.dropped) == []


def test_watch_outlives_a_share_that_goes_away(share):
    stop, told = threading.Event(), []
    away = share.workspace.root / "away"
    thread = threading.Thread(
        target=flow.watch,
        args=(share.workspace,),
        kwargs={"stop": stop, "today": TODAY, "settle": 0.05, "interval": 0.1, "told": told.append, "options": OPTIONS},
    )
    share.drop("一分公司/a.docx", "form key=k")
    thread.start()
    try:
        wait_until(lambda: sum(len(report.documents) for report in told) == 1)
        share.workspace.inbox.rename(away)
        wait_until(lambda: any(report.trouble for report in told))
        assert not share.workspace.inbox.exists()
        away.rename(share.workspace.inbox)
        share.drop("一分公司/b.docx", "form key=k2")
        wait_until(lambda: sum(len(report.documents) for report in told) == 2)
    finally:
        stop.set()
        thread.join(10)
    assert violations(share.workspace, share.dropped) == []


def wait_until(true, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def interrupted(share, monkeypatch, before: str = "examine") -> None:
    """A run that dies before a stage: `examine`, after the files are recorded; `finish`, after they are decided."""
    stages = flow_stages().Stages

    def power_cut(self, items):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(stages, before, power_cut)
        with pytest.raises(KeyboardInterrupt):
            share.run()


def test_a_spool_that_was_lost_is_made_again_from_the_claimed_file(share, monkeypatch):
    share.drop("一分公司/a.docx", "form key=k")
    interrupted(share, monkeypatch)
    for path in files(share.workspace.spool):
        path.unlink()
    assert list(share.run()) == ["一分公司/a.docx"]
    assert violations(share.workspace, share.dropped) == []


def test_a_recorded_file_that_is_nowhere_is_reported_and_stops_nobody(share, monkeypatch):
    share.drop("一分公司/a.docx", "form key=k")
    interrupted(share, monkeypatch)
    for path in (*files(share.workspace.spool), *files(share.workspace.work)):
        path.unlink()
    share.drop("一分公司/b.docx", "form key=k2")
    assert list(share.run()) == ["一分公司/b.docx"]
    assert [(left.relative, left.reason) for left in share.report.left] == [("一分公司/a.docx", "lost")]
    assert share.report.exit_code is ExitCode.ATTENTION
