"""The registry as an object: opened, brought up to date, and used through transactions.

One process writes at a time (flow.py holds the lock). No file is read, written or parsed inside a transaction.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from pipeline.errors import StoreError
from pipeline.store.engine import open_engine, rehearsal_engine
from pipeline.store.upgrade import bring_up_to_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection as Connection
    from sqlalchemy import Engine


class Registry:
    """A handle on the database; close it (or use `with`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, path: Path) -> Registry:
        """The registry at `path`, made or upgraded when needed; StoreError when that cannot be."""
        return cls._ready(open_engine(path), path)

    @classmethod
    def rehearse(cls, path: Path) -> Registry:
        """A copy in memory: what would happen, without it happening."""
        return cls._ready(rehearsal_engine(path), None)

    @classmethod
    def _ready(cls, engine: Engine, path: Path | None) -> Registry:
        with _complaining():
            bring_up_to_date(engine, path)
        return cls(engine)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One write transaction: everything in the block, or nothing."""
        with _complaining(), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()


@contextmanager
def _complaining() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StoreError(
            f"登记库不能读写（{error.orig}）。请检查磁盘空间、写入权限，以及是否有别的程序占用。"
        ) from error
