"""A command apart: its limits, its surroundings, and that nothing of it outlives the time or the one who asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.office import apart
from pipeline.office.apart import Ended, run_apart

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and guards need a POSIX system")

GIB = 1 << 30
ROOT = Path(__file__).parents[1]


def python(code: str, folder: Path, *, seconds: float = 20, memory: int = GIB, **more) -> Ended:
    """Run a few lines of Python apart."""
    command = [sys.executable, "-c", code]
    return run_apart(command, seconds=seconds, memory_bytes=memory, folder=folder, **more)


def is_running(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def gone(process: int, *, within: float = 5) -> bool:
    end = time.monotonic() + within
    while is_running(process) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_running(process)


def numbers(path: Path, count: int) -> list[int]:
    """The process numbers in a file, once there are `count` of them."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if path.is_file() and len(found := path.read_text().split()) >= count:
            return [int(number) for number in found]
        time.sleep(0.02)
    raise AssertionError("the command did not start")


FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
stray = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
open("family", "w").write(f"{os.getpid()} {child.pid} {stray.pid} ")
"""


def test_output_input_and_status_come_back(tmp_path):
    code = "import sys; data = sys.stdin.buffer.read(); print(len(data), data[-1:]); sys.exit(3)"
    assert python(code, tmp_path, stdin=b"x" * 5_000_000) == Ended(3, b"5000000 b'x'\n")


def test_a_signal_is_told_as_the_status(tmp_path):
    assert python("import os; os.abort()", tmp_path).status == -signal.SIGABRT


def test_the_surroundings_are_bare(tmp_path, monkeypatch):
    monkeypatch.setenv("TOKEN", "secret")
    code = "import os; print(sorted(os.environ), os.environ['HOME'], os.getcwd(), os.environ['MORE'])"
    said = python(code, tmp_path, environment={"MORE": "1"}).stdout.decode()
    assert "TOKEN" not in said
    assert said.count(str(tmp_path)) == 2


def test_nothing_of_ours_is_open_in_there(tmp_path):
    with (tmp_path / "own").open("w") as own:
        os.set_inheritable(own.fileno(), True)
        open_there = python("import os; print(len(os.listdir('/proc/self/fd')))", tmp_path).stdout
    assert int(open_there) == 4  # three streams and the listing itself


def test_memory_is_bounded(tmp_path):
    code = "b = bytearray({}); print(len(b))"
    assert python(code.format(600 << 20), tmp_path).stdout == b"%d\n" % (600 << 20)
    ended = python(code.format(600 << 20), tmp_path, memory=GIB // 2)
    assert (ended.status, ended.stdout, ended.late) == (1, b"", False)


def test_there_are_limits_for_files_and_no_memory_image(tmp_path):
    code = "import resource as r; print(*(r.getrlimit(k) for k in (r.RLIMIT_CORE, r.RLIMIT_FSIZE, r.RLIMIT_NOFILE)))"
    core, size, files = python(code, tmp_path).stdout.decode().replace("(", "").split(")")[:3]
    assert core == "0, 0"
    assert int(size.split(",")[1]) <= 256 << 20
    assert int(files.split(",")[1]) <= 1024


def test_a_loop_is_ended_by_its_processor_time(tmp_path, monkeypatch):
    monkeypatch.setattr(apart, "_is_late", lambda process, seconds: bool(process.wait()))  # the wall clock stands still
    start = time.monotonic()
    ended = python("import os, threading\nwhile True: pass", tmp_path, seconds=0.5)
    assert ended.status in (-signal.SIGXCPU, -signal.SIGKILL)
    assert time.monotonic() - start < 20


def test_at_the_time_limit_all_of_it_is_ended(tmp_path):
    start = time.monotonic()
    ended = python(FAMILY + "time.sleep(60)", tmp_path, seconds=1)
    assert ended.late
    assert time.monotonic() - start < 8
    assert all(gone(process, within=1) for process in numbers(tmp_path / "family", 3))
    assert [path.name for path in tmp_path.iterdir()] == ["family"]


def test_what_a_finished_command_left_behind_is_ended_too(tmp_path):
    assert python(FAMILY, tmp_path) == Ended(0, b"")
    assert all(gone(process, within=1) for process in numbers(tmp_path / "family", 3))


def test_the_death_of_the_one_who_asked_is_the_end_of_it_and_of_its_folder(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    code = (
        "from pathlib import Path; from pipeline.office.apart import run_apart; import sys\n"
        f"run_apart([sys.executable, '-c', {FAMILY + 'time.sleep(60)'!r}], seconds=60, memory_bytes={GIB},"
        f" folder=Path({str(folder)!r}))"
    )
    asking = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    try:
        family = numbers(folder / "family", 3)
        assert all(is_running(process) for process in family)
    finally:
        asking.kill()
        asking.wait()
    assert all(gone(process) for process in family)
    end = time.monotonic() + 5
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_gives_a_program_more_than_it_has_itself(tmp_path):
    code = (
        "import resource, sys; from pathlib import Path; from pipeline.work import limits\n"
        "from pipeline.office.apart import run_apart\n"
        f"limits.confine(limits.Bounds(60, {GIB // 2}))\n"
        "assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 64\n"
        "try:\n    bytearray(600 << 20)\nexcept MemoryError:\n    pass\nelse:\n    sys.exit('unbounded')\n"
        "ended = run_apart([sys.executable, '-c', 'print(len(bytearray(600 << 20)))'], seconds=20,"
        f" memory_bytes={2 * GIB}, folder=Path({str(tmp_path)!r}))\n"
        "sys.exit(ended.stdout != b'%d\\n' % (600 << 20))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_program_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        run_apart(["no-such-program"], seconds=1, memory_bytes=GIB, folder=tmp_path)


def test_output_is_cut_at_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(apart, "OUTPUT_BYTES", 10)
    assert python("print('x' * 100)", tmp_path).stdout == b"x" * 10
