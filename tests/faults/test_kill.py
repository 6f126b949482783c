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

from pipeline.workspace import Workspace
from tests.faults.invariants import files, violations

HERE = Path(__file__).parent
SMALL = "tests.faults.examiner:make"
KILLS = 20


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


def test_twenty_kills_lose_double_or_leave_nothing(tmp_path):
    dropped = sixty_files()
    trial = Workspace.create(tmp_path / "trial")
    put(trial, dropped)
    span = took(trial, SMALL)
    assert violations(trial, dropped) == []

    seed = random.randrange(10**6)
    moments = random.Random(seed)
    workspace = Workspace.create(tmp_path / "党建")
    put(workspace, dropped)
    hit = 0
    for _ in range(KILLS):
        process = start(workspace, SMALL)
        time.sleep(moments.uniform(0.25, 0.95) * span)
        hit += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stderr.close()
        if not files(workspace.inbox) and not files(workspace.work):
            again = {
                f"一分公司/再{hit}/{Path(where).name}": data + f" {hit}".encode() for where, data in dropped.items()
            }
            put(workspace, again)
            dropped |= again
    finished(start(workspace, SMALL))
    assert hit >= KILLS // 2, "the kills came too late to prove anything"
    assert violations(workspace, dropped) == [], f"seed {seed}"


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
