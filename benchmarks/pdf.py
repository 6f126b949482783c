"""What it costs to read a filled form that was saved as PDF: our reading beside pdfplumber's own extraction.

    python benchmarks/pdf.py [--files 12] [--rounds 3]

The PDFs are forms of the benchmarks printed by LibreOffice. Peer: pdfplumber, the text and the tables of every page.
Ours: the whole document with cells, merges and paragraphs. The same files in one process, alternating; medians.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time

import forms
import pdfplumber

from pipeline.office.convert import to_pdf
from pipeline.office.read import read
from pipeline.settings import Limits


def peer(data: bytes) -> object:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return [(page.extract_text(), page.extract_tables()) for page in document.pages]


def ours(data: bytes) -> object:
    return read(data, Limits())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    forms_of = forms.application_forms(options.files)
    files = list(to_pdf({f"{n}.docx": data for n, data in enumerate(forms_of)}).values())
    times: dict[str, list[float]] = {"pdfplumber": [], "ours": []}
    for turn in range(options.rounds + 1):
        for data in files:
            for name, reader in (("pdfplumber", peer), ("ours", ours)):
                start = time.perf_counter()
                reader(data)
                if turn:  # the first round only warms up
                    times[name].append((time.perf_counter() - start) * 1000)
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"{options.files} forms as PDF, {options.rounds} rounds, median per form")
    for name, value in medians.items():
        print(f"{name:12}{value:8.1f} ms{value / medians['pdfplumber']:8.2f} x pdfplumber")


if __name__ == "__main__":
    main()
