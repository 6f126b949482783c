"""What it costs to check a filled Word form: read, identify, extract twice, interpret, check.

    python benchmarks/check_forms.py [--files 100] [--rounds 5]

Peer: python-docx reading the same files (every row, cell, text), nothing checked. Floor: unzip word/document.xml, parse
it with lxml, walk once over rows, cells and texts. All three read the same generated files in the same process, one
after the other for every file, so that a busy machine slows them alike. Medians over all files and rounds.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO

import docx
import forms
from lxml import etree

from pipeline.examine import Desk, examine
from pipeline.model import Arrival, Verdict
from pipeline.office.library import default_templates, load_library
from pipeline.settings import Settings
from pipeline.values import Roster

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAY = date(2026, 8, 24)
Reader = Callable[[bytes], object]


def floor(data: bytes) -> list[list[str]]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    return [["".join(t.text or "" for t in tc.iter(f"{W}t")) for tc in tr.iter(f"{W}tc")] for tr in root.iter(f"{W}tr")]


def python_docx(data: bytes) -> list[list[str]]:
    document = docx.Document(BytesIO(data))
    return [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]


def checker() -> Reader:
    desk = Desk(load_library(default_templates()), Settings.default(DAY.year), Roster.from_rows([]))
    desk.readers(desk.types[forms.TYPE])
    gc.freeze()  # as a worker does
    arrival = Arrival("申请表.docx", "", DAY)

    def check(data: bytes) -> object:
        outcomes = examine(data, arrival, desk, DAY)
        if [outcome.type for outcome in outcomes] != [forms.TYPE] or outcomes[0].verdict is Verdict.UNREADABLE:
            raise SystemExit("the form was not read: the figure would mean nothing")
        return outcomes

    return check


def measure(readers: dict[str, Reader], files: list[bytes], rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {label: [] for label in readers}
    size = len(files) // (rounds + 1)
    for turn in range(rounds + 1):
        for data in files[turn * size : (turn + 1) * size]:  # every file is read once: nothing is remembered of it
            for label, reader in readers.items():
                start = time.perf_counter()
                reader(data)
                if turn:  # the first round only warms up
                    times[label].append((time.perf_counter() - start) * 1000)
    return {label: statistics.median(values) for label, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    readers: dict[str, Reader] = {"floor": floor, "python-docx": python_docx, "pipeline check": checker()}
    medians = measure(readers, forms.application_forms(options.files * (options.rounds + 1)), options.rounds)
    print(f"{options.files} forms, {options.rounds} rounds, median per form")
    print(f"{'':16}{'ms':>8}{'x floor':>9}{'x python-docx':>15}")
    for label, value in medians.items():
        print(f"{label:16}{value:8.2f}{value / medians['floor']:9.1f}{value / medians['python-docx']:15.2f}")


if __name__ == "__main__":
    main()
