"""kill -9 at random moments of a real run: nothing is lost, doubled or left unanswered."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.flow.briefing import EXAMINER
from pipeline.office.docx_fill import fill_docx
from pipeline.office.library import default_templates, load_library
from pipeline.office.xlsx_fill import fill_xlsx
from pipeline.workspace import Workspace
from tests.faults.invariants import files, violations

HERE = Path(__file__).parent
SMALL = "tests.faults.examiner:make"


def start(workspace: Workspace, examiner: str) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE.parent), str(HERE.parents[1])))}
    command = [sys.executable, str(HERE / "run_once.py"), str(workspace.root), examiner]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finished(process: subprocess.Popen) -> None:
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said.decode()


def sixty_files() -> dict[str, bytes]:
    """Accepted, returned, unknown, twins within a unit, the same in another unit."""
    dropped = {}
    for n in range(60):
        unit = ("一分公司", "二分公司", "三分公司")[n % 3]
        text = f"form key=k{n} prefix=DJ code=HY0{n % 3} codes={'missing@甲,late' if n % 4 == 1 else ''} 第{n}件"
        dropped[f"{unit}/支部{n % 2}/申请表{n}.docx"] = ("什么" + str(n) if n % 15 == 7 else text).encode()
    dropped["一分公司/另存.docx"] = dropped["一分公司/支部0/申请表0.docx"]
    del dropped["三分公司/支部1/申请表59.docx"]
    return dropped


def put(workspace: Workspace, dropped: dict[str, bytes]) -> None:
    for where, data in dropped.items():
        path = workspace.inbox / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def took(workspace: Workspace, examiner: str) -> float:
    """How long an undisturbed run over these files takes here and now."""
    begin = time.monotonic()
    finished(start(workspace, examiner))
    return time.monotonic() - begin


def real_files() -> dict[str, bytes]:
    """Filled application forms, a ledger that is blank, and a file that is none."""
    library = load_library(default_templates())
    blank, tables = library.template("党建项目申请表", "form"), library.template("整改台账", "xlsx")
    nothing = {name: dict.fromkeys((field.name for field in spec.fields), "") for name, spec in library.types.items()}
    dropped = {"一分公司/空白.xlsx": fill_xlsx(tables, nothing["整改台账"], {}), "一分公司/坏.docx": blank[:2000]}
    for n in range(12):
        texts = {"项目名称": f"节能降耗第{n}项", "立项支部": f"第{n}党支部", "项目主要责任人": "张伟" if n % 2 else ""}
        where = f"{'一二'[n % 2]}分公司/申请表{n}.docx"
        dropped[where] = fill_docx(blank, nothing["党建项目申请表"] | texts, {})
    return dropped


@pytest.mark.parametrize(
    ("files_of", "examiner", "kills"), [(sixty_files, SMALL, 20), (real_files, EXAMINER, 5)], ids=["small", "real"]
)
def test_kills_lose_double_or_leave_nothing(tmp_path, files_of, examiner, kills):
    dropped = files_of()
    trial = Workspace.create(tmp_path / "trial")
    put(trial, dropped)
    span = took(trial, examiner)
    assert violations(trial, dropped) == []

    seed = random.randrange(10**6)
    moments = random.Random(seed)
    workspace = Workspace.create(tmp_path / "党建")
    put(workspace, dropped)
    hit = tries = 0
    while hit < kills and tries < 2 * kills:
        tries += 1
        late = not kill_after(start(workspace, examiner), moments.uniform(0.25, 0.95) * span)
        hit, span = hit + (not late), span * (0.8 if late else 1)
        if not files(workspace.inbox) and not files(workspace.work):
            dropped |= more(workspace, files_of(), tries)
    finished(start(workspace, examiner))
    assert hit >= kills // 2, "the kills came too late to prove anything"
    assert violations(workspace, dropped) == [], f"seed {seed}"


def kill_after(process: subprocess.Popen, seconds: float) -> bool:
    """Whether it was still at work when it was killed."""
    time.sleep(seconds)
    at_work = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    return at_work


def more(workspace: Workspace, dropped: dict[str, bytes], turn: int) -> dict[str, bytes]:
    """The same files again, each different by a few bytes."""
    again = {f"一分公司/再{turn}/{Path(where).name}": data + f" {turn}".encode() for where, data in dropped.items()}
    put(workspace, again)
    return again


def test_running_again_changes_nothing(tmp_path):
    dropped = sixty_files()
    workspace = Workspace.create(tmp_path / "党建")
    put(workspace, dropped)
    finished(start(workspace, SMALL))

    def state():
        tops = (workspace.inbox, workspace.outbox, workspace.archive)
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for top in tops for path in files(top)}

    before = state()
    finished(start(workspace, SMALL))
    assert state() == before


@pytest.mark.parametrize("broken", ["lost", "doubled", "unanswered", "torn"])
def test_the_invariants_see_what_is_broken(tmp_path, broken):
    dropped = {"一分公司/a.docx": b"form key=k prefix=DJ", "一分公司/b.docx": b"form codes=late"}
    workspace = Workspace.create(tmp_path / "党建")
    put(workspace, dropped)
    finished(start(workspace, SMALL))
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
