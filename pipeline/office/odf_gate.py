"""OpenDocument texts and sheets before LibreOffice sees them: a new package of the few parts that a form needs.

The same distrust of the zip as for today's files; no DOCTYPE; no scripts, macros, embedded objects, linked sections,
sheets or fonts; no picture but plain ones inside the file; no formula that asks elsewhere (its result stays). Plain
hyperlinks stay. Flat ODF (one XML file) is not let in at all.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.errors import Unreadable
from pipeline.office.members import list_members, unpack
from pipeline.office.package import parse_xml
from pipeline.office.zip_bytes import STORED, Member, join, packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.office import members
    from pipeline.settings import Limits

_TYPE = "application/vnd.oasis.opendocument."
_KINDS = {"text": "odt", "text-template": "odt", "spreadsheet": "ods", "spreadsheet-template": "ods"}
_MIMETYPE_BYTES = 100
_XML_PARTS = ("styles.xml", "content.xml")
_PICTURE_NAME = re.compile(r"pictures/[\w.-]+")
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM")
_MANIFEST = "meta-inf/manifest.xml"
_MANIFEST_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_HREF = "{http://www.w3.org/1999/xlink}href"
_LINKS = ("a", "bookmark-ref")
_GO = {
    "scripts", "event-listeners", "event-listener", "section-source", "table-source", "cell-range-source",
    "dde-source", "dde-connection-decls", "database-source-sql", "database-source-table", "database-source-query",
    "font-face-src", "floating-frame", "plugin", "applet", "object", "object-ole", "model", "template", "auto-reload",
}  # fmt: skip
_FORMULAS = {"formula", "expression", "condition"}
_OUTSIDE = re.compile(r"#\$|://|file:|\\\\|webservice|filterxml|\bdde|indirect|\bsql", re.IGNORECASE)


def odf_kind(data: bytes) -> str:
    """odt or ods, "" for anything else; a look at the first member alone, as the format prescribes."""
    head = data[:200]
    if not head.startswith(b"PK\x03\x04") or head[30:38] != b"mimetype":
        return ""
    found = re.match(rb"[a-z-]+", head[38:].partition(_TYPE.encode())[2])
    return _KINDS.get(found[0].decode(), "") if found else ""


def cleaned_odf(data: bytes, limits: Limits) -> tuple[bytes, frozenset[str]]:
    """The package anew, and the codes of what was left out: external_parts, macros.

    Raises Unreadable: too_large, bomb, corrupt, encrypted, forbidden_xml.
    """
    found = list_members(data, limits)
    if _MANIFEST in found and b"encryption-data" in unpack(data, found[_MANIFEST]):
        raise Unreadable("encrypted")
    if "content.xml" not in found:
        raise Unreadable("corrupt", reason="missing", part="content.xml")
    kind = _TYPE + {"odt": "text", "ods": "spreadsheet"}[odf_kind(data)]
    codes = {"macros"} if any(name.startswith(("basic/", "scripts/")) for name in found) else set()
    parts: dict[str, bytes] = {}
    for name in _XML_PARTS:
        if name in found:
            root = parse_xml(unpack(data, found[name]))
            codes |= {"external_parts"} if _clean(root) else set()
            parts[name] = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    parts.update(_pictures(data, found))
    return _package(kind, parts), frozenset(codes)


def _pictures(data: bytes, found: Mapping[str, members.Member]) -> Iterator[tuple[str, bytes]]:
    for key, member in found.items():
        if _PICTURE_NAME.fullmatch(key) and (picture := unpack(data, member)).startswith(_PICTURES):
            yield member.name, picture


def _package(kind: str, parts: Mapping[str, bytes]) -> bytes:
    manifest = etree.Element(f"{{{_MANIFEST_NAMESPACE}}}manifest", nsmap={"manifest": _MANIFEST_NAMESPACE})
    for path in ("/", *parts):
        entry = etree.SubElement(manifest, f"{{{_MANIFEST_NAMESPACE}}}file-entry")
        entry.set(f"{{{_MANIFEST_NAMESPACE}}}full-path", path)
        media = kind if path == "/" else "text/xml" if path in _XML_PARTS else ""
        entry.set(f"{{{_MANIFEST_NAMESPACE}}}media-type", media)
    mark = kind.encode()
    first = Member("mimetype", STORED, zlib.crc32(mark), len(mark), mark)
    listing = packed("META-INF/manifest.xml", etree.tostring(manifest, encoding="UTF-8", xml_declaration=True))
    return join((first, *(packed(name, part) for name, part in parts.items()), listing))


def _clean(root: etree._Element) -> bool:
    """Take out what reaches elsewhere; whether there was any."""
    found = False
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        parent = element.getparent()
        if name in _GO and parent is not None:
            found = found or _is_outside(element.get(_HREF, ""))
            _remove(element, parent)
        else:
            found = _clean_attributes(element, name) or found
    return found


def _clean_attributes(element: etree._Element, name: str) -> bool:
    gone = [key for key, value in element.attrib.items() if _reaches_out(str(key), str(value), name)]
    for key in gone:
        del element.attrib[key]
    return bool(gone)


def _reaches_out(key: str, value: str, name: str) -> bool:
    if key == _HREF:
        target = value.removeprefix("./")
        return name not in _LINKS and not target.startswith(("Pictures/", "#"))
    return etree.QName(key).localname in _FORMULAS and bool(_OUTSIDE.search(value))


def _is_outside(target: str) -> bool:
    """Whether a link leaves the package; inside, an object has a folder of its own."""
    return ":" in target or target.startswith(("/", "..", "\\"))


def _remove(element: etree._Element, parent: etree._Element) -> None:
    """An element without the text that follows it."""
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
