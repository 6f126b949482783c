"""The registry: schema and migrations, decisions, the chain of events, the journal, durable publishing."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from pipeline.errors import StoreError
from pipeline.model import Verdict
from pipeline.store import arrivals, durable, events, journal, outputs, schema, submissions, upgrade
from pipeline.store.arrivals import Received
from pipeline.store.decide import Case, Form, decide
from pipeline.store.engine import wal_is_safe
from pipeline.store.progress import progress_between
from pipeline.store.registry import Registry
from pipeline.store.states import LEGAL, State, advance

TODAY = date(2026, 8, 20)
YESTERDAY = TODAY - timedelta(1)
NOW = datetime(2026, 8, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def registry():
    with Registry.rehearse(sqlite_file_that_is_not_there()) as found:
        yield found


def sqlite_file_that_is_not_there():
    from pathlib import Path

    return Path("/nonexistent/registry.sqlite3")


def row(n: int, *, unit: str = "一分公司", name: str = "申请表.docx", sha256: str = "") -> Received:
    return Received(
        id=f"{n:032x}", reference=arrivals.reference_of(f"{n * 2654435761:032x}"), unit=unit, path=f"{unit}/{name}",
        name=name, sha256=sha256 or f"{n:064x}", size=10, received_at=NOW, received_on=TODAY, original=f"archive/{n}",
    )  # fmt: skip


def outcome(verdict: str = "accepted", *codes: str, kind: str | None = "申请表", answers: str = "") -> dict:
    findings = [
        {"code": code.partition("@")[0], "severity": "error", "field": code.partition("@")[2] or None, "row": None}
        for code in codes
    ]
    return {"type": kind, "layout": "form", "verdict": verdict, "findings": findings, "answers": answers}


class Office:
    """Hands in one file after another and remembers what was decided."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.count = 0

    def hand_in(self, said: dict, *, key: str = "", prefix: str = "", code: str = "HY01", **where: str):
        self.count += 1
        subject, due = where.pop("subject", key if prefix else ""), where.pop("due", None)
        arrival = row(self.count, **where)
        with self.registry.transaction() as connection:
            arrivals.register(connection, [arrival])
            form = Form(said, key, subject, "项目名称", prefix, code, due)
            case = Case(arrival, 0, form, TODAY, lambda prefix, unit, n: f"{prefix}-2026-{unit}-{n:03d}")
            return decide(connection, [case])[0], arrival

    def active(self):
        with self.registry.transaction() as connection:
            query = select(schema.submission.c.id).where(schema.submission.c.active)
            return list(connection.execute(query).scalars())


@pytest.fixture
def office(registry):
    return Office(registry)


def test_migrations_make_exactly_the_schema(tmp_path):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    path = tmp_path / "registry.sqlite3"
    with Registry.open(path) as found, found.transaction() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
        indexes = connection.execute(text("SELECT name FROM sqlite_master WHERE type='index'")).scalars()
        assert {index.name for table in schema.metadata.tables.values() for index in table.indexes} <= set(indexes)
    assert ScriptDirectory(str(upgrade.MIGRATIONS)).get_current_head() == schema.REVISION


