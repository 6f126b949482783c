"""Conversion: a PDF for each document, the fonts told apart, failures said aloud."""

from __future__ import annotations

import os
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from lxml import etree

from pipeline.office import convert

needs_office = pytest.mark.skipif(convert.find_office() is None, reason="LibreOffice is not installed")


def word(text: str) -> bytes:
    document, stream = Document(), BytesIO()
    document.add_paragraph(text)
    document.save(stream)
    return stream.getvalue()


@needs_office
def test_several_documents_each_with_its_own_text() -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    pdfs = convert.to_pdf({"甲 责任书.docx": word("first letter"), "../乙.docx": word("second letter")})
    texts = {}
    for name, data in pdfs.items():
        with pdfplumber.open(BytesIO(data)) as pdf:
            texts[name] = pdf.pages[0].extract_text().strip()
    assert texts == {"甲 责任书.docx": "first letter", "../乙.docx": "second letter"}


@needs_office
def test_a_file_that_is_not_converted_is_named() -> None:
    with pytest.raises(convert.ConversionError, match="坏文件"):
        convert.to_pdf({"坏文件.docx": b"PK\3\4 broken"}, seconds=60)


@needs_office
def test_time_is_limited_and_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, nap = tmp_path / "soffice", f"60.{os.getpid()}"
    office.write_text(f"#!/bin/sh\nsleep {nap} &\nsleep {nap}\n")
    office.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(convert.ConversionError, match="没有完成"):
        convert.to_pdf({"甲.docx": word("x")}, seconds=1)
    running = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True).stdout
    assert f"sleep {nap}" not in running.splitlines()


def test_without_libreoffice_the_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "find_office", lambda: None)
    with pytest.raises(convert.ConversionError, match="LibreOffice"):
        convert.to_pdf({"甲.docx": b""})


def test_every_official_face_has_a_stand_in() -> None:
    path = Path(convert.__file__).with_name("fonts.conf")
    root = etree.parse(str(path), etree.XMLParser(load_dtd=False, no_network=True)).getroot()
    faces = {alias.findtext("family") for alias in root.iter("alias")}
    assert {"宋体", "仿宋", "仿宋_GB2312", "楷体", "黑体", "方正小标宋简体"} <= faces
