"""File names from field values, and files written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.output.names import LIMIT, safe_name, write_whole

FORBIDDEN = set('<>:"/\\|?*') | {chr(code) for code in range(32)}


@given(st.text(max_size=80), st.sampled_from(["", ".docx", "（草稿）.docx"]))
def test_every_text_gives_one_safe_component(text: str, suffix: str) -> None:
    name = safe_name(text, suffix)
    assert name.endswith(suffix)
    assert 0 < len(name.encode()) <= LIMIT
    assert not FORBIDDEN & set(name)
    assert name not in {".", ".."}
    assert not name.startswith((".", " "))
    assert not name.removesuffix(suffix).endswith((" ", "."))


@pytest.mark.parametrize("device", ["CON", "nul", "com1", "LPT9", "COM¹", "aux.2026", "PRN . x"])
def test_device_names_of_windows_are_not_used(device: str) -> None:
    assert safe_name(device, ".docx").startswith("_")


def test_invisible_and_turning_characters_go() -> None:
    assert safe_name("甲\u202e\u200b乙\ufeff") == "甲乙"


def test_written_whole_replaced_whole_and_left_alone_when_equal(tmp_path: Path) -> None:
    path = tmp_path / "甲" / "乙.docx"
    write_whole(path, b"one", below=tmp_path)
    write_whole(path, b"two", below=tmp_path)
    before = path.stat()
    write_whole(path, b"two", below=tmp_path)
    assert path.read_bytes() == b"two"
    assert path.stat().st_ino == before.st_ino
    assert [one.name for one in path.parent.iterdir()] == ["乙.docx"]


def test_a_share_that_is_down_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        write_whole(tmp_path / "gone" / "甲.docx", b"x", below=tmp_path / "gone")
    assert not (tmp_path / "gone").exists()