def test_an_up_to_date_registry_opens_without_alembic(tmp_path):
    import subprocess
    import sys

    path = tmp_path / "registry.sqlite3"
    Registry.open(path).close()
    program = (
        "import sys; from pathlib import Path; from pipeline.store.registry import Registry;"
        f"Registry.open(Path({str(path)!r})).close(); print('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "False\n"


def test_an_older_registry_is_backed_up_before_it_is_upgraded(tmp_path, monkeypatch):
    path = tmp_path / "registry.sqlite3"
    with Registry.open(path) as found, found.transaction() as connection:
        arrivals.register(connection, [row(1)])
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    tried = []
    monkeypatch.setattr(upgrade, "_migrate", tried.append)
    Registry.open(path).close()
    (backup,) = (tmp_path / "backup").iterdir()
    assert len(tried) == 1
    assert sqlite3.connect(backup).execute("SELECT count(*) FROM arrival").fetchone() == (1,)


def test_the_first_registry_is_upgraded_with_everything_in_it(tmp_path, monkeypatch):
    path = tmp_path / "registry.sqlite3"
    with monkeypatch.context() as patch:
        patch.setattr(upgrade, "REVISION", "0001")
        with Registry.open(path) as found, found.transaction() as connection:
            arrivals.register(connection, [row(1), row(2)])
            outputs.owe(connection, [outputs.Owed(row(1).id, "slip", "outbox/甲", (0,), {"a": "b"})])
            assert upgrade.revision_of(connection) == "0001"
    with Registry.open(path) as found, found.transaction() as connection:
        assert upgrade.revision_of(connection) == schema.REVISION
        assert set(arrivals.known(connection, [row(1).id, row(2).id])) == {row(1).id, row(2).id}
        assert [one.path for one in outputs.owed(connection, [row(1).id])[row(1).id]] == ["outbox/甲"]
        names = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type='index'")).scalars())
        assert {"output_unwritten", "event_learned"} <= names
    assert len(list((tmp_path / "backup").iterdir())) == 1


def test_a_registry_of_a_later_program_is_refused(tmp_path):
    path = tmp_path / "registry.sqlite3"
    with Registry.open(path) as found, found.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="更新版本"):
        Registry.open(path)


def test_a_file_that_is_no_registry_is_refused(tmp_path):
    path = tmp_path / "registry.sqlite3"
    path.write_text("no database" * 1000)
    with pytest.raises(StoreError, match="登记库"):
        Registry.open(path)


def test_commits_are_durable_and_chinese_stays_chinese(tmp_path):
    path = tmp_path / "registry.sqlite3"
    with Registry.open(path) as found, found.transaction() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() in ("truncate", "wal")
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        arrivals.register(connection, [row(1)])
        notice = {"单位": "一分公司"}
        outputs.owe(connection, [outputs.Owed(row(1).id, "slip", "outbox/甲", (0,), notice)])
        stored = connection.exec_driver_sql("SELECT notice FROM output_owed").scalar()
        assert "一分公司" in stored


def test_a_second_writer_waits_instead_of_failing(tmp_path):
    import threading

    path = tmp_path / "registry.sqlite3"
    Registry.open(path).close()

    def add(start: int) -> None:
        with Registry.open(path) as found:
            for n in range(start, start + 20):
                with found.transaction() as connection:
                    arrivals.unfinished(connection)
                    arrivals.register(connection, [row(n)])

    threads = [threading.Thread(target=add, args=(start,)) for start in (100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Registry.open(path) as found, found.transaction() as connection:
        assert len(arrivals.unfinished(connection)) == 40


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 9), False), ((3, 50, 6), False),
        ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), False), ((3, 53, 0), True),
    ],
)  # fmt: skip
def test_wal_only_where_it_loses_nothing(version, safe):
    assert wal_is_safe(version) is safe


def test_moments_keep_their_zone(registry):
    beijing = timezone(timedelta(hours=8))
    with registry.transaction() as connection:
        arrivals.register(connection, [Received(**{**_values(row(1)), "received_at": NOW.astimezone(beijing)})])
        (found,) = arrivals.unfinished(connection)
    assert found.received_at == NOW
    assert found.received_at.tzinfo is UTC


def _values(received: Received) -> dict:
    return {name: getattr(received, name) for name in Received.__slots__}


def test_states_go_forward_only(registry):
    with registry.transaction() as connection:
        arrivals.register(connection, [row(1)])
        advance(connection, [row(1).id], State.RECEIVED, State.DECIDED)
        with pytest.raises(StoreError):
            advance(connection, [row(1).id], State.RECEIVED, State.DECIDED)
        advance(connection, [row(1).id], State.DECIDED, State.ARCHIVED)
        assert arrivals.unfinished(connection) == []
    for old in State:
        for new in set(State) - set(LEGAL[old]):
            with registry.transaction() as connection, pytest.raises(StoreError):
                advance(connection, [], old, new)


def test_the_database_itself_refuses_unknown_states(registry):
    with pytest.raises(StoreError), registry.transaction() as connection:
        connection.execute(insert(schema.arrival).values({**_values(row(1)), "state": "lost"}))


