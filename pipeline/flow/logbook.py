"""The log of a workspace: what the program itself got wrong, for whoever maintains it.

References, error names and places in the program only; never a name, a file name or a value of a document.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "pipeline.log"
_LOG = logging.getLogger("pipeline")
_LOG.addHandler(logging.NullHandler())


@contextmanager
def keep_log(folder: Path) -> Iterator[None]:
    """Keeps the log in `folder` while the block runs: five files of a megabyte at most."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / NAME, maxBytes=1_000_000, backupCount=4, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOG.addHandler(handler)
    try:
        yield
    finally:
        _LOG.removeHandler(handler)
        handler.close()


def defect(reference: str, stage: str, said: Any) -> None:
    """A worker could not do its part for an arrival: `said` is its answer, or the word for how it died."""
    if isinstance(said, dict):
        said = f"{said.get('defect')} at {' '.join(map(str, said.get('at', ())))}"
    _LOG.error("defect reference=%s stage=%s error=%s", reference, stage, said)
