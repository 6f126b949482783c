"""How files come in: names, listing, settling, claiming, the snapshot, and what is owed in return."""

from __future__ import annotations

import hashlib
import os
import threading
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import filenames
from pipeline.errors import StoreError
from pipeline.intake import answers, claim, lease, wording
from pipeline.intake.listing import Left, batches, list_inbox
from pipeline.intake.settle import Look, SettleTracker
from pipeline.intake.spool import Unsettled, digest_of, snapshot, sweep
from pipeline.model import Verdict
from pipeline.store.arrivals import Received
from pipeline.store.decide import Decision
from pipeline.store.durable import Folders
from pipeline.store.events import Entry
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC)
TODAY = NOW.astimezone().date()


@pytest.fixture
def workspace(tmp_path):
    return Workspace.create(tmp_path / "党建", units=["一分公司", "二分公司"])


def drop(workspace: Workspace, where: str, content: bytes = b"form") -> Path:
    path = workspace.inbox / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def take(workspace: Workspace, *where: str) -> list[claim.Claimed]:
    wanted = [seen for seen in list_inbox(workspace.inbox).files if seen.relative.as_posix() in where]
    return claim.claim(workspace, wanted, now=NOW, today=TODAY)[0]


DEBRIS = [
    "~$申请表.docx", ".~申请表.docx", "~.申请.docx", "~WRL0001.tmp", "~WRD0000.tmp", "a.tmp", "a.crdownload", "a.part",
    "a.filepart", ".syncthing.申请表.docx.tmp", "~syncthing~a.tmp", "._申请表.docx", ".DS_Store", "Thumbs.db",
    "desktop.ini", "申请表.lnk", ".intake-id", ".gitkeep",
]  # fmt: skip


@pytest.mark.parametrize("name", DEBRIS)
def test_debris_is_never_a_submission(workspace, name):
    drop(workspace, f"一分公司/{name}")
    drop(workspace, "一分公司/申请表.docx")
    listing = list_inbox(workspace.inbox)
    assert [seen.relative.name for seen in listing.files] == ["申请表.docx"]
    assert listing.left == ()


@pytest.mark.parametrize(
    "name", ["申请表.docx", "申请表~.docx", "部分.docx", "part.docx", "临时.tmp.docx", "1.2.3.xlsx"]
)
def test_honest_names_are_taken_as_they_are(workspace, name):
    drop(workspace, f"一分公司/{name}")
    (seen,) = list_inbox(workspace.inbox).files
    assert (filenames.shown(name), seen.unit) == (name, "一分公司")


def test_the_unit_is_the_folder_and_the_office_comes_first(workspace):
    for where in ("一分公司/三支部/申请表.docx", "二分公司/b.docx", "组织名册.xlsx"):
        drop(workspace, where)
    files = list_inbox(workspace.inbox).files
    assert [(seen.unit, seen.relative.as_posix()) for seen in files] == [
        ("", "组织名册.xlsx"),
        ("一分公司", "一分公司/三支部/申请表.docx"),
        ("二分公司", "二分公司/b.docx"),
    ]
    assert [len(batch) for batch in batches(files)] == [1, 2]


def test_links_pipes_and_shared_files_are_named_and_never_opened(workspace, tmp_path):
    secret = tmp_path / "secret.docx"
    secret.write_bytes(b"secret")
    unit = workspace.inbox / "一分公司"
    (unit / "链接.docx").symlink_to(secret)
    (unit / "文件夹").symlink_to(tmp_path)
    os.mkfifo(unit / "管道.docx")
    os.link(secret, unit / "硬链接.docx")
    listing = list_inbox(workspace.inbox)
    assert listing.files == ()
    assert {(left.relative, left.reason) for left in listing.left} == {
        ("一分公司/链接.docx", "link"),
        ("一分公司/文件夹", "link"),
        ("一分公司/管道.docx", "special"),
        ("一分公司/硬链接.docx", "hardlink"),
    }
    assert all(wording.left(left.reason) for left in listing.left)


def test_folders_that_are_ours_are_not_units(workspace):
    drop(workspace, "一分公司/未受理/旧.docx")
    drop(workspace, "未受理/旧.docx")
    drop(workspace, "待办/x.docx")
    listing = list_inbox(workspace.inbox)
    assert listing.files == ()
    assert listing.left == (Left("待办", "folder_name"),)