def test_references_are_short_unambiguous_and_unique(registry):
    ids = [f"{n:032x}" for n in range(50)]
    with registry.transaction() as connection:
        names = arrivals.free_references(connection, ids)
    assert len(set(names.values())) == 50
    assert all(len(name) == 8 and not set(name) & set("ILOU") for name in names.values())


def test_a_taken_reference_gives_way_to_another(registry):
    one, other = f"{1:032x}", f"{1 << 60 | 1:032x}"  # the same 40 bits
    with registry.transaction() as connection:
        names = arrivals.free_references(connection, [one])
        arrivals.register(connection, [Received(**{**_values(row(1)), "reference": names[one]})])
        assert arrivals.free_references(connection, [other])[other] != names[one]


def test_first_acceptance_gives_the_next_number_of_the_unit(office):
    numbers = [office.hand_in(outcome(), key=f"k{n}", prefix="DJ")[0].number for n in range(3)]
    other = office.hand_in(outcome(), key="k9", prefix="DJ", code="")[0]
    assert numbers == ["DJ-2026-HY01-001", "DJ-2026-HY01-002", "DJ-2026-HY01-003"]
    assert other.number == "DJ-2026-00-001"


def test_types_without_prefix_get_no_number(office):
    assert office.hand_in(outcome(), key="k")[0].number is None


def test_the_same_bytes_twice_are_a_duplicate_that_changes_nothing(office):
    first, arrival = office.hand_in(outcome(), key="k", prefix="DJ", sha256="a" * 64)
    before = office.active()
    second, _ = office.hand_in(outcome(), key="k", prefix="DJ", sha256="a" * 64, name="另存.docx")
    assert second.verdict is Verdict.DUPLICATE
    assert second.outcome["findings"][0]["facts"] == {
        "reference": arrival.reference, "number": first.number, "date": "2026-08-20", "verdict": "accepted",
    }  # fmt: skip
    assert office.active() == before


def test_the_same_bytes_from_another_unit_are_not_a_duplicate(office):
    office.hand_in(outcome(), key="k", sha256="a" * 64)
    decision, _ = office.hand_in(outcome(), key="k", sha256="a" * 64, unit="二分公司")
    assert decision.verdict is Verdict.ACCEPTED


def test_a_returned_file_again_is_a_duplicate_unless_it_now_comes_to_something_else(office):
    office.hand_in(outcome("returned", "missing"), key="k", sha256="a" * 64)
    again, _ = office.hand_in(outcome("returned", "missing"), key="k", sha256="a" * 64)
    better, _ = office.hand_in(outcome("accepted"), key="k", prefix="DJ", sha256="a" * 64)
    assert (again.verdict, better.verdict) == (Verdict.DUPLICATE, Verdict.ACCEPTED)
    assert len(office.active()) == 1


def test_a_correction_is_linked_by_our_own_reference_first(office):
    _, one = office.hand_in(outcome("returned", "missing@甲"), key="k1", name="一.docx")
    office.hand_in(outcome("returned", "missing@甲", "late"), key="k2", name="二.docx")
    fixed, _ = office.hand_in(outcome(answers=one.reference), key="k2", prefix="DJ", name="三.docx")
    assert fixed.progress == (1, 1, 0, 0)
    assert len(office.active()) == 2


def test_a_correction_is_linked_by_key_else_by_name(office):
    office.hand_in(outcome("returned", "missing@甲", "late"), key="k1", name="一.docx")
    by_key, _ = office.hand_in(outcome("returned", "late"), key="k1", name="二.docx")
    assert by_key.progress == (2, 1, 1, 0)
    by_name, _ = office.hand_in(outcome("accepted"), key="", name="二.docx")
    assert by_name.progress == (1, 1, 0, 0)
    assert len(office.active()) == 1


def test_flaws_that_are_new_are_counted_apart(office):
    office.hand_in(outcome("returned", "missing@甲", "missing@乙"), key="k1")
    again, _ = office.hand_in(outcome("returned", "missing@乙", "bad_phone@丙"), key="k1")
    assert again.progress == (2, 1, 1, 1)


