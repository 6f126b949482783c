"""The register of organisations (组织名册): units, branches, who leads them, under which names they are known.

A name is matched exactly after folding, then by alias, then without the words an office puts in front of or behind it
(中共…公司…支部委员会 = …党支部), and only if that leads to exactly one branch. Likeness alone never matches:
`suggest` offers likely names for a person to decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from pipeline.values.fold import key, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ALIASES = re.compile(r"[、,，;；\s]+")
_COMMITTEE = re.compile(r"(?:党委会?|委员会|党总支|总支部?)$")
_FOLDER_NUMBER = re.compile(r"^[0-9]+[._、\- ]*")
_BRANCH_END = re.compile(r"党?支部(?:委员会)?$")
_UNIT_END = re.compile(r"(?:有限责任|股份有限|有限)?公司$")
_ALIKE = 60.0
_SHORTEST_FRONT = 4
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Branch:
    """A row of the register. `unit`, `code`, `secretary` (党委书记) are the unit's, `name` … `phone` the branch's."""

    unit: str
    code: str = ""
    secretary: str = ""
    name: str = ""
    aliases: tuple[str, ...] = ()
    branch_secretary: str = ""
    contact: str = ""
    phone: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """All branches, in the order of the register; false if it is empty (nothing can be matched then)."""

    branches: tuple[Branch, ...] = ()
    _names: Mapping[str, frozenset[int]] = field(default_factory=dict, repr=False, compare=False)
    _aliases: Mapping[str, frozenset[int]] = field(default_factory=dict, repr=False, compare=False)
    _cores: Mapping[str, frozenset[int]] = field(default_factory=dict, repr=False, compare=False)
    _units: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    _folders: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.branches)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> Roster:
        """From rows with the columns of 组织名册; without 单位 a row is passed over, without 党支部 it names a unit."""
        return cls.of(branch for branch in map(_branch, rows) if branch.unit)

    @classmethod
    def of(cls, branches: Iterable[Branch]) -> Roster:
        """From branches already built."""
        every = tuple(branches)
        named = [(index, branch) for index, branch in enumerate(every) if branch.name]
        return cls(
            every,
            _index((key(branch.name), index) for index, branch in named),
            _index((key(alias), index) for index, branch in named for alias in branch.aliases),
            _index((core, index) for index, branch in named for core in _branch_cores(branch)),
            _index((name, branch.unit) for branch in every for name in _unit_names(branch)),
            _index((key(branch.folder), branch.unit) for branch in every),
        )

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit once, in the order of the register."""
        return tuple(dict.fromkeys(branch.unit for branch in self.branches))

    def find_branch(self, text: str) -> Branch | None:
        """The one branch meant, or None (no such branch, or several units have one of that name)."""
        wanted = key(text) if self.branches else ""
        if not wanted:
            return None
        core = _core(wanted)
        for found in (
            self._names.get(wanted),
            self._aliases.get(wanted),
            self._cores.get(core),
            self._behind_unit(core),
        ):
            if found:
                return self.branches[next(iter(found))] if len(found) == 1 else None
        return None

    def _behind_unit(self, core: str) -> frozenset[int]:
        """Branches whose name ends this one, the rest being the end of their own unit's name."""
        found = set()
        for name, indexes in self._cores.items():
            front = _COMMITTEE.sub("", core.removesuffix(name)) if core.endswith(name) else ""
            if len(front) >= _SHORTEST_FRONT:
                found |= {index for index in indexes if key(self.branches[index].unit).endswith(front)}
        return frozenset(found)

    def find_unit(self, text: str) -> str | None:
        """The unit's name as registered: its own name, with or without 党委, its code; None if not exactly one."""
        wanted = key(text).removeprefix("中共")
        for name in (wanted, _COMMITTEE.sub("", wanted), _UNIT_END.sub("公司", _COMMITTEE.sub("", wanted))):
            if name and (found := self._units.get(name)):
                return next(iter(found)) if len(found) == 1 else None
        return None

    def unit_of_folder(self, folder: str) -> str | None:
        """The unit whose sub-folder of the inbox this is: 收件文件夹 first, then the unit's name or code."""
        found = self._folders.get(key(folder))
        if found:
            return next(iter(found)) if len(found) == 1 else None
        return self.find_unit(folder) or self.find_unit(_FOLDER_NUMBER.sub("", folder))

    def suggest(self, text: str) -> tuple[str, ...]:
        """Up to three registered names like this one, the likest first; for a question, never for a decision."""
        from rapidfuzz import fuzz, process

        names = dict.fromkeys([branch.name for branch in self.branches if branch.name] + list(self.units))
        folded = {name: key(name) for name in names}
        found = process.extract(key(text), folded, scorer=fuzz.WRatio, limit=3, score_cutoff=_ALIKE)
        return tuple(name for _, _, name in found)


def _branch(row: Mapping[str, str]) -> Branch:
    def cell(name: str) -> str:
        return tidy(row.get(name) or "")

    aliases = tuple(filter(None, _ALIASES.split((row.get("别名") or "").strip())))
    return Branch(
        cell("单位"), cell("单位代码"), cell("党委书记"), cell("党支部"), aliases, cell("支部书记"), cell("联系人"),
        cell("联系电话"), cell("收件文件夹"),
    )  # fmt: skip


def _index(pairs: Iterable[tuple[str, T]]) -> dict[str, frozenset[T]]:
    found: dict[str, set[T]] = {}
    for name, what in pairs:
        if name:
            found.setdefault(name, set()).add(what)
    return {name: frozenset(what) for name, what in found.items()}


def _core(name: str) -> str:
    """What is left of a branch's name without 中共 in front and 党支部, 支部委员会 behind."""
    name = name.removeprefix("中国共产党").removeprefix("中共")
    return _BRANCH_END.sub("", name)


def _branch_cores(branch: Branch) -> set[str]:
    """The branch's names without 党支部, and without the unit's name in front."""
    cores = {_core(key(name)) for name in (branch.name, *branch.aliases)}
    return cores | {core.removeprefix(key(branch.unit)) for core in cores}


def _unit_names(branch: Branch) -> set[str]:
    name = key(branch.unit)
    return {name, key(branch.code), _COMMITTEE.sub("", name), _UNIT_END.sub("公司", name)}
