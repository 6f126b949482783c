"""The shape of docs/decisions/001: imports point one way, each ugly thing stays behind its one door, no cycles."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "pipeline").rglob("*.py"))
}
FLOOR = {"model", "errors", "filenames", "placed"}
PURE = FLOOR | {"settings", "values", "forms", "checks", "affairs", "catalog"}
MAY_IMPORT: Mapping[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "filenames": set(),
    "placed": {"model"},
    "settings": FLOOR,
    "values": FLOOR,
    "forms": FLOOR | {"values"},
    "checks": FLOOR | {"settings", "values", "forms.spec", "affairs"},
    "affairs": FLOOR | {"settings", "values"},
    "catalog": FLOOR,
    "office": PURE,
    "wire": FLOOR | {"values"},
    "workspace": FLOOR | {"settings"},
    "store": PURE | {"wire", "workspace"},
    "examine": PURE | {"office"},
    "work": PURE | {"office", "wire", "examine"},
    "intake": FLOOR | {"settings", "store", "workspace"},
    "output": PURE | {"office", "store", "wire", "workspace"},
}
DOORS: Mapping[str, str] = {  # jinja2 parses letters in forms/ (lint) and writes them in office/
    "click": "cli",
    "rich": "cli",
    "sqlalchemy": "store",
    "alembic": "store",
    "sqlite3": "store",
    "zipfile": "office",
    "lxml": "office",
    "docx": "office",
    "docxtpl": "office",
    "jinja2": "office, forms",
    "openpyxl": "office",
    "xlsxwriter": "office",
    "xlrd": "office",
    "pdfminer": "office",
    "olefile": "office",
    "pdfplumber": "office",
    "watchdog": "intake",
    "cv2": "office",
    "numpy": "office",
    "PIL": "office",
    "pypdfium2": "office",
    "onnxruntime": "office",
}
LONG_BY_REASON: Mapping[str, str] = {}
LIMIT = 350


class WithoutTyping(ast.NodeTransformer):
    """Drops what stands under `if TYPE_CHECKING:`, which never runs."""

    def visit_If(self, node: ast.If) -> ast.AST | None:
        return None if "TYPE_CHECKING" in ast.unparse(node.test) else node


def imported(source: str, module: str, *, typing: bool = True) -> set[str]:
    """Dotted names of everything that the source imports, also inside functions; relative ones made absolute."""
    names = set()
    tree = ast.parse(source)
    for node in ast.walk(tree if typing else WithoutTyping().visit(tree)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(module.split(".")[: -node.level]) + "." if node.level else ""
            base = (start + (node.module or "")).rstrip(".")
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return names


def edges(*, typing: bool = True) -> dict[str, set[str]]:
    """Module → the modules of ours that it imports; without `typing` only what is imported when it runs."""
    return {
        name: {
            known
            for item in imported(path.read_text("utf-8"), name, typing=typing)
            if (known := own_module(item)) not in {"", name}
        }
        for name, path in SOURCES.items()
    }


def own_module(dotted: str) -> str:
    """The longest beginning of the name that is a module of ours, "" for the libraries of others."""
    parts = dotted.split(".")
    candidates = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in candidates if name in SOURCES), "")


def cycle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """One way round, or an empty list."""
    done: set[str] = set()

    def visit(node: str, trail: list[str]) -> list[str]:
        if node in trail:
            return [*trail[trail.index(node) :], node]
        if node in done:
            return []
        for following in sorted(graph.get(node, ())):
            if found := visit(following, [*trail, node]):
                return found
        done.add(node)
        return []

    return next((found for node in sorted(graph) if (found := visit(node, []))), [])


def top(module: str) -> str:
    """pipeline.forms.reading → forms; pipeline → "" (the package itself, which holds nothing)."""
    return [*module.split("."), ""][1]


def against_the_stream() -> Iterator[str]:
    """Imports that the table of 001 does not allow, as "importer → imported"."""
    for module, targets in edges().items():
        allowed = MAY_IMPORT.get(top(module))
        for target in targets - {"pipeline"}:
            inside = target.removeprefix("pipeline.")
            if allowed is not None and top(target) != top(module) and not allowed & {top(target), inside}:
                yield f"{module} → {target}"


def test_imports_point_one_way():
    assert sorted(against_the_stream()) == []


def test_nobody_imports_the_command_line():
    assert [
        module for module, targets in edges().items() for target in targets if top(target) == "cli" != top(module)
    ] == ["pipeline.__main__"]


def test_no_import_cycles():
    assert cycle(edges(typing=False)) == []


@pytest.mark.parametrize(("library", "room"), DOORS.items())
def test_each_library_stays_behind_its_one_door(library, room):
    users = {
        name
        for name, path in SOURCES.items()
        for item in imported(path.read_text("utf-8"), name)
        if item.split(".")[0] == library
    }
    assert sorted(name for name in users if top(name) not in room.split(", ")) == []


def test_modules_stay_small():
    lengths = {name: path.read_text("utf-8").count("\n") for name, path in SOURCES.items()}
    assert {name: length for name, length in lengths.items() if length > LIMIT and name not in LONG_BY_REASON} == {}
    assert all(lengths[name] > LIMIT for name in LONG_BY_REASON), "a module became short again: take it off the list"


def test_every_part_has_its_row_in_the_table():
    everything = {"cli", "demo", "flow", "__main__", ""}
    assert {top(name) for name in SOURCES} - everything - set(MAY_IMPORT) == set()


def test_the_reader_of_imports_sees_every_kind():
    source = "import zipfile\ndef f():\n    from lxml import etree\nfrom . import spec\nfrom ..model import Place\n"
    assert imported(source, "pipeline.forms.reading") == {
        "zipfile",
        "lxml.etree",
        "pipeline.forms.spec",
        "pipeline.model.Place",
    }


def test_imports_for_types_only_can_be_left_out():
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import lxml\n"
    assert imported(source, "pipeline.model", typing=False) == {"typing.TYPE_CHECKING"}
    assert "lxml" in imported(source, "pipeline.model")


def test_a_cycle_is_found():
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
