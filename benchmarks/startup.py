"""How long a person waits for the program to start: `pipeline --help` and `pipeline check` of one file, cold processes.

    python benchmarks/startup.py [--rounds 15]

The floor is a bare interpreter (`python -c pass`) of the same kind, in the same run, alternating with ours; the peer of
`--help` is a click program that does nothing else. Medians in milliseconds. Writes nothing outside a temporary folder.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import forms

EMPTY_CLICK = "import click\n@click.command()\ndef main(): pass\nmain(['--help'])"


def milliseconds(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    return (time.perf_counter() - start) * 1000


def measure(rounds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        form = forms.application_forms(1)[0]
        (folder / "form.docx").write_bytes(form)
        commands = {
            "bare interpreter (floor)": [sys.executable, "-c", "pass"],
            "click, empty --help": [sys.executable, "-c", EMPTY_CLICK],
            "pipeline --help": [sys.executable, "-m", "pipeline", "--help"],
            "pipeline check, one form": [sys.executable, "-m", "pipeline", "check", "--json", "form.docx"],
        }
        times: dict[str, list[float]] = {label: [] for label in commands}
        for _ in range(rounds):
            for label, command in commands.items():
                times[label].append(milliseconds(command, folder))
    return {label: statistics.median(values) for label, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    medians = measure(parser.parse_args().rounds)
    floor = medians["bare interpreter (floor)"]
    print(f"{'':28}{'ms':>8}{'x floor':>9}")
    for label, value in medians.items():
        print(f"{label:28}{value:8.0f}{value / floor:9.1f}")


if __name__ == "__main__":
    main()
