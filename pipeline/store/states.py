"""The states of an arrival and the only ways between them; going back is impossible, also for a late process."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, update

from pipeline.errors import StoreError
from pipeline.store import schema


class State(StrEnum):
    """received: claimed, hashed, recorded. decided: verdict and owed outputs recorded. archived: all written, done."""

    RECEIVED = "received"
    DECIDED = "decided"
    ARCHIVED = "archived"


LEGAL = {State.RECEIVED: (State.DECIDED,), State.DECIDED: (State.ARCHIVED,), State.ARCHIVED: ()}


def advance(connection: Connection, arrival_id: str, old: State, new: State) -> None:
    """Move an arrival on; StoreError when it is not in the state it should be in."""
    if new not in LEGAL[old]:
        raise StoreError(f"登记状态不能从 {old} 变为 {new}。")
    statement = update(schema.arrival).where(schema.arrival.c.id == arrival_id, schema.arrival.c.state == old)
    if connection.execute(statement.values(state=new)).rowcount != 1:
        raise StoreError(f"来件 {arrival_id} 的登记状态已被别的程序改变。请确认同一工作文件夹只有一个程序在运行。")