def test_a_share_that_is_down_is_an_error_not_an_empty_inbox(workspace):
    (workspace.inbox / "一分公司").rmdir()
    (workspace.inbox / "二分公司").rmdir()
    workspace.inbox.rmdir()
    with pytest.raises(StoreError, match="收件箱"):
        list_inbox(workspace.inbox)
    with pytest.raises(StoreError, match="inbox"):
        Workspace.open(workspace.root)
    assert not workspace.inbox.exists()


LOOK = Look(1, 100, 5, 6)
LOOKS = st.builds(Look, *[st.integers(0, 2)] * 4)


def test_a_file_settles_when_it_looks_the_same_for_long_enough():
    tracker: SettleTracker[str] = SettleTracker(2.0)
    assert tracker.settled({"a": LOOK}, 10.0) == []
    assert tracker.settled({"a": LOOK}, 11.9) == []
    assert tracker.settled({"a": LOOK}, 12.0) == ["a"]


@pytest.mark.parametrize("changed", [Look(2, 100, 5, 6), Look(1, 101, 5, 6), Look(1, 100, 9, 6), Look(1, 100, 5, 9)])
def test_any_change_starts_the_wait_again(changed):
    tracker: SettleTracker[str] = SettleTracker(2.0)
    tracker.settled({"a": LOOK}, 10.0)
    assert tracker.settled({"a": changed}, 12.0) == []
    assert tracker.settled({"a": changed}, 14.0) == ["a"]


def test_a_file_that_was_gone_starts_anew():
    tracker: SettleTracker[str] = SettleTracker(2.0)
    tracker.settled({"a": LOOK}, 10.0)
    tracker.settled({}, 11.0)
    assert tracker.settled({"a": LOOK}, 12.0) == []


@given(st.lists(st.tuples(LOOKS, st.floats(0, 3)), min_size=1, max_size=20))
def test_settled_means_unchanged_for_the_whole_time(steps):
    tracker: SettleTracker[str] = SettleTracker(2.0)
    now, history = 0.0, []
    for look, pause in steps:
        now += pause
        history.append((now, look))
        since = now
        for moment, earlier in reversed(history):
            if earlier != look:
                break
            since = moment
        assert bool(tracker.settled({"a": look}, now)) is (now - since >= 2.0)


def test_of_several_takers_each_file_goes_to_one(workspace):
    for n in range(200):
        drop(workspace, f"一分公司/{n}.docx")
    files = list_inbox(workspace.inbox).files
    taken: list[claim.Claimed] = []
    takers = [
        threading.Thread(target=lambda: taken.extend(claim.claim(workspace, files, now=NOW, today=TODAY)[0]))
        for _ in range(4)
    ]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert sorted(item.relative.name for item in taken) == sorted(f"{n}.docx" for n in range(200))
    assert len(claim.adopt(workspace)) == 200
    assert list_inbox(workspace.inbox).files == ()


def test_a_claim_says_everything_by_its_path(workspace):
    drop(workspace, "一分公司/三支部/申请表.docx", b"bytes")
    (item,) = take(workspace, "一分公司/三支部/申请表.docx")
    (adopted,) = claim.adopt(workspace)
    assert adopted == item
    assert (item.unit, item.relative.as_posix()) == ("一分公司", "一分公司/三支部/申请表.docx")
    assert (item.received_on, item.received_at) == (TODAY, NOW.replace(microsecond=0))
    assert item.path.read_bytes() == b"bytes"


def test_an_empty_claim_of_a_killed_process_is_removed(workspace):
    home = workspace.work / "local" / f"{TODAY:%Y%m%d}-20260820T000000Z-{'0' * 32}" / "一分公司"
    home.mkdir(parents=True)
    assert claim.adopt(workspace) == []
    assert list((workspace.work / "local").iterdir()) == []


def test_a_file_that_is_still_open_for_writing_is_left(workspace):
    path = drop(workspace, "一分公司/大表.xlsx")
    with path.open("ab"):
        assert lease.is_open_for_writing(path)
        taken, left = claim.claim(workspace, list_inbox(workspace.inbox).files, now=NOW, today=TODAY)
    assert (taken, left) == ([], [Left("一分公司/大表.xlsx", "busy")])
    assert not lease.is_open_for_writing(path)
    assert [item.relative.name for item in take(workspace, "一分公司/大表.xlsx")] == ["大表.xlsx"]


