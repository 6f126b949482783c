"""What it costs to read and check a big ledger: a 整改台账 of 10,000 or 100,000 rows in an .xlsx.

    python benchmarks/ledger.py [--rows 10000] [--rounds 3]

Floor: unzip the sheet and the shared strings. Peers: python-calamine `to_python`, openpyxl read_only (every value of
every row). Ours: `office.read` (the document as everybody else sees it), and the whole examination (read, identify,
extract, interpret, check). Every reader runs in a process of its own, all of them in every round, so that a busy
machine slows them alike; seconds are the reader's own (start and imports left out), medians over the rounds, the peak
is that of the whole process. Writes one workbook into a temporary folder and nothing else.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import ledgers

from pipeline.work.limits import collect_seldom

DAY = date(2026, 6, 11)
Reader = Callable[[bytes], object]


def floor(data: bytes) -> object:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return [package.read(name) for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")]


def calamine(data: bytes) -> object:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def openpyxl_read_only(data: bytes) -> object:
    from openpyxl import load_workbook

    sheet = load_workbook(BytesIO(data), read_only=True).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def office_read(data: bytes) -> object:
    from pipeline.office.read import read
    from pipeline.settings import Limits

    document = read(data, Limits())
    if not any(len(grid.rows) >= ledgers.HEAD for grid in document.grids()):
        raise SystemExit("nothing was read: the figure would mean nothing")
    return document


def examination(data: bytes) -> object:
    from pipeline.examine import Desk, examine
    from pipeline.model import Arrival
    from pipeline.office.library import default_templates, load_library
    from pipeline.settings import Settings
    from pipeline.values import Roster

    desk = Desk(load_library(default_templates()), Settings.default(DAY.year), Roster.from_rows([]))
    start = time.perf_counter()
    outcomes = examine(data, Arrival("台账.xlsx", "", DAY), desk, DAY)
    seconds = time.perf_counter() - start
    record = outcomes[0].record
    if outcomes[0].type != ledgers.TYPE or record is None or not record.rows:
        raise SystemExit("the ledger was not read: the figure would mean nothing")
    return seconds


READERS: dict[str, Reader] = {
    "floor: unzip": floor,
    "python-calamine": calamine,
    "openpyxl read_only": openpyxl_read_only,
    "office.read": office_read,
    "whole examination": examination,
}


def alone(label: str, path: Path) -> None:
    """One reader in this process: its seconds and the peak of memory, as JSON."""
    collect_seldom()  # as a worker does
    data = path.read_bytes()
    READERS[label](ledgers.workbook(20))  # imports and first uses
    start = time.perf_counter()
    result = READERS[label](data)
    seconds = result if isinstance(result, float) else time.perf_counter() - start
    sys.stdout.write(json.dumps([seconds, peak_megabytes()]))


def peak_megabytes() -> float:
    """Of this process alone: what `getrusage` says begins with the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(path: Path, rounds: int) -> dict[str, tuple[float, float]]:
    figures: dict[str, list[tuple[float, float]]] = {label: [] for label in READERS}
    for _ in range(rounds):
        for label in READERS:
            command = [sys.executable, __file__, "--alone", label, "--file", str(path)]
            answer = subprocess.run(command, capture_output=True, check=True, text=True).stdout
            seconds, peak = json.loads(answer)
            figures[label].append((seconds, peak))
    return {
        label: (statistics.median(one for one, _ in seen), max(peak for _, peak in seen))
        for label, seen in figures.items()
    }


def show(rows: int, size: int, rounds: int, figures: dict[str, tuple[float, float]]) -> None:
    peer = figures["python-calamine"][0]
    print(f"{rows} rows x {ledgers.COLUMNS} columns, {size / 1e6:.1f} MB, {rounds} rounds, medians")
    print(f"{'':20}{'s':>8}{'x calamine':>12}{'us a row':>10}{'peak MB':>9}")
    for label, (seconds, peak) in figures.items():
        print(f"{label:20}{seconds:8.2f}{seconds / peer:12.2f}{seconds / rows * 1e6:10.1f}{peak:9.0f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        alone(options.alone, options.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        path.write_bytes(ledgers.workbook(options.rows))
        show(options.rows, path.stat().st_size, options.rounds, measure(path, options.rounds))


if __name__ == "__main__":
    main()
