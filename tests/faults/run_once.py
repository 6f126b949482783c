"""`run` in a process of its own that a test can kill: arguments are workspace and examiner."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from pipeline import flow
from pipeline.flow.briefing import Options
from pipeline.workspace import Workspace

TODAY = date(2026, 8, 20)


def options(examiner: str) -> Options:
    return Options(settle=0.05, examiner=examiner, paths=(str(Path(__file__).parents[2]),))


if __name__ == "__main__":
    flow.run(Workspace.open(Path(sys.argv[1])), today=TODAY, options=options(sys.argv[2]))
