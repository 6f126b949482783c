"""A big XML part as events: one pass, no tree, no entities, any DOCTYPE refused by the parser itself.

Handlers get local names; only elements with the prefix of the root are handed on, so what extensions add under other
prefixes stays unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from pipeline.errors import Unreadable

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]

_CONTROLS = bytes(set(range(32)) - set(b"\t\n"))
_HIDING = (b"<!", b"]]>", b"\xef\xbf\xbe", b"\xef\xbf\xbf")


def is_plain(xml: bytes) -> bool:
    """Whether tags can be told by eye: no comments, CDATA or DOCTYPE, nothing that a text must not hold.

    Carriage returns, which a parser changes, are not plain either. Entities, instructions and wrong UTF-8 are not
    looked for.
    """
    return len(xml.translate(None, _CONTROLS)) == len(xml) and not any(sign in xml for sign in _HIDING)


def run_events(xml: bytes, start: Start, end: End, data: Callable[[str], None]) -> None:
    """Call the handlers in document order, the root left out. Raises Unreadable: forbidden_xml or corrupt."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def root(name: str, _attributes: dict[str, str]) -> None:
        prefix = name[: name.rfind(":") + 1]
        parser.StartElementHandler = _only_start(prefix, start) if prefix else start
        parser.EndElementHandler = _only_end(prefix, end) if prefix else end

    parser.StartElementHandler = root
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError):
        raise Unreadable("corrupt", reason="xml") from None


def _only_start(prefix: str, start: Start) -> Start:
    def prefixed(name: str, attributes: dict[str, str]) -> None:
        if name.startswith(prefix):
            start(name[len(prefix) :], attributes)

    return prefixed


def _only_end(prefix: str, end: End) -> End:
    def prefixed(name: str) -> None:
        if name.startswith(prefix):
            end(name[len(prefix) :])

    return prefixed


def _refuse(*_declaration: object) -> None:
    raise Unreadable("forbidden_xml", reason="xml")
