"""The states of an arrival and the only ways between them; going back is impossible, also for a late process."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Connection, update

from pipeline.errors import StoreError
from pipeline.store import schema

if TYPE_CHECKING:
    from collections.abc import Sequence


class State(StrEnum):
    """received: claimed, hashed, recorded. decided: verdict and owed outputs recorded. archived: all written, done."""

    RECEIVED = "received"
    DECIDED = "decided"
    ARCHIVED = "archived"


LEGAL = {State.RECEIVED: (State.DECIDED,), State.DECIDED: (State.ARCHIVED,), State.ARCHIVED: ()}


def advance(connection: Connection, arrival_ids: Sequence[str], old: State, new: State) -> None:
    """Move arrivals on; StoreError when one of them is not in the state it should be in."""
    if new not in LEGAL[old]:
        raise StoreError(f"登记状态不能从 {old} 变为 {new}。")
    statement = update(schema.arrival).where(schema.arrival.c.id.in_(arrival_ids), schema.arrival.c.state == old)
    if connection.execute(statement.values(state=new)).rowcount != len(arrival_ids):
        raise StoreError("有来件的登记状态已被别的程序改变。请确认同一工作文件夹只有一个程序在运行。")
