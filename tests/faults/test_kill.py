"""kill -9 at random moments of a real run: nothing is lost, doubled or left unanswered."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import ExitCode
from pipeline.forms.writing import row_texts, texts_for
from pipeline.office.docx_fill import fill_docx
from pipeline.office.library import default_templates, load_library
from pipeline.office.xlsx_fill import fill_xlsx
from pipeline.values import Deadline
from pipeline.workspace import Workspace
from tests.faults.invariants import files, violations

HERE = Path(__file__).parent
SMALL = "tests.faults.examiner:make"
TODAY = "2026-08-20"
KILLS = 20


def start_small(workspace: Workspace) -> subprocess.Popen:
    """`flow.run` with the small examiner of these tests: fast, so that the kills fall between the stages."""
    return _start([str(HERE / "run_once.py"), str(workspace.root), SMALL])


def start_real(workspace: Workspace) -> subprocess.Popen:
    """The command itself, as an office starts it."""
    return _start(["-m", "pipeline", "run", "--workspace", str(workspace.root), "--today", TODAY])


def _start(arguments: list[str]) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE.parent), str(HERE.parents[1])))}
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finished(process: subprocess.Popen) -> None:
    _, said = process.communicate(timeout=120)
    assert process.returncode in (ExitCode.OK, ExitCode.ATTENTION), said.decode()


def sixty_small(turn: int) -> dict[str, bytes]:
    """Accepted, returned, returned without a marked copy, unknown, twins within a unit, the same in another unit."""
    dropped = {}
    for n in range(59):
        unit = ("一分公司", "二分公司", "三分公司")[n % 3]
        text = f"form key=k{n} prefix=DJ code=HY0{n % 3} codes={'missing@甲,late' if n % 4 == 1 else ''} 第{n}件 {turn}"
        text += " no copy" if n % 8 == 5 else ""
        dropped[f"{unit}/支部{n % 2}/申请表{n}.docx"] = (f"什么{n} {turn}" if n % 15 == 7 else text).encode()
    dropped["一分公司/另存.docx"] = dropped["一分公司/支部0/申请表0.docx"]
    return dropped


def sixty_real(turn: int) -> dict[str, bytes]:
    """Filled forms and ledgers, right and wrong, a blank one, a broken one, one that is none, and a twin."""
    dropped = {f"{unit_of(n)}/申请表{n}.docx": application(n, turn) for n in range(48)}
    dropped |= {f"{unit_of(n)}/台账{n}.xlsx": ledger(n, turn) for n in range(8)}
    dropped["一分公司/坏.docx"] = application(99, turn)[: 2000 + turn]
    dropped["二分公司/空白.docx"] = application(None, turn)
    dropped["三分公司/通知.docx"] = f"关于第{turn}次例会的通知".encode()
    dropped["一分公司/另存.docx"] = dropped["一分公司/申请表0.docx"]
    return dropped


def unit_of(n: int) -> str:
    return ("一分公司", "二分公司", "三分公司")[n % 3]


LIBRARY = load_library(default_templates())


def application(n: int | None, turn: int) -> bytes:
    """Every fourth without its person, every fifth with sample text left in; None: nothing filled in but the day."""
    spec = LIBRARY.types["党建项目申请表"]
    values: dict[str, object] = {"填表时间": date(2026, 8, 15 + turn % 5)}
    if n is not None:
        values |= {
            "立项支部": f"第{n}项目党支部", "项目主要责任人": None if n % 4 == 1 else "张伟",
            "项目名称": f"攻关{n}之{turn}", "选题": "裂缝多发，必须攻关。", "内容": "成立突击队。",
            "预期目标": "节约XX万元。" if n % 5 == 2 else "节约9万元。",
            "支部委员会意见": "同意申报。", "支部意见日期": date(2026, 8, 20),
        }  # fmt: skip
    return fill_docx(LIBRARY.template(spec.name, "form"), texts_for(spec, values), {})


def ledger(n: int, turn: int) -> bytes:
    """Every second one without the person responsible."""
    spec = LIBRARY.types["整改台账"]
    head = {"单位名称": f"单位{n}", "第一责任人": "李强", "反馈日期": date(2026, 8, 1)}
    task = {
        "序号": 1, "反馈问题": f"记录不规范{turn}", "整改类型": "限期整改", "整改目标": "补齐100%",
        "整改措施": "逐份核查3次",
        "责任部门": "党群部", "责任人": "王芳" if n % 2 else None, "完成时限": Deadline(end=date(2026, 9, 20)),
    }  # fmt: skip
    rows = row_texts(spec, [task])
    return fill_xlsx(LIBRARY.template(spec.name, "xlsx"), texts_for(spec, head), rows)


def put(workspace: Workspace, dropped: dict[str, bytes]) -> None:
    for where, data in dropped.items():
        path = workspace.inbox / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@pytest.mark.parametrize(
    ("files_of", "start"), [(sixty_small, start_small), (sixty_real, start_real)], ids=["small", "real"]
)
def test_kills_lose_double_or_leave_nothing(tmp_path, files_of, start):
    dropped = files_of(0)
    assert len(dropped) == 60
    trial = Workspace.create(tmp_path / "trial")
    put(trial, dropped)
    begin = time.monotonic()
    finished(start(trial))
    span = time.monotonic() - begin
    assert violations(trial, dropped) == []

    seed = random.randrange(10**6)
    moments = random.Random(seed)
    workspace = Workspace.create(tmp_path / "党建")
    put(workspace, dropped)
    hit = tries = 0
    while hit < KILLS and tries < 3 * KILLS:
        tries += 1
        late = not kill_after(start(workspace), moments.uniform(0.2, 0.9) * span)
        hit, span = hit + (not late), span * (0.8 if late else 1)
        if not waiting(workspace):
            dropped |= more(workspace, files_of, tries)
    finished(start(workspace))
    assert hit == KILLS, "the kills came too late to prove anything"
    assert violations(workspace, dropped) == [], f"seed {seed}"


def waiting(workspace: Workspace) -> bool:
    """Whether there is still work to be killed in; what was set aside stays in the inbox for good."""
    return bool(files(workspace.work)) or any("未受理" not in path.parts for path in files(workspace.inbox))


def kill_after(process: subprocess.Popen, seconds: float) -> bool:
    """Whether it was still at work when it was killed."""
    time.sleep(seconds)
    at_work = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    return at_work


def more(workspace: Workspace, files_of: Callable[[int], dict[str, bytes]], turn: int) -> dict[str, bytes]:
    """Another sixty files of the same kinds, so that there is work to be killed in."""
    again = {f"{where.split('/')[0]}/再{turn}/{Path(where).name}": data for where, data in files_of(turn).items()}
    put(workspace, again)
    return again


def test_running_again_changes_nothing(tmp_path):
    dropped = sixty_small(0)
    workspace = Workspace.create(tmp_path / "党建")
    put(workspace, dropped)
    finished(start_small(workspace))

    def state():
        tops = (workspace.inbox, workspace.outbox, workspace.archive)
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for top in tops for path in files(top)}

    before = state()
    finished(start_small(workspace))
    assert state() == before


@pytest.mark.parametrize("broken", ["lost", "doubled", "unanswered", "torn"])
def test_the_invariants_see_what_is_broken(tmp_path, broken):
    dropped = {"一分公司/a.docx": b"form key=k prefix=DJ", "一分公司/b.docx": b"form codes=late"}
    workspace = Workspace.create(tmp_path / "党建")
    put(workspace, dropped)
    finished(start_small(workspace))
    answer = files(workspace.outbox)[0]
    original = files(workspace.archive / "2026" / "原件")[0]
    assert violations(workspace, dropped) == []
    if broken == "lost":
        original.unlink()
    elif broken == "doubled":
        answer.with_name("再来一份.docx").write_bytes(answer.read_bytes())
    elif broken == "unanswered":
        answer.rename(tmp_path / "gone")
    else:
        answer.write_bytes(answer.read_bytes()[:5])
    try:
        assert violations(workspace, dropped)
    except FileNotFoundError:
        assert broken == "unanswered"
