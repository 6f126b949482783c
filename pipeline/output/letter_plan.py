"""Which projects get a 责任书 and which do not, with the reason (R12-R17). Pure: nothing is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.output import words
from pipeline.output.approval import Opinion, opinion
from pipeline.output.consolidate import unit_order
from pipeline.output.names import safe_name
from pipeline.output.registry import Branches
from pipeline.output.remarks import excerpt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.output.registry import Filed
    from pipeline.settings import Settings
    from pipeline.values import Branch, Roster


@dataclass(frozen=True, slots=True)
class LetterOf:
    """A letter to be written: the values of its template and where it goes (below outbox/责任书)."""

    number: str
    project: str
    unit: str
    branch: str
    secretary: str
    branch_secretary: str
    copies: int
    draft: bool
    path: str

    def values(self) -> Mapping[str, object]:
        """By the names of the template's tags; dates stay blank for the pen."""
        return {
            "项目编号": self.number,
            "项目名称": self.project,
            "单位名称": self.unit,
            "党委书记": self.secretary,
            "党支部": self.branch,
            "党支部书记": self.branch_secretary,
            "份数": words.copies(self.copies),
            "草稿": words.DRAFT if self.draft else "",
        }


@dataclass(frozen=True, slots=True)
class Withheld:
    """A project that gets no letter, and why, in one Chinese sentence."""

    reference: str
    unit: str
    project: str
    reason: str


def plan_letters(
    filed: Sequence[Filed], roster: Roster, settings: Settings, *, draft: bool = False
) -> tuple[tuple[LetterOf, ...], tuple[Withheld, ...]]:
    """Which projects get a letter, in the order of the roster, and which do not, with the reason."""
    branches = Branches(roster)
    uses = Counter(one.number for one in filed)
    letters: list[LetterOf] = []
    withheld: list[Withheld] = []
    for one in sorted(filed, key=lambda one: (unit_order(roster, one.unit), one.number)):
        branch = branches.find(one.unit, one.line("立项支部"))
        decided = _letter(one, branch, settings, draft=draft) if roster else words.NO_ROSTER
        if isinstance(decided, LetterOf) and uses[one.number] > 1:
            decided = words.same_number(one.number)
        if isinstance(decided, LetterOf):
            letters.append(decided)
        else:
            withheld.append(Withheld(one.reference, one.unit, one.line("项目名称"), decided))
    return tuple(letters), tuple(withheld)


def _letter(filed: Filed, branch: Branch | None, settings: Settings, *, draft: bool) -> LetterOf | str:
    """The letter, or the reason why there is none."""
    said = opinion(filed.text("党委会意见"))
    free = said is Opinion.BLANK and not settings.rules.letters_need_approval
    reason = _not_agreed(filed, said, allowed=draft or free) or _not_signable(filed, branch)
    if reason or branch is None:
        return reason
    marked = said is Opinion.BLANK and not free
    project = filed.line("项目名称")
    name = safe_name(f"{filed.number}-{project}", f"（{words.DRAFT}）.docx" if marked else ".docx")
    return LetterOf(
        number=filed.number,
        project=project,
        unit=filed.unit,
        branch=branch.name,
        secretary=branch.secretary,
        branch_secretary=branch.branch_secretary,
        copies=settings.rules.copies,
        draft=marked,
        path=f"{safe_name(filed.unit)}/{name}",
    )


def _not_agreed(filed: Filed, said: Opinion, *, allowed: bool) -> str:
    """Why the 党委会 has not agreed; "" when it has, or when a draft may be written without it."""
    doubtful = next((field for field in ("项目名称", "立项支部", "党委会意见") if filed.doubtful(field)), "")
    if doubtful:
        return words.doubtful(doubtful)
    text = excerpt(filed.text("党委会意见"))
    if said is Opinion.REFUSED:
        return words.refused(text)
    if said is Opinion.UNCLEAR:
        return words.unclear(text)
    return "" if said is Opinion.AGREED or allowed else words.NOT_APPROVED


def _not_signable(filed: Filed, branch: Branch | None) -> str:
    """Why the two signers are not settled (R16); "" when they are."""
    if branch is None:
        return words.unknown_branch(filed.line("立项支部"))
    if branch.unit != filed.unit:
        return words.foreign_branch(branch.name, branch.unit, filed.unit)
    if not filed.number:
        return words.NO_NUMBER
    for role, name, of in (
        ("党委书记", branch.secretary, branch.unit),
        ("支部书记", branch.branch_secretary, branch.name),
    ):
        if not name.strip():
            return words.no_secretary(role, of)
    same = _person(branch.secretary) == _person(branch.branch_secretary)
    return words.same_person(branch.secretary) if same else ""


def _person(name: str) -> str:
    return "".join(name.split()).replace("\u3000", "")
