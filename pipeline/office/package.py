"""The safe door to .docx and .xlsx files: from bytes to checked parts.

Nothing is followed and nothing is run: external relations, macros, embedded files and DTDs stay shut. Parts are
found by content types and relationships, never by name. Strict Open XML is read by rewriting its namespaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from lxml import etree

from pipeline.errors import Unreadable
from pipeline.office import names
from pipeline.office.archive import is_office
from pipeline.office.members import Member, list_members, unpack
from pipeline.office.sniff import require_zip

if TYPE_CHECKING:
    from pipeline.settings import Limits

_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)
_TYPES_PART = "[content_types].xml"
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_STRICT = "http://purl.oclc.org/ooxml/"
_SMALL = 16 * 1024


@dataclass(frozen=True, slots=True)
class Relation:
    """An internal relation of a part: its id, the last word of its type, and the target part's name."""

    id: str
    type: str
    target: str


@dataclass(frozen=True, slots=True)
class _Types:
    """[Content_Types].xml: by lower-case part name and by extension."""

    overrides: dict[str, str]
    defaults: dict[str, str]

    def of(self, part: str) -> str:
        key = part.lower()
        return self.overrides.get("/" + key) or self.defaults.get(key.rpartition(".")[2], "")

    def macros(self) -> bool:
        types = (*self.overrides.values(), *self.defaults.values())
        return any("macroEnabled" in kind or "vbaProject" in kind or "macrosheet" in kind for kind in types)


class Package:
    """An open file: `kind`, its `main` part, whether it carries `macros` (never run), and its parts on demand.

    `suffix`: the only ending under which Word or Excel open it: docx, docm, dotx, dotm, xlsx, xlsm, xltx, xltm.
    """

    __slots__ = ("_data", "_members", "_relations", "kind", "macros", "main", "strict", "suffix")

    def __init__(self, data: bytes, members: dict[str, Member]) -> None:
        self._data = data
        self._members = members
        self._relations: dict[str, tuple[Relation, ...]] = {}
        self.strict = False
        types = _content_types(self._unpack(_TYPES_PART))
        self.main = self._main_part()
        content_type = types.of(self.main)
        self.kind = _kind(content_type)
        self.suffix = _suffix(self.kind, content_type)
        self.macros = types.macros()

    def has(self, part: str) -> bool:
        """Whether the part exists. Names are compared without regard to case, as the format demands."""
        return part.lower() in self._members

    def read(self, part: str) -> bytes:
        """An XML part's bytes, in transitional namespaces. Raises Unreadable when it is missing or damaged."""
        xml = self._unpack(part.lower())
        return _transitional(xml) if self.strict else xml

    def xml(self, part: str) -> etree._Element:
        """The part's root element. Raises Unreadable: corrupt or forbidden_xml (it has a DOCTYPE)."""
        return parse_xml(self.read(part))

    def relations(self, part: str) -> tuple[Relation, ...]:
        """The internal relations of a part ("" for the package itself); external ones are left out."""
        known = self._relations.get(part)
        if known is None:
            folder, _, name = part.rpartition("/")
            rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
            known = _relations(self._unpack(rels.lower()), folder) if self.has(rels) else ()
            self._relations[part] = known
        return known

    def _unpack(self, key: str) -> bytes:
        member = self._members.get(key)
        if member is None:
            raise Unreadable("corrupt", reason="missing", part=key)
        return unpack(self._data, member)

    def _main_part(self) -> str:
        xml = self._unpack("_rels/.rels")
        self.strict = _STRICT.encode() in xml
        for relation in _relations(xml, ""):
            if relation.type == "officeDocument":
                return relation.target
        raise Unreadable("not_office", format="opc")


def open_package(data: bytes, limits: Limits) -> Package:
    """Open a submitted file. Raises Unreadable with the code that says why it is not one of ours."""
    if len(data) > limits.file_bytes:
        raise Unreadable("too_large", reason="file", limit=str(limits.file_bytes), found=str(len(data)))
    require_zip(data)
    members = list_members(data, limits)
    if _TYPES_PART not in members:
        raise _foreign_zip(data, members)
    return Package(data, members)


