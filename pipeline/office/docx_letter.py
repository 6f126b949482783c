"""Written-only Word documents (letters, slips, receipts) from a template with docxtpl's tags, many per second.

docxtpl prepares the template once (split tags joined, row loops unwrapped); the prepared parts are compiled by one
sandboxed Jinja environment, and every document is put together from the rendered parts and the template's other
members, copied as compressed bytes. The same values give the same bytes: nothing reads the clock.

Knowingly left out: sub-documents, rich text objects and replaced pictures of docxtpl.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from pipeline.errors import SettingsError
from pipeline.office.docx_join import join_documents
from pipeline.office.template_parts import open_template
from pipeline.office.zip_bytes import Member, join, packed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DOCUMENT = "word/document.xml"
_RENDERED = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml|docProps/core\.xml")
_TAG = re.compile(r"\{\{|\{%|\{#")
_COLUMNS = re.compile(r"\{%\s*(tc|colspan|hm)\b")
_LISTING = re.compile(r"[\n\t]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LITERAL = {"{_{": "{{ '{{' }}", "}_}": "{{ '}}' }}", "{_%": "{{ '{%' }}", "%_}": "{{ '%}' }}"}


def _printable(value: object) -> object:
    """A None would print as a word, a control character cannot be written: neither may pass unseen."""
    if value is None:
        raise UndefinedError("None")
    return _CONTROL.sub("\ufffd", value) if isinstance(value, str) else value


_ENVIRONMENT = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_printable)


@dataclass(frozen=True, slots=True)
class Letter:
    """A compiled template. `render` and `render_all` may be called any number of times."""

    name: str
    still: tuple[Member, ...]
    parts: Mapping[str, Template]
    uneven: bool

    def render(self, values: Mapping[str, object]) -> bytes:
        """One document. Raises SettingsError when the template asks for something that `values` does not hold."""
        return self._assemble({name: self._tree(name, values) for name in self.parts})

    def render_all(self, batch: Sequence[Mapping[str, object]]) -> bytes:
        """The documents of a batch (at least one) in one file to be printed, see `docx_join`.

        Raises SettingsError when headers, footers or footnotes hold tags: all sections share them.
        """
        if set(self.parts) - {DOCUMENT, "docProps/core.xml"}:
            raise SettingsError(f"{self.name}：页眉、页脚或脚注里有标签，各份内容不同，不能合并成一个打印文件。")
        trees = {name: self._tree(name, batch[0]) for name in self.parts if name != DOCUMENT}
        bodies = [self._tree(DOCUMENT, values) for values in batch]
        return self._assemble({DOCUMENT: join_documents(bodies), **trees})

    def _tree(self, name: str, values: Mapping[str, object]) -> etree._Element:
        """A part, proved well-formed; tables with a changing number of columns get their grid mended."""
        try:
            text = self.parts[name].render(values)
            text = text.replace("\n<w:p ", "<w:p ").replace("\n<w:p>", "<w:p>")
            text = _listings(text) if _LISTING.search(text) else text
            tree = etree.fromstring(text.encode(), _parser())
        except (TemplateError, TypeError, ValueError, ArithmeticError, etree.XMLSyntaxError) as error:
            raise SettingsError(_complaint(self.name, error)) from error
        return _mended(text) if self.uneven and name == DOCUMENT else tree

    def _assemble(self, trees: Mapping[str, etree._Element]) -> bytes:
        moving = (packed(name, _bytes(tree)) for name, tree in trees.items())
        return join((*self.still, *moving))


@lru_cache(maxsize=32)
def compile_letter(template: bytes, name: str) -> Letter:
    """Prepare a template once. `name` is what complaints call it. Raises SettingsError, in Chinese, with the reason."""
    package = open_template(template, _RENDERED)
    if DOCUMENT not in package.parts:
        raise SettingsError(f"{name}：不是 Word 文档（.docx）。")
    try:
        sources = {part: _source(data) for part, data in package.parts.items()}
        patched = {part: _patched(source) for part, source in sources.items()}
        moving = {part: text for part, text in patched.items() if part == DOCUMENT or _TAG.search(text)}
        parts = {part: _ENVIRONMENT.from_string(text) for part, text in moving.items()}
    except (etree.XMLSyntaxError, TemplateError) as error:
        raise SettingsError(_complaint(name, error)) from error
    still = tuple(member for member in package.members if member.name not in moving)
    return Letter(name, still, parts, _uneven(sources[DOCUMENT]))


def render_letter(template: bytes, name: str, values: Mapping[str, object]) -> bytes:
    """One document from a template: `compile_letter` (memoised) and `render`."""
    return compile_letter(template, name).render(values)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _source(data: bytes) -> str:
    return etree.tostring(etree.fromstring(data, _parser()), encoding="unicode")


def _patched(source: str) -> str:
    text = DocxTemplate(None).patch_xml(source)
    for written, literal in _LITERAL.items():
        text = text.replace(written, literal)
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", text)


def _uneven(source: str) -> bool:
    """Rows may get more or fewer cells than the grid has columns, or drawings may be repeated."""
    return "<wp:docPr" in source or _COLUMNS.search(re.sub(r"<[^>]*>", "", source)) is not None


def _listings(xml: str) -> str:
    """Line feeds and tabs inside values become line breaks and tab stops, as docxtpl does it."""
    resolved: str = DocxTemplate(None).resolve_listing(xml)
    return resolved


def _mended(text: str) -> etree._Element:
    mender = DocxTemplate(None)
    mender.docx_ids_index = 1000
    tree: etree._Element = mender.fix_tables(text.encode())
    mender.fix_docpr_ids(tree)
    return tree


def _bytes(tree: etree._Element) -> bytes:
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _complaint(name: str, error: Exception) -> str:
    """What is wrong with the template, for the person who wrote it."""
    if isinstance(error, UndefinedError):
        field = re.search(r"'([^']+)' is undefined|attribute '([^']+)'", str(error))
        word = next((group for group in field.groups() if group), "") if field else ""
        return f"{name}：模板要用「{word}」，但没有这一项的内容。请检查模板里的标签是否写错。"
    if isinstance(error, SecurityError):
        return f"{name}：模板里有不允许的表达式（{error}）。标签里只能写字段名、循环和条件。"
    if isinstance(error, TemplateSyntaxError):
        return f"{name}：模板里的标签写错了（{error.message}）。请检查 {{{{ }}}} 和 {{% %}} 是否成对。"
    return f"{name}：模板不能使用（{error}）。请用 Word 打开检查后重新保存。"
