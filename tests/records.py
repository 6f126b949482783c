"""Records as offices would fill them: a hypothesis strategy for every field of a document type."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pipeline.forms.echo import echoes
from pipeline.forms.spec import FieldSpec, TypeSpec
from pipeline.values import Deadline, Money, Period

WORDS = "党员突击队攻坚混凝土温控防裂安全责任区示范岗节约能耗质量通病治理台账培训检查制度修订完善落实工程船闸"
MARKS = "，。；、（）“”《》—·%0123456789.ABCxyz＜＞&'\"=+-@"
NAMES = [a + b for a in "赵钱孙李周吴郑王欧阳" for b in ("敏", "志远", "丽娟", "建国", "·买买提")]

_day = st.dates(date(2001, 1, 1), date(2098, 12, 28))


def _line(least: int = 2, most: int = 40) -> SearchStrategy[str]:
    body = st.text(st.sampled_from(WORDS + MARKS), min_size=0, max_size=most)
    head = st.text(st.sampled_from(WORDS), min_size=least, max_size=4)
    return st.builds(lambda first, rest: (first + rest).strip(), head, body)


def _long() -> SearchStrategy[str]:
    return st.lists(_line(4), min_size=1, max_size=4).map("\n".join)


def _period() -> SearchStrategy[Period]:
    return st.builds(lambda day, days: Period(day, day + timedelta(days)), _day, st.integers(1, 700))


def value_of(field: FieldSpec) -> SearchStrategy[object]:
    """A value that a careful clerk could enter."""
    kinds: dict[str, SearchStrategy[object]] = {
        "date": _day,
        "period": _period(),
        "deadline": _day.map(lambda day: Deadline(end=day)),
        "person": st.sampled_from(NAMES),
        "org": _line(3, 8).map(lambda text: "".join(c for c in text if c in WORDS) + "党支部"),
        "phone": st.from_regex(r"1[3-9][0-9]{9}|05[0-9]{2}-8[0-9]{6}", fullmatch=True).map(lambda text: (text,)),
        "count": st.integers(1, 9999),
        "percent": st.integers(0, 100).map(Decimal),
        "score": st.integers(0, 100).map(Decimal),
        "year": st.integers(1950, 2098),
        "month": st.one_of(
            _day.map(lambda day: f"{day:%Y-%m}"),
            _day.map(lambda day: "{}-W{:02}".format(*day.isocalendar())),
        ),
        "money": st.integers(1, 10**6).map(lambda n: Money(Decimal(n) / 10, "万元")),
        "long": _long(),
    }
    if field.choices:
        return st.sampled_from(field.choices)
    values = kinds.get(field.type, _line())
    return values.filter(lambda value: not (isinstance(value, str) and echoes(value)))  # asked back, as it should be


def fields_of(spec: TypeSpec, *, printed: frozenset[str]) -> SearchStrategy[dict[str, object]]:
    """Values for the labelled fields that a layout prints; optional ones may be left out."""
    must = {f.name: value_of(f) for f in spec.fields if f.name in printed and f.required in ("yes", "stage")}
    may = {f.name: value_of(f) for f in spec.fields if f.name in printed and f.required not in ("yes", "stage")}
    return st.fixed_dictionaries(must, optional=may)


def rows_of(spec: TypeSpec, *, printed: frozenset[str]) -> SearchStrategy[list[dict[str, object]]]:
    """One to five rows with every required column filled and a running 序号."""
    must = {c.name: value_of(c) for c in spec.columns if c.name in printed and c.required != "no" and c.name != "序号"}
    may = {c.name: value_of(c) for c in spec.columns if c.name in printed and c.required == "no" and c.name != "序号"}
    row = st.fixed_dictionaries(must, optional=may).filter(bool)  # a serial number alone is no record
    rows = st.lists(row, min_size=1, max_size=5)
    if "序号" not in printed:
        return rows
    return rows.map(lambda made: [{"序号": n, **row} for n, row in enumerate(made, 1)])
