"""Bring a registry to this program's revision, with a backup of an older one first.

A registry that is up to date costs one query: alembic is imported only when there is something to do.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from pipeline.errors import StoreError
from pipeline.store.schema import REVISION

MIGRATIONS = Path(__file__).with_name("migrations")


def bring_up_to_date(engine: Engine, path: Path | None) -> None:
    """Apply the missing migrations; `path` is the file to back up before, None for a copy in memory."""
    with engine.connect() as connection:
        found = revision_of(connection)
    if found == REVISION:
        return
    if found > REVISION:
        raise StoreError("登记库是由更新版本的程序建立的，本程序不能使用。请改用新版本的程序。")
    if path is not None and found:
        back_up(path, found)
    _migrate(engine)


def revision_of(connection: Connection) -> str:
    """The revision of a registry, "" for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def back_up(path: Path, label: str) -> Path:
    """A consistent copy of the registry beside it, by SQLite's own backup."""
    folder = path.parent / "backup"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{path.stem}-{label}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}{path.suffix}"
    source, copy = sqlite3.connect(path), sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    return target


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, REVISION)
