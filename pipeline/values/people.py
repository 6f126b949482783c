"""Personal names: 张　三 → 张三, titles and telephone numbers around them left out, lists, minority names with ·.

The text as written stays with the caller. Departments, whole groups and bare titles are not_a_person. Whether the
person exists is not known here.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.values.blanks import is_blank, is_sample, says_not_applicable
from pipeline.values.fold import fold
from pipeline.values.names import BUSINESS, COMPOUND, NOT_A_NAME, OFFICE_END, SHORT_FOR_TITLE, SURNAMES, TITLE
from pipeline.values.parsed import BLANK, NOT_APPLICABLE, Parsed, failed

_HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]"
_BRACKETS = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]?")
_PHONE = re.compile(r"(?:电话|手机|联系方式|联系电话|办公电话)?:?\s*\+?\d[\d\s*-]{2,}", re.ASCII)
_LABEL = re.compile(rf"^{_HAN}{{1,8}}:")
_AND = rf"(?<={_HAN}{{2}})[和及与](?=[{''.join(sorted(SURNAMES))}]{_HAN})"
_ET_AL = re.compile(r"(?<=\S\S)等(?:[一二三四五六七八九十\d]{0,2}[人位名])?$", re.ASCII)
_NAME = re.compile(rf"{_HAN}{{2,8}}|{_HAN}{{1,10}}(?:·{_HAN}{{1,10}})+|[A-Za-z][A-Za-z .'-]{{1,40}}")
_PLAIN = re.compile(rf"{_HAN}{{1,2}}(?!等){_HAN}").fullmatch
LONGEST = 1_000
"""Characters in one cell; more is no list of persons."""


def parse_person(text: str) -> Parsed:
    """One name; two or three in one cell are joined by 、. not_a_person for departments, groups, bare titles."""
    found = _names(text)
    if isinstance(found, Parsed):
        return found
    names, flags = found
    return Parsed("、".join(names), flags=flags)


def parse_persons(text: str) -> Parsed:
    """A tuple of names, in order, each once."""
    found = _names(text)
    if isinstance(found, Parsed):
        return found
    return Parsed(found[0], flags=found[1])


def _names(text: str) -> Parsed | tuple[tuple[str, ...], tuple[str, ...]]:
    trimmed = text.strip()
    if len(trimmed) > LONGEST:
        return failed("not_a_person")
    if _PLAIN(trimmed) and trimmed[0] in SURNAMES and _is_name(trimmed) and not _doubtful(trimmed):
        return (trimmed,), ()
    if is_blank(text):
        return BLANK
    if is_sample(text):
        return failed("placeholder")
    if says_not_applicable(text):
        return NOT_APPLICABLE
    plain = _PHONE.sub(" ", _BRACKETS.sub(" ", _dots().sub("·", fold(text)))).strip()
    more = _ET_AL.search(plain)
    names = [_bare(token) for token in _tokens(plain[: more.start()] if more else plain)]
    if not names or not all(map(_is_name, names)):
        return failed("not_a_person")
    flags = ("ambiguous",) if more or any(map(_doubtful, names)) else ()
    return tuple(dict.fromkeys(names)), flags


@cache
def _dots() -> re.Pattern[str]:
    """Patterns with many classes of Han characters take their time, and an ordinary name needs neither of these."""
    return re.compile(rf"(?<={_HAN})\s*[·•・．.‧∙⋅●]\s*(?={_HAN})")


@cache
def _separator() -> re.Pattern[str]:
    return re.compile(rf"[、,;/\n|]|{_AND}|\s{{2,}}|(?<!\S)-(?!\S)")


def _tokens(plain: str) -> list[str]:
    """The pieces of a list of people, spaced-out names closed up."""
    tokens: list[str] = []
    for piece in _separator().split(plain):
        line = _LABEL.sub("", piece.strip())
        tokens += [line] if line.isascii() else _words(line.split())
    return [token for token in tokens if token]


def _words(words: list[str]) -> list[str]:
    """张 三 is one name, 张三 李四 are two, and a title beside a name belongs to it."""
    words = [word for word in words if not TITLE.fullmatch(word)] or words
    apart = all(len(word) == 1 for word in words) or (len(words) == 2 and 1 in map(len, words))
    return ["".join(words)] if apart and sum(map(len, words)) <= 4 else words


def _bare(token: str) -> str:
    """The token without the title before or behind the name: 工程部部长张三, 张三同志 → 张三; "" for 王经理."""
    token = token.strip(" :。.") if not token.isascii() else token.strip()
    titles = list(TITLE.finditer(token))
    if not titles:
        return token
    behind = token[titles[-1].end() :].strip(" :")
    if behind:
        return behind
    before = token[: titles[0].start()].strip()
    return before if len(before) >= 2 else ""


def _is_name(name: str) -> bool:
    if not _NAME.fullmatch(name) or NOT_A_NAME.search(name) or TITLE.search(name):
        return False
    surname = name[0] in SURNAMES
    if BUSINESS.search(name) and not (surname and len(name) == 3):
        return False
    return name[-1] not in OFFICE_END or (surname and len(name) == 2)


def _doubtful(name: str) -> bool:
    """Longer than usual without a dot, two names run together (张三李四), or perhaps a surname and a title (徐工)."""
    if not re.match(_HAN, name) or "·" in name:
        return False
    twice = len(name) == 4 and name[0] in SURNAMES and name[2] in SURNAMES and name[:2] not in COMPOUND
    return len(name) > 4 or twice or (len(name) == 2 and name[1] in SHORT_FOR_TITLE)
