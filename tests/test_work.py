"""Disposable workers: order, replacement, limits, and documents that kill."""

from __future__ import annotations

import io
import json
import struct
import time
from pathlib import Path

import pytest

from pipeline.work import frames
from pipeline.work.limits import Bounds
from pipeline.work.pool import Pool

TESTS = str(Path(__file__).parents[1])
EXAMINER = "tests.faults.examiner:make"


@pytest.fixture
def ask(tmp_path):
    """Examine contents in a pool; the answers in order."""
    pools = []

    def asked(contents: list[str], *, size: int = 2, seconds: int = 30):
        pool = Pool(size, EXAMINER, bounds=Bounds(seconds, 1 << 30), paths=[TESTS])
        pools.append(pool)
        pool.configure({"roster": {}})
        requests = []
        for n, content in enumerate(contents):
            path = tmp_path / f"{n}"
            path.write_text(content)
            requests.append({"do": "examine", "path": str(path)})
        return pool.map(requests)

    yield asked
    for pool in pools:
        pool.close()


def verdicts(answers) -> list[str]:
    return [
        answer.message["forms"][0]["outcome"]["verdict"] if answer.message else answer.failure for answer in answers
    ]


def test_answers_come_in_the_order_of_the_requests(ask):
    answers = ask([f"form key=k{n}" for n in range(50)])
    assert [answer.message["forms"][0]["key"] for answer in answers] == [f"k{n}" for n in range(50)]


def test_a_killer_is_given_up_and_the_others_are_not_hurt(ask):
    assert verdicts(ask(["form", "die", "form codes=late", "die", "form"])) == [
        "accepted", "crash", "returned", "crash", "accepted",
    ]  # fmt: skip


def test_a_document_that_hangs_is_ended_in_time(ask):
    start = time.monotonic()
    assert verdicts(ask(["sleep", "form"], seconds=1)) == ["timeout", "accepted"]
    assert time.monotonic() - start < 15


def test_a_document_that_eats_memory_is_given_up(ask):
    assert verdicts(ask(["memory", "form"])) == ["memory", "accepted"]


def test_a_defect_is_told_by_its_place_and_never_by_values(ask):
    (answer,) = ask(["defect 身份证 110101199003070000"])
    assert answer.message["defect"] == "RuntimeError"
    assert any(place.startswith("examiner.py:") for place in answer.message["at"])
    assert "1101" not in json.dumps(answer.message)


def test_a_worker_that_cannot_start_fails_every_request_and_nothing_hangs(tmp_path):
    with Pool(1, "no.such.module:make") as pool:
        pool.configure({})
        (answer,) = pool.map([{"do": "examine", "path": str(tmp_path)}])
    assert answer.failure == "crash"


def test_a_new_configuration_reaches_every_worker(tmp_path):
    path = tmp_path / "a"
    path.write_text("form")
    request = {"do": "examine", "path": str(path)}

    def rosters(pool):
        answers = pool.map([request] * 6)
        return {answer.message["forms"][0]["outcome"]["fields"]["roster"]["text"] for answer in answers}

    with Pool(2, EXAMINER, paths=[TESTS]) as pool:
        pool.start()
        pool.configure({"roster": {}})
        assert rosters(pool) == {"null"}
        pool.configure({"roster": {"type": "x"}})
        assert rosters(pool) == {'"x"'}


def test_nothing_to_ask_starts_nobody():
    with Pool(2, EXAMINER) as pool:
        assert pool.map([]) == []
        assert not pool._started


def test_workers_are_replaced_after_a_while(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.work.pool.RETIRE_AFTER", 3)
    path = tmp_path / "a"
    path.write_text("form")
    with Pool(1, EXAMINER, paths=[TESTS]) as pool:
        pool.configure({"roster": {}})
        pool.start()
        first = pool._idle.get()
        pool._idle.put(first)
        assert all(answer.message for answer in pool.map([{"do": "examine", "path": str(path)}] * 7))
        assert first._process.poll() is not None


def test_frames_carry_json_and_bytes_both_ways():
    stream = io.BytesIO()
    frames.send(stream, {"名": ["一", None, 3]}, [b"", b"\x00" * 10])
    stream.seek(0)
    assert frames.receive(stream) == ({"名": ["一", None, 3]}, [b"", b"\x00" * 10])


NONSENSE = [
    b"", b"\x00", struct.pack(">I", 5) + b"ab", struct.pack(">I", 1 << 31), struct.pack(">I", 2) + b"[]",
    struct.pack(">I", 1) + b"x", struct.pack(">I", 29) + b'{"message": {}, "blobs": [9]}',
    struct.pack(">I", 30) + b'{"message": {}, "blobs": [-1]}', struct.pack(">I", 28) + b'{"message": [], "blobs": []}',
    struct.pack(">I", 34) + b'{"message":{},"blobs":[4294967296]}'[:34],
]  # fmt: skip


@pytest.mark.parametrize("data", NONSENSE)
def test_nonsense_from_a_worker_is_the_end_of_it(data):
    with pytest.raises(frames.BrokenFrame):
        frames.receive(io.BytesIO(data))
