"""The pages in docs/ point at what exists, and every picture kept there is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "reading.md"
_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#]+)\)")


def test_every_picture_of_the_page_exists_and_none_is_left_over() -> None:
    shown = {DOCS / target for target in _PICTURE.findall(PAGE.read_text(encoding="utf-8"))}
    assert len(shown) > 12
    assert shown == set((DOCS / "reading").glob("*.png"))


def test_the_page_is_whole() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert not re.findall(r"\{[a-z-]+\}", text)
    assert text.count("读出的") + text.count("问回来的话") == len(_PICTURE.findall(text))


@pytest.mark.parametrize("ending", ["docx", "docm", "dotx", "xlsx", "xlsm", "xls", "et", "doc", "wps", "rtf", "odt",
                                    "ods", "jpg", "png", "tif", "zip", "rar", "7z"])  # fmt: skip
def test_every_format_has_its_line(ending: str) -> None:
    assert f".{ending}" in PAGE.read_text(encoding="utf-8")


def test_links_between_pages_lead_somewhere() -> None:
    pages = [DOCS.parent / "README.md", *DOCS.rglob("*.md")]
    for page in pages:
        for target in _LINK.findall(page.read_text(encoding="utf-8")):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page.name}: {target}"
