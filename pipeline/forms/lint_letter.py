"""Letters and reports: is the docxtpl language in a template sound, and does it ask only for what the type has.

Checked on the template's text as it prints, by a sandboxed Jinja parser; nothing is rendered. That a loop's row tags
stand in table rows is seen by `office.docx_letter` when the template is first used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.model import Document, Paragraph, Place

if TYPE_CHECKING:
    from pipeline.forms.spec import TypeSpec

_STATEMENT = re.compile(r"\{%(?:p|tr|tc|r)\s")
_VALUE = re.compile(r"\{\{(?:p|r|tr|tc)\s")
_FULL_WIDTH = re.compile(r"｛｛|｝｝|｛%|%｝|\{％|％\}")
_CODE = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)


def letter_faults(spec: TypeSpec, document: Document) -> Iterator[tuple[str, str]]:
    """(place, what is wrong) of a letter or report."""
    texts = [(text, place) for text, place in _texts(document) if "{" in text or "｛" in text]
    for text, place in texts:
        for fault in _FULL_WIDTH.findall(text):
            yield place.text, f"「{fault}」是全角符号，标签要用英文半角的 {{{{ }}}}。"
    yield from _jinja(spec, "\n".join(_plain(text) for text, _ in texts), texts)


def _jinja(spec: TypeSpec, source: str, texts: list[tuple[str, Place]]) -> Iterator[tuple[str, str]]:
    from jinja2 import TemplateSyntaxError, meta, nodes
    from jinja2.sandbox import SandboxedEnvironment

    try:
        tree = SandboxedEnvironment().parse(source)
    except TemplateSyntaxError as error:
        place = _line_place(source, error.lineno, texts)
        yield (
            place,
            f"标签写错了（{error.message}），请检查 {{{{ }}}} 和 {{% %}}、for 和 endfor、if 和 endif 是否成对。",
        )
        return
    known = {field.name for field in spec.fields} | ({spec.group} if spec.group else set())
    for name in sorted(meta.find_undeclared_variables(tree) - known):
        yield _place_of(name, texts), f"标签里的「{name}」没有对应的字段，请改正，或在 spec.toml 里加上这个字段。"
    for node in tree.find_all((nodes.Call, nodes.Filter, nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        yield _line_place(source, node.lineno, texts), "标签里只能写字段、循环和条件，不能调用函数或用过滤器。"
    for node in tree.find_all(nodes.Getattr):
        if node.attr.startswith("_"):
            yield _line_place(source, node.lineno, texts), f"标签里不能用「{node.attr}」。"
    yield from _columns(spec, tree, texts)


def _columns(spec: TypeSpec, tree: object, texts: list[tuple[str, Place]]) -> Iterator[tuple[str, str]]:
    """In a loop over the group only its columns may be asked for."""
    from jinja2 import nodes

    known = {column.name for column in spec.columns}
    assert isinstance(tree, nodes.Template)  # noqa: S101 - told to the type checker
    for loop in tree.find_all(nodes.For):
        if (
            not isinstance(loop.iter, nodes.Name)
            or loop.iter.name != spec.group
            or not isinstance(loop.target, nodes.Name)
        ):
            continue
        for node in loop.find_all(nodes.Getattr):
            if isinstance(node.node, nodes.Name) and node.node.name == loop.target.name and node.attr not in known:
                word = f"{loop.target.name}.{node.attr}"
                yield (
                    _place_of(word, texts),
                    f"标签里的「{word}」没有对应的列，请改正，或在 spec.toml 里加上 [[columns]]。",
                )


def _texts(document: Document) -> Iterator[tuple[str, Place]]:
    for block in (*document.blocks, *document.margins):
        if isinstance(block, Paragraph):
            yield block.text, block.place
            continue
        for row, texts in enumerate(block.rows):
            yield from ((text, block.place((row, column))) for column, text in enumerate(texts) if text)


def _plain(text: str) -> str:
    """docxtpl's paragraph, row and cell tags as plain Jinja; line feeds inside a piece of text are immaterial."""
    return _VALUE.sub("{{ ", _STATEMENT.sub("{% ", text)).replace("\n", " ")


def _line_place(source: str, line: int, texts: list[tuple[str, Place]]) -> str:
    """The place of a source line: one line per piece of text."""
    return texts[min(line, len(texts)) - 1][1].text if texts else source[:0]


def _place_of(word: str, texts: list[tuple[str, Place]]) -> str:
    return next((place.text for text, place in texts if any(word in code for code in _CODE.findall(text))), "")