@pytest.mark.parametrize(("due", "verdict", "codes"), [(TODAY, "accepted", []), (YESTERDAY, "returned", ["late"])])
def test_a_correction_within_its_days_is_not_late(office, due, verdict, codes):
    office.hand_in(outcome("returned", "missing@甲"), key="k1", due=due)
    corrected, _ = office.hand_in(outcome("returned", "late"), key="k1")
    assert (corrected.verdict, [item["code"] for item in corrected.outcome["findings"]]) == (Verdict(verdict), codes)


def test_a_correction_of_what_was_late_stays_late(office):
    office.hand_in(outcome("returned", "missing@甲", "late"), key="k1", due=TODAY)
    corrected, _ = office.hand_in(outcome("returned", "late"), key="k1")
    assert [item["code"] for item in corrected.outcome["findings"]] == ["late"]


def test_another_unit_cannot_answer_for_us(office):
    _, one = office.hand_in(outcome("returned", "missing"), key="k1")
    stranger, _ = office.hand_in(outcome(answers=one.reference), key="k1", unit="二分公司")
    assert (stranger.progress, stranger.supersedes) == (None, None)
    assert len(office.active()) == 2


def test_an_accepted_name_is_not_linked_to_the_next_file_of_that_name(office):
    office.hand_in(outcome("returned", "late"), key="k1", name="申请表.docx")
    office.hand_in(outcome(), key="k1", prefix="DJ", name="申请表.docx")
    other, _ = office.hand_in(outcome(), key="k2", prefix="DJ", name="申请表.docx")
    assert other.number == "DJ-2026-HY01-002"
    assert other.supersedes is None


def test_a_new_version_keeps_the_number_and_a_faulty_one_displaces_nothing(office):
    first, _ = office.hand_in(outcome(), key="k", prefix="DJ")
    faulty, _ = office.hand_in(outcome("returned", "missing"), key="k", prefix="DJ")
    assert (faulty.number, len(office.active())) == (first.number, 2)
    second, _ = office.hand_in(outcome(), key="k", prefix="DJ")
    assert second.number == first.number
    assert second.progress == (1, 1, 0, 0)
    assert len(office.active()) == 1


def test_the_same_project_elsewhere_is_found_without_telling_whose(office):
    office.hand_in(outcome(), key="k", prefix="DJ")
    decision, _ = office.hand_in(outcome(), key="k", prefix="DJ", unit="二分公司")
    assert decision.verdict is Verdict.RETURNED
    (finding,) = decision.outcome["findings"]
    assert finding["code"] == "duplicate_project"
    assert "一分公司" not in json.dumps(finding, ensure_ascii=False)


def test_two_projects_of_one_unit_may_not_share_a_name_but_a_new_version_may(office):
    first, _ = office.hand_in(outcome(), key="k", prefix="DJ", name="一.docx")
    again, _ = office.hand_in(outcome(), key="k", prefix="DJ", name="二.docx")
    assert (again.verdict, again.number) == (Verdict.ACCEPTED, first.number)
    other, _ = office.hand_in(outcome(), key="another branch", prefix="DJ", name="三.docx", subject="k")
    assert other.verdict is Verdict.RETURNED
    assert other.outcome["findings"][0]["facts"]["note"].startswith("DJ-2026-HY01-001")


def test_a_roster_counts_from_the_office_only(office):
    from_unit, _ = office.hand_in(outcome(kind="组织名册"))
    assert (from_unit.verdict, from_unit.outcome["findings"][0]["code"]) == (Verdict.RETURNED, "wrong_unit")
    for layout in ("old", "new"):
        office.hand_in({**outcome(kind="组织名册"), "layout": layout}, unit="")
    with office.registry.transaction() as connection:
        assert submissions.roster(connection)[1]["layout"] == "new"


def test_two_active_rows_of_the_same_bytes_are_impossible(office):
    office.hand_in(outcome(), key="k")
    with office.registry.transaction() as connection:
        found = {**connection.execute(select(schema.submission)).mappings().one(), "id": 99}
    with pytest.raises(StoreError) as caught, office.registry.transaction() as connection:
        submissions.add(connection, found)
    assert isinstance(caught.value.__cause__, IntegrityError)


