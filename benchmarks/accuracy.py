"""How well filled documents are read: right, doubtful, reported, missing, silently wrong, as shares and counts.

    python benchmarks/accuracy.py FOLDER [--no-peers] [--wrong]

FOLDER holds one folder per document type with documents and, beside each, `<name>.expected.json`: the texts a careful
clerk copies from it (`type`, `fields`, `rows`, `variations`, `accept`, `must_report` …). The tables are per type, per
format and per kind of damage (`variations`); the last one sets peers beside ours on the files that they can open,
with the time per file. Ours is `pipeline check --json`, the whole command as a branch runs it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from accuracy_judge import KINDS, Answer, Cell, Json, judge
from accuracy_peers import Peer, answer_of, installed

from pipeline.office.library import default_templates, load_library

SIDE = ".expected.json"
BATCH = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """A document, what it says, and where a copy of it lies under a name that tells nothing."""

    path: Path
    expected: Json
    copy: Path

    @property
    def format(self) -> str:
        """The name's ending; scans apart from PDFs with text."""
        scanned = any("扫描" in word for word in self.expected.get("variations", ()))
        return f"{self.path.suffix[1:]}{'（扫描）' if scanned else ''}"


def collect(folder: Path, work: Path) -> list[Sample]:
    samples = []
    for number, side in enumerate(sorted(folder.rglob(f"*{SIDE}"))):
        expected = json.loads(side.read_text(encoding="utf-8"))
        stem = side.name.removesuffix(SIDE)
        path = next(one for one in side.parent.glob(f"{stem}.*") if one != side)
        copy = work / f"{number:04d}{path.suffix}"
        shutil.copyfile(path, copy)
        if expected.get("received"):
            moment = datetime.fromisoformat(f"{expected['received']}T10:00").timestamp()
            os.utime(copy, (moment, moment))
        samples.append(Sample(path, expected, copy))
    return samples


def ours(samples: list[Sample], work: Path) -> dict[Path, list[Answer]]:
    """Copy → what `pipeline check` says of it."""
    answers: dict[Path, list[Answer]] = defaultdict(list)
    for start in range(0, len(samples), BATCH):
        files = [str(sample.copy) for sample in samples[start : start + BATCH]]
        command = [sys.executable, "-m", "pipeline", "check", "--json", *files]
        output = subprocess.run(command, cwd=work, capture_output=True, check=False).stdout
        for line in output.decode("utf-8").splitlines():
            said = json.loads(line)
            answers[Path(said["file"])].append(_answer(said))
    return answers


def _answer(said: Json) -> Answer:
    asked = {(one["field"], one["row"]) for one in said.get("findings", ()) if one["severity"] != "hint"}
    fields = {name: _cell(cell, (name, None) in asked) for name, cell in (said.get("fields") or {}).items()}
    rows = [
        {name: _cell(cell, bool({(name, number), (None, number)} & asked)) for name, cell in row.items()}
        for number, row in enumerate(said.get("rows") or (), 1)
    ]
    empty = not any(cell.text for cell in fields.values()) and not rows
    return Answer(said.get("type"), fields, rows, refused=empty and (None, None) in asked)


def _cell(cell: Json, said: bool) -> Cell:
    return Cell(cell["text"], cell["doubt"], said)


def table(title: str, groups: dict[str, Counter[str]]) -> None:
    wide = max((width(name) for name in groups), default=0) + 2
    print(f"\n{title}")
    head = "".join(f"{name:>10}" for name in ("files", "type %", "readings", *(f"{kind} %" for kind in KINDS), "wrong"))
    print(" " * wide + head)
    for name, counts in groups.items():
        total = sum(counts[kind] for kind in KINDS)
        shares = "".join(f"{100 * counts[kind] / total:10.2f}" if total else f"{'–':>10}" for kind in KINDS)
        known = 100 * counts["type"] / counts["files"]
        line = f"{counts['files']:10}{known:10.1f}{total:10}{shares}{counts['wrong']:10}"
        print(f"{name}{' ' * (wide - width(name))}{line}")


def width(text: str) -> int:
    """Columns on a terminal."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def grouped(judged: Iterable[tuple[Sample, Counter[str]]], names: object) -> dict[str, Counter[str]]:
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for sample, counts in judged:
        for name in names(sample):  # type: ignore[operator]
            groups[name] += counts
    return dict(sorted(groups.items()))


def compare(samples: list[Sample], said: dict[Path, list[Answer]], peers: list[Peer]) -> None:
    """Peers beside ours, format by format, only on documents of a type we have a template for."""
    types = load_library(default_templates()).types
    known = [sample for sample in samples if sample.expected["type"] in types]
    for suffix in sorted({sample.copy.suffix for sample in known}):
        files = [sample for sample in known if sample.copy.suffix == suffix]
        groups = {"ours": sum((counted(one, said[one.copy]) for one in files), Counter())}
        for peer in (one for one in peers if suffix in one.suffixes):
            total: Counter[str] = Counter()
            times = []
            for sample in files:
                start = time.perf_counter()
                answer = answer_of(peer, sample.copy, types[sample.expected["type"]])
                times.append((time.perf_counter() - start) * 1000)
                total += counted(sample, [answer], plainly=True)
            groups[f"{peer.name} + labels ({statistics.median(times):.0f} ms)"] = total
        table(f"{suffix}: peers on the same files (they are told the type)", groups)


def counted(sample: Sample, answers: list[Answer], *, plainly: bool = False) -> Counter[str]:
    """The counts of a document with the document itself."""
    return judge(sample.expected, answers, plainly=plainly) + Counter(files=1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--wrong", action="store_true", help="name the documents with something silently wrong")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        samples = collect(options.folder, Path(name))
        if not samples:
            parser.error(f"no document with {SIDE} beside it in {options.folder}")
        said = ours(samples, Path(name))
        judged = [(sample, counted(sample, said[sample.copy])) for sample in samples]
        table("per type", grouped(judged, lambda one: [one.expected["type"] or "（其他）"]))
        table("per format", grouped(judged, lambda one: [one.format]))
        table("per damage", grouped(judged, lambda one: one.expected.get("variations", ())))
        table("all", {"all": sum((counts for _, counts in judged), Counter())})
        for sample, counts in judged:
            if options.wrong and counts["wrong"]:
                print("silently wrong:", sample.path.name, counts["wrong"])
        if not options.no_peers:
            compare(samples, said, installed())


if __name__ == "__main__":
    main()
