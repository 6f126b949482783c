"""What it costs to check a filled Word form: read, identify, extract twice, interpret, check.

    python benchmarks/check_forms.py [--files 100] [--rounds 5]

Peer: python-docx reading the same files (every row, cell, text), nothing checked. Floor: unzip word/document.xml, parse
it with lxml, walk once over rows, cells and texts. All three read the same generated files in the same process, a few
files each in turn: often enough that a busy machine slows them alike, and one form after the other, as a worker does;
what python-docx leaves to the collector is collected before the next one's turn. The lower
fifth's edge over all files and rounds: what else runs on the machine is left out of it, alike for all three.
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
from pipeline.work.limits import collect_seldom

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAY = date(2026, 8, 24)
TOGETHER = 25
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
    collect_seldom()  # as a worker does
    gc.freeze()
    arrival = Arrival("申请表.docx", "", DAY)

    def check(data: bytes) -> object:
        outcomes = examine(data, arrival, desk, DAY)
        if [outcome.type for outcome in outcomes] != [forms.TYPE] or outcomes[0].verdict is Verdict.UNREADABLE:
            raise SystemExit("the form was not read: the figure would mean nothing")
        return outcomes

    return check


def milliseconds(reader: Reader, data: bytes) -> float:
    start = time.perf_counter()
    reader(data)
    return (time.perf_counter() - start) * 1000


def measure(readers: dict[str, Reader], files: list[bytes], rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {label: [] for label in readers}
    size = len(files) // (rounds + 1)
    for turn in range(rounds + 1):
        batch = files[turn * size : (turn + 1) * size]  # every file is read once: nothing is remembered of it
        for few in (batch[at : at + TOGETHER] for at in range(0, size, TOGETHER)):
            for label, reader in readers.items():
                gc.collect()
                taken = [milliseconds(reader, data) for data in few]
                times[label] += taken if turn else []  # the first round only warms up
    return {label: statistics.quantiles(values, n=5)[0] for label, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    readers: dict[str, Reader] = {"floor": floor, "python-docx": python_docx, "pipeline check": checker()}
    figures = measure(readers, forms.application_forms(options.files * (options.rounds + 1)), options.rounds)
    print(f"{options.files} forms, {options.rounds} rounds, 20 % quantile per form")
    print(f"{'':16}{'ms':>8}{'x floor':>9}{'x python-docx':>15}")
    for label, value in figures.items():
        print(f"{label:16}{value:8.2f}{value / figures['floor']:9.1f}{value / figures['python-docx']:15.2f}")


if __name__ == "__main__":
    main()
