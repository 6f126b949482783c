"""A big XML part as events: one pass, no tree, no entities, any DOCTYPE refused by the parser itself.

Handlers are looked up by local name; only elements with the prefix of the root are handled, so what extensions add
under other prefixes stays unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers import expat

from pipeline.errors import Unreadable

Start = Callable[[dict[str, str]], None]
End = Callable[[], None]


def run_events(xml: bytes, starts: Mapping[str, Start], ends: Mapping[str, End], data: Callable[[str], None]) -> None:
    """Call the handlers in document order. Raises Unreadable: forbidden_xml or corrupt."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def root(name: str, attributes: dict[str, str]) -> None:
        prefix = name[: name.rfind(":") + 1]
        start_of = {prefix + local: handler for local, handler in starts.items()}.get
        end_of = {prefix + local: handler for local, handler in ends.items()}.get

        def start(name: str, attributes: dict[str, str]) -> None:
            handler = start_of(name)
            if handler is not None:
                handler(attributes)

        def end(name: str) -> None:
            handler = end_of(name)
            if handler is not None:
                handler()

        parser.StartElementHandler, parser.EndElementHandler = start, end

    parser.StartElementHandler = root
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError):
        raise Unreadable("corrupt", reason="xml") from None


def _refuse(*_declaration: object) -> None:
    raise Unreadable("forbidden_xml", reason="xml")
