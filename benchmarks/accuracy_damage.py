"""How well forms and ledgers are read after each kind of damage: a line per damage, over every two-way template.

    python benchmarks/accuracy_damage.py [--seeds 10]

The damages are those of the tests (what people do to a paper before they hand it in), the papers the filled forms and
ledgers that the tests use. A required field that is empty counts as reported: completeness asks for it. Pairs of
damages are what the tests are for. Needs the checkout: the tests are not part of the installed package.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from accuracy import table
from accuracy_judge import Answer, Cell, Json, judge

from pipeline.forms.spec import TypeSpec
from pipeline.model import Extract, Reading
from tests import damage, ledger_damage, part_damage
from tests.damaged_forms import PAPERS, Paper
from tests.test_ledger_damage import BENCHES, Bench

FORM_DAMAGES = (*damage.DAMAGES, *part_damage.PART_DAMAGES)


def form_counts(paper: Paper, change: damage.Damage, source: random.Random) -> Counter[str]:
    fields = _cells(paper.reader.spec, paper.read(change(paper.plain, source, paper.form)))
    return _counted({"type": "", "fields": dict(paper.values)}, [Answer("", fields)])


def ledger_counts(bench: Bench, change: ledger_damage.Damage, source: random.Random) -> Counter[str]:
    """A damage may itself change a text (（1） for 1): wrong is what the tests call wrong, the rest is left out."""
    document = change(bench.plain, bench.spec, source)
    expected = {"type": "", "fields": bench.facts, "rows": bench.records}
    counts = _counted(expected, [_answer(bench.spec, extract) for extract in bench.read(document)])
    counts["wrong"] = len(bench.complaints(document, shifted=True, missing_is_said=True))
    return counts


def _answer(spec: TypeSpec, extract: Extract) -> Answer:
    left_out = any(finding.code.endswith("_left_out") for finding in extract.findings)
    rows = [_cells(spec, row, left_out=left_out) for row in extract.rows]
    return Answer("", _cells(spec, extract.fields), rows, refused=left_out)


def _cells(spec: TypeSpec, readings: Mapping[str, Reading], *, left_out: bool = False) -> dict[str, Cell]:
    needed = {field.name for field in (*spec.fields, *spec.columns) if field.required in ("yes", "stage")}
    return {
        name: Cell(reading.text, reading.doubt, not reading.text and (name in needed or left_out))
        for name, reading in readings.items()
    }


def _counted(expected: Json, answers: list[Answer]) -> Counter[str]:
    return judge(expected, answers) + Counter(files=1)


def of_forms(seeds: int) -> dict[str, Counter[str]]:
    groups: dict[str, Counter[str]] = {}
    for one in FORM_DAMAGES:
        runs = [form_counts(paper, one, random.Random(seed)) for paper in PAPERS for seed in range(seeds)]
        groups[one.__name__] = sum(runs, Counter())
    return groups


def of_ledgers(seeds: int) -> dict[str, Counter[str]]:
    groups: dict[str, Counter[str]] = {}
    for one in ledger_damage.DAMAGES:
        runs = [ledger_counts(bench, one, random.Random(seed)) for bench in BENCHES.values() for seed in range(seeds)]
        groups[one.__name__] = sum(runs, Counter())
    return groups


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args()
    forms, ledgers = of_forms(options.seeds), of_ledgers(options.seeds)
    table("forms, per damage", {**forms, "all": sum(forms.values(), Counter())})
    table("ledgers, per damage", {**ledgers, "all": sum(ledgers.values(), Counter())})


if __name__ == "__main__":
    main()
