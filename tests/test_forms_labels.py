"""The quick look before a text is taken apart as a label never turns a real label away."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.forms.labels import key, may_be

EDGES = st.text(" \t\r\n\u00a0\u2003\u3000：:*＊．.", max_size=4)
WORDS = st.text("完成日期责任人目标（1）()【】盖章、.．①一二 \u3000\n\u00a0", max_size=14)


@given(EDGES, WORDS, EDGES, st.integers(0, 8))
@example("\u00a0", "完成日期", " \n", 4)
@example("：\u00a0", "完成日期", "\u00a0：", 4)
@example("", "1.完成日期（盖章）", "\n", 4)
@example("", "Ａ完 成\n日 期", "", 5)
def test_whatever_is_a_label_of_that_length_passes(before: str, word: str, after: str, spare: int) -> None:
    text = before + word + after
    assert may_be(text, len(key(text)) + spare)


def test_what_is_much_longer_is_turned_away() -> None:
    assert not may_be("底板裂缝检出率为百分之二十，夜间入仓温度超标", 6)
