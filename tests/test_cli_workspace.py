"""The commands on a workspace: from an empty folder to letters, tables and a stopped watch."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.demo.papers import FIRST, MIDDLE_DAY, ROSTER, Paper
from pipeline.errors import ExitCode
from pipeline.office.library import default_templates, load_library
from pipeline.output.blanks import filled
from pipeline.work.limits import Bounds

APPLICATION = MIDDLE_DAY[0]
KEYS = {"file", "sha256", "type", "layout", "verdict", "number", "fields", "rows", "findings", "outputs"}
CELL_KEYS = {"text", "value", "place", "doubt"}
FINDING_KEYS = {"code", "severity", "field", "row", "place", "found", "message"}


def say(capfd, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    out, err = capfd.readouterr()
    return int(left.value.code or 0), out, err


def lines(out: str) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


def written(paper: Paper, **changes: str) -> bytes:
    """The paper as a file, some of its texts changed."""
    dated = {name: text.replace("YEAR", "2026") for name, text in {**paper.fields, **changes}.items()}
    rows = [{name: text.replace("YEAR", "2026") for name, text in row.items()} for row in paper.rows]
    return filled(load_library(default_templates()), paper.type, dated, rows)


def put(path: Path, data: bytes, day: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    noon = datetime.fromisoformat(f"{day}T12:00").timestamp()
    os.utime(path, (noon, noon))
    return path


@pytest.fixture
def workspace(tmp_path, monkeypatch, capfd) -> Path:
    """An initialised workspace with a roster in its inbox; the current folder is inside it."""
    assert say(capfd, "init", "办公室", "--workspace", str(tmp_path))[0] == ExitCode.OK
    root = tmp_path / "办公室"
    put(root / "inbox" / ROSTER.name, written(ROSTER), "2026-08-20")
    monkeypatch.chdir(root)
    return root


def test_init_makes_everything_and_overwrites_nothing(tmp_path, capfd):
    code, out, _ = say(capfd, "init", "办公室", "--workspace", str(tmp_path))
    root = tmp_path / "办公室"
    assert code == ExitCode.OK
    assert {"inbox", "outbox", "archive", "templates", "pipeline.toml"} <= {path.name for path in root.iterdir()}
    assert (root / "outbox" / "空白表" / "党建项目申请表.docx").is_file()
    assert str(root / "pipeline.toml") in out
    (root / "pipeline.toml").write_text('organisation = "甲公司"\n', "utf-8")
    assert say(capfd, "init", str(root))[0] == ExitCode.OK
    assert (root / "pipeline.toml").read_text("utf-8") == 'organisation = "甲公司"\n'


def test_init_names_what_is_new_and_leaves_what_is_there(workspace, capfd):
    blank = workspace / "outbox" / "空白表" / "整改台账.xlsx"
    own = workspace / "outbox" / "空白表" / "党建项目申请表.docx"
    blank.unlink()
    own.write_bytes(b"changed by the office")
    code, out, _ = say(capfd, "init", ".")
    assert code == ExitCode.OK
    assert [Path(line.removeprefix("已写出：")).name for line in out.splitlines()] == ["整改台账.xlsx"]
    assert blank.is_file()
    assert own.read_bytes() == b"changed by the office"
    _, out, err = say(capfd, "init", ".")
    assert not out
    assert "都已经有了" in err


@pytest.mark.parametrize("command", ["init", "demo"])
def test_a_file_is_no_place_for_a_workspace(tmp_path, capfd, command):
    (tmp_path / "a.txt").write_text("a", "utf-8")
    code, out, err = say(capfd, command, "a.txt", "--workspace", str(tmp_path))
    assert code == ExitCode.USAGE
    assert not out
    assert "是文件，这里要写文件夹的名称" in err


def test_the_roster_is_no_form_for_units(workspace, capfd):
    say(capfd, "run", "--today", "2026-08-27")
    assert "组织名册" not in say(capfd, "blank", "--dry-run")[1]
    (line,) = say(capfd, "blank", "组织名册", "--dry-run")[1].splitlines()
    assert line.endswith(str(Path("outbox", "空白表", "组织名册.xlsx")))


def test_tables_and_letters_say_what_is_missing(workspace, capfd):
    say(capfd, "run", "--today", "2026-08-27")
    _, out, err = say(capfd, "table", "党建项目汇总表", "--today", "2026-08-27")
    assert not out
    assert "没有可以汇总的项目" in err
    assert "没有可以签订的项目" in say(capfd, "letters", "党建项目责任书", "--today", "2026-08-27")[2]
    put(workspace / "inbox" / FIRST / "申请表.docx", written(APPLICATION), "2026-08-27")
    say(capfd, "run", "--today", "2026-08-27")
    err = say(capfd, "table", "党建项目汇总表", "--today", "2026-08-27")[2]
    assert "“填表人”、“联系电话”空着" in err
    assert "organisation" in err
    (workspace / "pipeline.toml").write_text(
        'organisation = "甲"\ncontact_person = "乙"\ncontact_phone = "1"\n', "utf-8"
    )
    assert "空着" not in say(capfd, "table", "党建项目汇总表", "--today", "2026-08-27")[2]


def test_init_dry_run_writes_nothing(tmp_path, capfd):
    code, out, _ = say(capfd, "init", "办公室", "--workspace", str(tmp_path), "--dry-run")
    assert code == ExitCode.OK
    assert "将写出" in out
    assert list(tmp_path.iterdir()) == []


def test_a_blank_read_back_is_empty(workspace, capfd):
    code, out, _ = say(capfd, "check", "outbox/空白表/党建项目申请表.docx", "--json", "--today", "2026-08-20")
    (line,) = lines(out)
    assert code == ExitCode.ATTENTION
    assert line["type"] == "党建项目申请表"
    assert {name: cell["text"] for name, cell in line["fields"].items() if cell["text"]} == {}


def test_check_prints_the_contracts_json(tmp_path, capfd):
    good = put(tmp_path / "好.docx", written(APPLICATION), "2026-08-27")
    code, out, err = say(capfd, "check", "--json", "--today", "2026-08-30", str(good))
    (line,) = lines(out)
    assert code == ExitCode.OK
    assert not err
    assert set(line) >= KEYS
    assert line["verdict"] == "accepted"
    assert line["number"] is None
    assert line["fields"]["填表时间"]["value"] == "2026-08-18"
    assert all(set(cell) >= CELL_KEYS for cell in line["fields"].values())


def test_check_takes_the_modification_time_as_arrival(tmp_path, capfd):
    late = put(tmp_path / "晚.docx", written(APPLICATION), "2026-08-29")
    (line,) = lines(say(capfd, "check", "--json", str(late))[1])
    assert [finding["code"] for finding in line["findings"]] == ["late"]
    assert set(line["findings"][0]) >= FINDING_KEYS
    assert "8月27日" in line["findings"][0]["message"]


def test_check_answers_for_every_file(tmp_path, capfd):
    good = put(tmp_path / "好.docx", written(APPLICATION), "2026-08-27")
    cut = put(tmp_path / "断.docx", written(APPLICATION)[:3000], "2026-08-27")
    empty = put(tmp_path / "空.docx", b"", "2026-08-27")
    files = [cut, tmp_path / "没有.docx", empty, tmp_path, good]
    code, out, err = say(capfd, "check", "--json", *map(str, files))
    answered = lines(out)
    assert code == ExitCode.USAGE
    assert [line["file"] for line in answered] == [str(path) for path in files]
    assert [line["verdict"] for line in answered] == ["unreadable"] * 4 + ["accepted"]
    assert [line["findings"][0]["code"] for line in answered if line["findings"]][1::2] == ["no_file", "no_file"]
    assert "没有.docx」不存在" in err


@pytest.fixture
def moody(monkeypatch):
    """Workers that go wrong on some names (tests/faults/reader)."""
    monkeypatch.setattr("pipeline.cli.check.EXAMINER", "tests.faults.reader:make")
    monkeypatch.setattr("pipeline.cli.check.PATHS", (str(Path(__file__).parents[1]),))


def test_a_defect_costs_only_its_own_file(tmp_path, capfd, monkeypatch, moody):
    good = put(tmp_path / "好.docx", written(APPLICATION), "2026-08-27")
    bad = put(tmp_path / "错.docx", written(APPLICATION), "2026-08-27")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, out, err = say(capfd, "check", "--json", str(bad), str(good))
    assert code == ExitCode.DEFECT
    assert [line["verdict"] for line in lines(out)] == ["unreadable", "accepted"]
    assert lines(out)[0]["findings"][0]["code"] == "defect"
    (log,) = tmp_path.glob("pipeline-*.log")
    assert str(log) in err
    assert "ZeroDivisionError\nchild.py:" in log.read_text("utf-8")


def test_files_that_kill_or_hang_keep_nobody_from_an_answer(tmp_path, capfd, monkeypatch, moody):
    monkeypatch.setattr("pipeline.cli.desk.Bounds", lambda: Bounds(seconds=1))
    names = ("死.docx", "好.docx", "停.docx", "也好.docx")
    files = [put(tmp_path / name, written(APPLICATION), "2026-08-27") for name in names]
    start = time.monotonic()
    code, out, _ = say(capfd, "check", "--json", *map(str, files))
    assert code == ExitCode.ATTENTION
    assert [line["verdict"] for line in lines(out)] == ["unreadable", "accepted", "unreadable", "accepted"]
    assert [one["code"] for line in lines(out) for one in line["findings"]] == ["crashed", "timeout"]
    assert time.monotonic() - start < 20


def test_an_interrupted_check_ends_at_once_with_its_workers(tmp_path):
    put(tmp_path / "停.docx", written(APPLICATION), "2026-08-27")
    start = "import pipeline.cli.check as c; c.EXAMINER = 'tests.faults.reader:make'; c.PATHS = (sys.argv.pop(1),)"
    code = f"import sys; {start}; from pipeline.cli import main; main(['check', '停.docx', '停.docx'])"
    command = [sys.executable, "-c", code, str(Path(__file__).parents[1])]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, start_new_session=True) as process:
        time.sleep(2)
        os.killpg(process.pid, signal.SIGINT)
        begin = time.monotonic()
        _, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED, err.decode()
    assert "已中断" in err.decode()
    assert time.monotonic() - begin < 5
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_check_for_people(tmp_path, capfd):
    paper = put(tmp_path / "缺.docx", written(APPLICATION, 项目主要责任人=""), "2026-08-27")
    code, out, _ = say(capfd, "check", str(paper))
    assert code == ExitCode.ATTENTION
    assert "文种：党建项目申请表" in out
    assert "结论：退回修改（必须改正1处）" in out
    assert "1. 【必须改正】" in out
    assert "项目主要责任人" in out


def test_check_inside_a_workspace_uses_its_roster_and_settings(workspace, capfd):
    say(capfd, "run", "--today", "2026-08-20")
    stranger = put(workspace / "外.docx", written(APPLICATION, 立项支部="无名项目部党支部"), "2026-08-27")
    (inside,) = lines(say(capfd, "check", "--json", str(stranger))[1])
    (outside,) = lines(say(capfd, "check", "--json", "--workspace", "outbox", str(stranger))[1])
    assert "unknown_branch" in {finding["code"] for finding in inside["findings"]}
    assert "unknown_branch" not in {finding["code"] for finding in outside["findings"]}


def test_run_then_status_letters_table_and_blank(workspace, capfd):
    put(workspace / "inbox" / FIRST / "申请表.docx", written(APPLICATION), "2026-08-27")
    code, out, err = say(capfd, "run", "--json", "--today", "2026-08-27")
    roster, application = lines(out)
    assert code == ExitCode.OK, err
    assert roster["type"] == "组织名册"
    assert application["file"] == f"inbox/{FIRST}/申请表.docx"
    assert application["number"] == "DJ-2026-YY01-001"
    assert all((workspace / path).is_file() for path in application["outputs"])
    (status,) = lines(say(capfd, "status", "--json", "--today", "2026-08-27")[1])
    assert [(unit["type"], unit["accepted"]) for unit in status["units"]] == [("党建项目申请表", 1)]
    assert "望岳集团第一工程公司" in say(capfd, "status", "--today", "2026-08-27")[1]
    letters = say(capfd, "letters", "党建项目责任书", "--today", "2026-08-28")[1]
    assert "DJ-2026-YY01-001" in letters
    table = lines(say(capfd, "table", "党建项目汇总表", "--json", "--today", "2026-08-28")[1])
    assert all(Path(line["output"]).is_file() for line in table)
    blank = say(capfd, "blank", "党建项目申请表", "整改台账", "--today", "2026-08-28")[1]
    assert (workspace / "outbox" / FIRST / "空白表" / "整改台账.xlsx").is_file()
    assert blank.count("已写出") == 2 * 3


def test_a_prefilled_blank_knows_its_unit(workspace, capfd):
    say(capfd, "run", "--today", "2026-08-27")
    say(capfd, "blank", "整改台账", "--today", "2026-08-28")
    (line,) = lines(say(capfd, "check", "--json", f"outbox/{FIRST}/空白表/整改台账.xlsx")[1])
    assert line["fields"]["单位名称"]["text"] == "望岳集团第一工程公司"
    assert line["fields"]["联系电话"]["text"] == "13900001001"
    assert line["rows"] == []


def test_run_tells_people_what_happened(workspace, capfd):
    put(workspace / "inbox" / FIRST / "申请表.docx", written(APPLICATION, 预期目标=""), "2026-08-27")
    code, out, err = say(capfd, "run", "--today", "2026-08-27")
    assert code == ExitCode.ATTENTION
    assert f"inbox/{FIRST}/申请表.docx" in out
    assert "《党建项目申请表》退回修改（必须改正1处）" in out
    assert "反馈单" in out
    assert "共2个文件：通过1，退回修改1。" in err


def test_dry_run_changes_nothing(workspace, capfd):
    put(workspace / "inbox" / FIRST / "申请表.docx", written(APPLICATION), "2026-08-27")
    before = sorted(path for path in workspace.rglob("*") if ".pipeline" not in path.parts)
    code, out, err = say(capfd, "run", "--dry-run", "--today", "2026-08-27")
    assert code == ExitCode.OK
    assert "申请表.docx" in out
    assert "试运行" in err
    assert sorted(path for path in workspace.rglob("*") if ".pipeline" not in path.parts) == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["letters", "请假条"], ExitCode.USAGE),
        (["table", "请假条"], ExitCode.USAGE),
        (["blank", "请假条"], ExitCode.USAGE),
        (["run", "--workspace", "没有"], ExitCode.STORE),
        (["status", "--workspace", "没有"], ExitCode.STORE),
        (["watch", "--workspace", "没有"], ExitCode.STORE),
    ],
)
def test_what_is_not_there_is_said(workspace, capfd, arguments, code):
    got, out, err = say(capfd, *arguments)
    assert got == code
    assert not out
    assert "没有" in err


def test_broken_settings_name_file_and_line(workspace, capfd):
    (workspace / "pipeline.toml").write_text("[rules]\nlate = 3\n", "utf-8")
    code, _, err = say(capfd, "run", "--today", "2026-08-27")
    assert code == ExitCode.SETTINGS
    assert "pipeline.toml" in err
    assert re.search("第2行：", err)


def test_watch_takes_what_comes_and_stops_when_told(workspace):
    command = [sys.executable, "-m", "pipeline", "watch", "--json", "--today", "2026-08-27"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        put(workspace / "inbox" / FIRST / "申请表.docx", written(APPLICATION), "2026-08-27")
        end = time.monotonic() + 60
        while time.monotonic() < end and not list(workspace.glob(f"outbox/{FIRST}/反馈/*受理回执*")):
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.OK, err.decode()
    assert "申请表.docx" in out.decode()
    assert all(json.loads(line)["verdict"] == "accepted" for line in out.splitlines())