def test_a_file_goes_back_only_to_a_free_name(workspace):
    drop(workspace, "一分公司/a.docx", b"old")
    (item,) = take(workspace, "一分公司/a.docx")
    new = drop(workspace, "一分公司/a.docx", b"new")
    with Folders() as folders:
        claim.put_back(item, workspace.inbox, folders)
        assert (new.read_bytes(), item.path.read_bytes()) == (b"new", b"old")
        new.unlink()
        claim.put_back(item, workspace.inbox, folders)
    assert new.read_bytes() == b"old"
    assert claim.adopt(workspace) == []


def test_the_day_of_arrival_is_when_the_file_was_put_there(workspace):
    path = drop(workspace, "一分公司/a.docx")
    os.utime(path, (0, 0))  # a copy keeps its old date
    (seen,) = list_inbox(workspace.inbox).files
    later = NOW + timedelta(days=3)
    assert claim.arrival_day(seen, NOW, TODAY) == TODAY
    assert claim.arrival_day(seen, later, later.astimezone().date()) == TODAY
    assert claim.arrival_day(seen, NOW, date(2026, 8, 20)) == date(2026, 8, 20)


@pytest.mark.parametrize("content", [b"", b"x", os.urandom(3 << 20)])
def test_a_snapshot_is_the_file_and_its_hash(tmp_path, content):
    source, target = tmp_path / "a.docx", tmp_path / "spool"
    source.write_bytes(content)
    with Folders() as folders:
        copy = snapshot(source, target, folders)
    assert target.read_bytes() == content
    assert copy.sha256 == hashlib.sha256(content).hexdigest() == digest_of(target)
    assert copy.size == len(content)


def test_no_snapshot_is_a_mixture_of_two_versions(tmp_path):
    source, stop = tmp_path / "a.docx", threading.Event()
    versions = [bytes([n]) * 400_000 for n in (65, 66)]
    source.write_bytes(versions[0])

    def rewrite() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            with source.open("r+b") as stream:
                stream.write(versions[n % 2])
            os.utime(source, ns=(1, 1))

    writer = threading.Thread(target=rewrite)
    writer.start()
    mixed = whole = refused = 0
    try:
        for n in range(60):
            try:
                with Folders() as folders:
                    snapshot(source, tmp_path / f"{n}", folders)
            except Unsettled:
                refused += 1
            else:
                found = (tmp_path / f"{n}").read_bytes()
                whole, mixed = whole + (found in versions), mixed + (found not in versions)
    finally:
        stop.set()
        writer.join()
    assert mixed == 0
    assert whole + refused == 60


