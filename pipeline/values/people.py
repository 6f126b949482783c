"""Personal names: 张　三 → 张三, titles and telephone numbers around them left out, lists, minority names with ·.

The text as written stays with the caller. Departments, whole groups and bare titles are not_a_person. Whether the
person exists is not known here.
"""

from __future__ import annotations

import re

from pipeline.values.blanks import is_blank, is_sample, says_not_applicable
from pipeline.values.fold import fold
from pipeline.values.names import COMPOUND, NOT_A_NAME, OFFICE_END, SURNAMES, TITLE
from pipeline.values.parsed import BLANK, NOT_APPLICABLE, Parsed, failed

_HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]"
_DOTS = re.compile(rf"(?<={_HAN})\s*[·•・．.‧∙⋅●]\s*(?={_HAN})")
_BRACKETS = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]?")
_PHONE = re.compile(r"(?:电话|手机|联系方式|联系电话|办公电话)?:?\s*\+?\d[\d\s*-]{2,}", re.ASCII)
_LABEL = re.compile(rf"^{_HAN}{{1,8}}:")
_SEPARATOR = re.compile(r"[、,;/\n|]|和(?=[^\s])|及(?=[^\s])|\s{2,}|(?<!\S)-(?!\S)")
_NAME = re.compile(rf"{_HAN}{{2,4}}|{_HAN}{{1,10}}(?:·{_HAN}{{1,10}})+|{_HAN}{{5,8}}|[A-Za-z][A-Za-z .'-]{{1,40}}")
_PLAIN = re.compile(rf"{_HAN}{{2,3}}").fullmatch
MOST = 60
"""Names in one cell; more is no list of persons."""


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
    if _PLAIN(trimmed) and trimmed[0] in SURNAMES and trimmed[-1] not in OFFICE_END and not TITLE.search(trimmed):
        return ((trimmed,), ())
    if is_blank(text):
        return BLANK
    if is_sample(text):
        return failed("placeholder")
    if says_not_applicable(text):
        return NOT_APPLICABLE
    names = [_bare(token) for token in _tokens(text)]
    if not names or len(names) > MOST or not all(map(_is_name, names)):
        return failed("not_a_person")
    flags = ("ambiguous",) if any(map(_doubtful, names)) else ()
    return tuple(dict.fromkeys(names)), flags


def _tokens(text: str) -> list[str]:
    """The pieces of a list of people, spaced-out names closed up."""
    plain = _PHONE.sub(" ", _BRACKETS.sub(" ", _DOTS.sub("·", fold(text))))
    tokens: list[str] = []
    for line in _SEPARATOR.split(plain):
        line = _LABEL.sub("", line.strip())
        tokens += [line] if line.isascii() else _words(line.split())
    return [token for token in tokens if token]


def _words(words: list[str]) -> list[str]:
    """张 三 is one name, 张三 李四 are two, and a title beside a name belongs to it."""
    if words and all(len(word) == 1 for word in words) and len(words) <= 4:
        return ["".join(words)]
    if len(words) == 2 and 1 in map(len, words) and sum(map(len, words)) <= 4:
        return ["".join(words)]
    return [word for word in words if not TITLE.fullmatch(word)] or words


def _bare(token: str) -> str:
    """The token without the title before or behind the name: 工程部部长张三, 张三同志 → 张三."""
    token = token.strip(" :。.") if not token.isascii() else token.strip()
    titles = list(TITLE.finditer(token))
    if not titles:
        return token
    last = titles[-1]
    behind = token[last.end() :].strip(" :")
    if len(behind) >= 2:
        return behind
    first = next((title for title in titles if title.start() >= 2), None)
    return token[: first.start()] if first and not behind else token


def _is_name(name: str) -> bool:
    if not _NAME.fullmatch(name) or NOT_A_NAME.search(name) or TITLE.fullmatch(name):
        return False
    if name[-1] not in OFFICE_END:
        return True
    return len(name) == 2 and name[0] in SURNAMES and name not in ("工会", "党委", "团委", "纪委")


def _doubtful(name: str) -> bool:
    """Longer than usual without a dot, or two names run together (张三李四)."""
    if not re.match(_HAN, name) or "·" in name:
        return False
    twice = len(name) == 4 and name[0] in SURNAMES and name[2] in SURNAMES and name[:2] not in COMPOUND
    return len(name) > 4 or twice