def parse_xml(xml: bytes) -> etree._Element:
    """The root element of an XML part. Raises Unreadable: forbidden_xml for any DOCTYPE, else corrupt."""
    try:
        root = etree.fromstring(xml, _PARSER)
    except etree.XMLSyntaxError:
        dtd = any(mark in xml for mark in _DOCTYPES)
        raise Unreadable("forbidden_xml" if dtd else "corrupt", reason="xml") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("forbidden_xml", reason="xml")
    return root


def _kind(content_type: str) -> Literal["docx", "xlsx"]:
    kind = content_type.lower()
    if "sheet.binary" in kind:
        raise Unreadable("old_format", format="xlsb")
    if "wordprocessingml" in kind or "ms-word" in kind:
        return "docx"
    if "spreadsheetml" in kind or "ms-excel" in kind:
        return "xlsx"
    found = "pptx" if "presentationml" in kind or "powerpoint" in kind else "other"
    raise Unreadable("not_office", format=found)


def _suffix(kind: str, content_type: str) -> str:
    template, macros = "template" in content_type.lower(), "macroenabled" in content_type.lower()
    first = {"docx": "dot", "xlsx": "xlt"}[kind] if template else kind[:3]
    return first + ("m" if macros else "x")


def _foreign_zip(data: bytes, members: dict[str, Member]) -> Unreadable:
    if "ofd.xml" in members:
        return Unreadable("ofd", format="ofd")
    mimetype = members.get("mimetype")
    if mimetype is not None and mimetype.size < 100 and b"opendocument" in (kind := unpack(data, mimetype)):
        found = "odt" if kind.endswith(b".text") else "ods" if kind.endswith(b".spreadsheet") else "odf"
        return Unreadable("not_office", format=found)
    if is_office(members):
        return Unreadable("corrupt", reason="missing", part=_TYPES_PART)
    return Unreadable("nested_archive" if members else "archive_empty", format="zip")


def _content_types(xml: bytes) -> _Types:
    return _types_of(xml) if len(xml) <= _SMALL else _types_of.__wrapped__(xml)


def _relations(xml: bytes, folder: str) -> tuple[Relation, ...]:
    return _relations_of(xml, folder) if len(xml) <= _SMALL else _relations_of.__wrapped__(xml, folder)


# Forms of one template share these two little parts byte by byte; big ones are not worth keeping in memory.
@lru_cache(maxsize=64)
def _types_of(xml: bytes) -> _Types:
    types = _Types({}, {})
    for entry in parse_xml(xml):
        kind = entry.get("ContentType", "")
        if entry.tag == names.TYPE_OVERRIDE:
            types.overrides[entry.get("PartName", "").lower()] = kind
        elif entry.tag == names.TYPE_DEFAULT:
            types.defaults[entry.get("Extension", "").lower()] = kind
    return types


@lru_cache(maxsize=64)
def _relations_of(xml: bytes, folder: str) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            entry.get("Id", ""), entry.get("Type", "").rpartition("/")[2], _resolve(folder, entry.get("Target", ""))
        )
        for entry in parse_xml(xml)
        if entry.tag == names.RELATIONSHIP and entry.get("TargetMode", "").lower() != "external"
    )


def _resolve(folder: str, target: str) -> str:
    """A relation's target as a part name; `..` never leaves the package."""
    target = target.replace("\\", "/")
    steps = [] if target.startswith("/") or not folder else folder.split("/")
    for step in target.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _transitional(xml: bytes) -> bytes:
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("strict_ooxml")
    for strict, transitional in names.STRICT_TO_TRANSITIONAL.items():
        for quote in (b'"', b"'"):
            xml = xml.replace(quote + strict + quote, quote + transitional + quote)
    return xml