FLAWS = st.lists(st.sampled_from(["missing@甲", "missing@乙", "late", "vague"]), max_size=6)


@given(FLAWS, FLAWS)
def test_progress_adds_up(before, after):
    total, mended, left, fresh = progress_between(outcome("returned", *before), outcome("returned", *after))
    assert total == len(before) == mended + left
    assert len(after) == left + fresh
    assert progress_between(outcome("", *before), outcome("", *before)) == (total, 0, total, 0)
    assert progress_between(outcome("", *before), outcome("")) == (total, total, 0, 0)


def test_hints_are_no_flaws_and_rows_are_known_by_their_key():
    def about(row: int, key: str) -> dict:
        return {**outcome("returned", "missing")["findings"][0], "row": row, "row_key": key}

    before = {"findings": [about(3, "问题一"), {**about(4, "x"), "severity": "hint"}]}
    assert progress_between(before, {"findings": [about(7, "问题一")]}) == (1, 0, 1, 0)


def chain_of(registry: Registry, count: int) -> None:
    for n in range(count):
        with registry.transaction() as connection:
            chain = events.Chain(connection, at=NOW, year=2026 + n % 2)
            chain.add("decided", {"n": n})
            chain.add("decided", {"名": "二"})
            chain.save()


def test_events_are_chained(registry):
    chain_of(registry, 3)
    with registry.transaction() as connection:
        found = sorted(
            events.entries_after(connection, 0, 2026) + events.entries_after(connection, 0, 2027), key=lambda one: one.n
        )
    assert [one.n for one in found] == [1, 2, 3, 4, 5, 6]
    previous = events.FIRST
    for one in found:
        assert one.prev == previous
        assert one.hash == events.chained(one.n, previous, one.at, one.kind, one.payload)
        previous = one.hash
    changed = events.chained(found[0].n, found[0].prev, found[0].at, found[0].kind, {"n": 7})
    assert changed != found[0].hash


def test_the_journal_catches_up_whatever_was_torn_off(registry, tmp_path):
    chain_of(registry, 3)

    def place(year):
        return tmp_path / f"{year}.jsonl"

    def catch_up():
        with registry.transaction() as connection:
            missing = journal.missing(connection, place, events.years(connection))
        for year, entries in missing.items():
            journal.append(entries, place(year))

    catch_up()
    whole = place(2026).read_bytes()
    assert [json.loads(line)["n"] for line in whole.splitlines()] == [1, 2, 5, 6]
    for size in range(len(whole)):
        place(2026).write_bytes(whole[:size])
        catch_up()
        assert place(2026).read_bytes() == whole


def test_a_spoilt_journal_is_not_written_on(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"not an event\n")
    with pytest.raises(StoreError, match="归档日志"):
        journal.written(path)


def test_published_files_are_whole_and_never_replaced(tmp_path):
    target = tmp_path / "outbox" / "一分公司" / "单.docx"
    with durable.Folders() as folders:
        folders.make(target.parent, below=tmp_path)
        durable.publish(b"first", target, folders)
        durable.publish(b"second", target, folders)
    assert target.read_bytes() == b"first"
    assert [path.name for path in target.parent.iterdir()] == ["单.docx"]


def test_a_left_over_temporary_file_or_link_is_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    target = tmp_path / "单.docx"
    durable._temporary(target).symlink_to(victim)
    with durable.Folders() as folders:
        durable.publish(b"ours", target, folders)
    assert (victim.read_bytes(), target.read_bytes()) == (b"precious", b"ours")


def test_folders_are_never_made_under_a_root_that_is_gone(tmp_path):
    with durable.Folders() as folders, pytest.raises(FileNotFoundError):
        folders.make(tmp_path / "share" / "outbox" / "甲", below=tmp_path / "share" / "outbox")


def test_a_move_to_the_archive_can_be_repeated(tmp_path):
    source, target = tmp_path / "spool", tmp_path / "original"
    source.write_bytes(b"x")
    with durable.Folders() as folders:
        durable.publish_move(source, target, folders)
        source.write_bytes(b"x")
        durable.publish_move(source, target, folders)
    assert (source.exists(), target.read_bytes()) == (False, b"x")
