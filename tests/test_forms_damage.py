"""Whatever people do to a form, its reading stays equal or becomes doubtful; it is never silently different."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.forms.labels import squeeze
from pipeline.model import Reading
from tests import damage, part_damage
from tests.damage import DAMAGES, Damage
from tests.damaged_forms import FORMS, PAPERS, Paper
from tests.part_damage import PART_DAMAGES

ALL: tuple[Damage, ...] = (*DAMAGES, *PART_DAMAGES)
TAKES_A_LABEL_AWAY = {
    damage.unknown_label, damage.missing_label, damage.row_removed, part_damage.heading_missing,
    part_damage.heading_unknown, part_damage.heading_unknown_unnumbered,
}  # fmt: skip
CLAIMS_ANOTHER_VALUE = {damage.label_repeated_other, damage.cover_repeats_label, part_damage.heading_word_in_text}
ADDS_TEXT_AT_THE_END = {
    damage.notes_below, part_damage.note_below, part_damage.signed_below, part_damage.filled_in_by,
    part_damage.table_below,
}  # fmt: skip
CHANGES_THE_PARTS = {
    part_damage.heading_missing, part_damage.heading_unknown, part_damage.heading_unknown_unnumbered,
    part_damage.extra_part, part_damage.extra_part_unnumbered, part_damage.heading_word_in_text,
}  # fmt: skip
MOVES_THE_PARTS = {
    part_damage.parts_as_rows, part_damage.parts_swapped, part_damage.parts_shuffled,
    part_damage.value_beside_heading,
}  # fmt: skip
APPLICATION = PAPERS[0]
papers = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
names = pytest.mark.parametrize("one", ALL, ids=lambda one: one.__name__)


def _different(paper: Paper, readings: Mapping[str, Reading]) -> dict[str, str]:
    """Fields that say something else than the form and are not marked as doubtful."""
    return {
        name: reading.text
        for name, reading in readings.items()
        if reading.text and not reading.doubt and squeeze(reading.text) != squeeze(paper.values.get(name, ""))
    }


def _firm(readings: Mapping[str, Reading]) -> int:
    return sum(1 for reading in readings.values() if reading.text and not reading.doubt)


def _makes_another_paper(one: Damage, two: Damage) -> bool:
    """Together these say something else: the true label gone and its words elsewhere, what was added moved inside."""
    if {one, two} & TAKES_A_LABEL_AWAY and {one, two} & CLAIMS_ANOTHER_VALUE:
        return True
    return one in ADDS_TEXT_AT_THE_END | CHANGES_THE_PARTS and two in MOVES_THE_PARTS


def test_the_library_of_damages_is_large_and_every_form_is_in_it() -> None:
    assert len(DAMAGES) >= 40
    assert len(PART_DAMAGES) >= 28
    assert {paper.name for paper in PAPERS} >= {f"{spec.name}-{layout.name}" for spec, layout in FORMS}
    assert len({spec.name for spec, _ in FORMS}) >= 5


@papers
def test_an_undamaged_form_is_read_whole(paper: Paper) -> None:
    readings = paper.read(paper.plain)
    assert {name: reading.text for name, reading in readings.items()} == dict(paper.values)
    assert not any(reading.doubt for reading in readings.values())


@names
def test_one_damage_is_never_silently_wrong(one: Damage) -> None:
    for paper in PAPERS:
        for seed in range(4):
            assert _different(paper, paper.read(one(paper.plain, random.Random(seed), paper.form))) == {}, paper.name


@names
def test_a_damaged_form_still_yields_most_of_its_fields(one: Damage) -> None:
    """Asking back is cheap but not free: no damage may cost more than half of the filled fields."""
    for paper in PAPERS:
        filled = sum(1 for text in paper.values.values() if text)
        kept = _firm(paper.read(one(paper.plain, random.Random(1), paper.form)))
        assert kept >= (filled - 1) // 2, paper.name


@example(APPLICATION, damage.rows_swapped, damage.value_cell_split, 12)  # a section cut in the middle, the rest beside
@example(PAPERS[1], part_damage.filled_in_by, part_damage.paragraph_per_part, 435913)
@example(PAPERS[1], part_damage.parts_shuffled, part_damage.heading_missing, 913966)
@example(PAPERS[1], part_damage.extra_part, part_damage.headings_spaced, 132505)
@settings(max_examples=3000, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PAPERS), st.sampled_from(ALL), st.sampled_from(ALL), st.integers(0, 10**6))
def test_two_damages_together_are_never_silently_wrong(paper: Paper, one: Damage, two: Damage, seed: int) -> None:
    if _makes_another_paper(one, two):
        return
    source = random.Random(seed)
    damaged = two(one(paper.plain, source, paper.form), source, paper.form)
    assert _different(paper, paper.read(damaged)) == {}