def test_a_link_is_not_followed_by_the_snapshot(tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    with Folders() as folders, pytest.raises(OSError, match="symbolic"):
        snapshot(tmp_path / "link", tmp_path / "copy", folders)


def test_torn_copies_are_swept(tmp_path):
    (tmp_path / "abc.part").write_bytes(b"half")
    (tmp_path / "abc").write_bytes(b"whole")
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["abc"]


@given(st.text(st.characters(exclude_characters="/\x00"), min_size=1, max_size=60))
def test_shown_names_are_harmless_and_stay_so(name):
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return
    text = filenames.shown(name)
    text.encode()
    assert text
    assert not set(text) & set('<>:"/\\|?*\n\r\t\u202e\u200b')
    assert text[-1] not in ". "
    assert filenames.shown(text) == text


@pytest.mark.parametrize("name", ["CON", "nul.tar.gz", "COM1.docx", "lpt¹", "Com0", "CONIN$"])
def test_names_that_windows_reserves_get_another_beginning(name):
    assert filenames.shown(name) == f"_{name}"


def test_names_of_a_chinese_windows_are_read():
    assert filenames.shown(os.fsdecode("申请表.docx".encode("gbk"))) == "申请表.docx"


def test_bytes_that_are_no_text_can_be_shown():
    assert "�" in filenames.shown(os.fsdecode(b"\xff\xfe\xff.docx"))


@given(st.text("申请表a.é𠀀", min_size=1, max_size=255), st.sampled_from(["_反馈单_ABCDEFGH.docx", ".x"]))
def test_built_names_fit_and_keep_their_tail(stem, tail):
    name = filenames.built(stem, tail, head="20260820-")
    assert len(name.encode()) <= 255
    assert name.startswith("20260820-")
    assert name.endswith(tail)


def decided(*verdicts: Verdict, unit: str = "一分公司", name: str = "申请表.docx", flaws: int = 1, kind: str = "docx"):
    finding = {"code": "missing", "severity": "error", "field": None}
    decisions = tuple(
        Decision(n, TODAY, verdict, {"verdict": verdict, "findings": [finding] * flaws}, number="DJ-1", due=TODAY)
        for n, verdict in enumerate(verdicts)
    )
    arrival = Received("0" * 32, "ABCDEFGH", unit, f"{unit}/{name}", name, "0" * 64, 1, NOW, TODAY, "archive/x")
    return answers.Decided(arrival, decisions, Entry(7, NOW, 2026, "decided", {}, "0", "f" * 64), kind)


OFFICE = answers.Office("某公司", "党委组织部", "张三，123")


def paths(case) -> list[str]:
    return [owed.path for owed in answers.plan(case, OFFICE)]


def test_each_verdict_has_its_answer():
    feedback = "outbox/一分公司/反馈/申请表"
    assert paths(decided(Verdict.ACCEPTED, flaws=0)) == [f"{feedback}_受理回执_ABCDEFGH.docx"]
    assert paths(decided(Verdict.RETURNED)) == [f"{feedback}_已标注_ABCDEFGH.docx", f"{feedback}_反馈单_ABCDEFGH.docx"]
    assert paths(decided(Verdict.RETURNED, kind="")) == [f"{feedback}_反馈单_ABCDEFGH.docx"]
    assert paths(decided(Verdict.DUPLICATE)) == [f"{feedback}_反馈单_ABCDEFGH.docx"]
    for verdict in (Verdict.UNREADABLE, Verdict.UNKNOWN):
        assert paths(decided(verdict)) == [
            f"{feedback}_反馈单_ABCDEFGH.docx",
            "inbox/一分公司/未受理/申请表_ABCDEFGH.docx",
            "inbox/一分公司/未受理/申请表_ABCDEFGH_说明.txt",
        ]


def test_a_file_with_two_forms_gets_one_marked_copy_and_two_answers():
    case = decided(Verdict.RETURNED, Verdict.ACCEPTED)
    marked, slip, receipt = answers.plan(case, OFFICE)
    assert marked.forms == (0, 1)
    assert (slip.path[-15:], receipt.path[-15:]) == ("ABCDEFGH-1.docx", "ABCDEFGH-2.docx")
    assert (slip.kind, receipt.kind) == ("slip", "receipt")


def test_the_office_answers_itself_in_its_own_folder():
    assert paths(decided(Verdict.ACCEPTED, unit="", flaws=0)) == ["outbox/待办/反馈/申请表_受理回执_ABCDEFGH.docx"]
    assert paths(decided(Verdict.UNKNOWN, unit=""))[1] == "inbox/未受理/申请表_ABCDEFGH.docx"


@pytest.mark.parametrize("name", ["申" * 84 + ".docx", "无后缀", ".隐藏", "a." + "长" * 80, "CON.docx"])
def test_every_name_can_be_answered(name):
    for verdict in Verdict:
        for path in paths(decided(verdict, name=filenames.shown(name))):
            assert all(0 < len(part.encode()) <= 255 for part in path.split("/"))
            assert "ABCDEFGH" in path


def test_a_notice_says_all_that_is_printed():
    notice = answers.plan(decided(Verdict.RETURNED), OFFICE)[0].notice
    assert notice == {
        "reference": "ABCDEFGH", "organisation": "某公司", "office": "党委组织部", "contact": "张三，123",
        "unit": "一分公司", "file_name": "申请表.docx", "received": TODAY.isoformat(), "today": TODAY.isoformat(),
        "number": "DJ-1", "due": TODAY.isoformat(), "progress": None, "entry": 7, "entry_hash": "f" * 64,
    }  # fmt: skip


def test_originals_are_kept_by_year_and_unit():
    path = answers.original_path("申请表.docx", "ABCDEFGH", date(2026, 8, 20), "一分公司")
    assert path == "archive/2026/原件/一分公司/20260820-ABCDEFGH-申请表.docx"
    assert answers.original_path("名册.xlsx", "R", date(2025, 1, 2), "") == "archive/2025/原件/20250102-R-名册.xlsx"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("申请表_已标注_AB12CD34", "申请表"),
        ("申请表_已标注_AB12CD34_已标注_ZZ99XX00(2)", "申请表"),
        ("申请表_已标注_稿", "申请表_已标注_稿"),
        ("_已标注_AB12CD34", "_已标注_AB12CD34"),
    ],
)
def test_the_tail_of_our_marked_copies_does_not_grow(name, stem):
    assert answers.without_marks(name) == stem
