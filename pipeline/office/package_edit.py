"""Changes a few parts of an Office package and leaves every other member as it is, down to its packed bytes.

Knows parts, relationships and content types (ECMA-376 part 2), nothing of Word or Excel. Does not look for bombs or
forbidden XML: what comes here has passed the safe door of `office`; entities and the net are off all the same.
"""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.office.zip_bytes import Member, join, packed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

OFFICE_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPES_PART = "[Content_Types].xml"
_LOCAL_HEADER = 30


def parse_xml(data: bytes) -> Element:
    """The root of an untrusted part: no entities, no net, libxml2's own limits."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    return etree.fromstring(data, parser)


def serialise(root: Element) -> bytes:
    """The bytes of a part, UTF-8 with the XML declaration Office writes."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


class PackageEdit:
    """A package being changed. Part names have no leading slash."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._zip = zipfile.ZipFile(BytesIO(data))
        self._infos = {info.filename: info for info in self._zip.infolist()}
        self._roots: dict[str, Element] = {}
        self._changed: dict[str, bytes | None] = {}
        self._dirty: set[str] = set()

    def names(self) -> list[str]:
        """Every member, in the order of the package, new ones last."""
        new = [name for name in self._changed if name not in self._infos]
        return [name for name in (*self._infos, *new) if name in self]

    def __contains__(self, name: str) -> bool:
        return self._changed[name] is not None if name in self._changed else name in self._infos

    def read(self, name: str) -> bytes:
        """The content of a part as it was stored last."""
        if name in self._dirty:
            self._dirty.discard(name)
            self._changed[name] = serialise(self._roots[name])
        content = self._changed.get(name)
        return self._zip.read(name) if content is None else content

    def root(self, name: str) -> Element:
        """The parsed part; a change to it counts once `save` has been called for it."""
        if name not in self._roots:
            self._roots[name] = parse_xml(self.read(name))
        return self._roots[name]

    def save(self, name: str) -> None:
        """Marks the tree that `root` gave out as changed; it is written when somebody reads it."""
        self._changed.setdefault(name, b"")
        self._dirty.add(name)

    def put(self, name: str, content: bytes) -> None:
        """Adds or replaces a part."""
        self._forget(name)
        self._changed[name] = content

    def drop(self, name: str) -> None:
        """Removes a part with its relationships and its content type."""
        for gone in (name, relations_part(name)):
            self._forget(gone)
            self._changed[gone] = None
        types = self.root(_TYPES_PART)
        for entry in types.findall(f"{{{_TYPES}}}Override"):
            if entry.get("PartName", "").lower() == f"/{name}".lower():
                types.remove(entry)
                self.save(_TYPES_PART)

    def _forget(self, name: str) -> None:
        self._roots.pop(name, None)
        self._dirty.discard(name)

    def free_name(self, pattern: str) -> str:
        """The first part name of `pattern` (with one {}) that is not taken, counted from 1."""
        taken = {name.lower() for name in self.names()}
        number = 1
        while pattern.format(number).lower() in taken:
            number += 1
        return pattern.format(number)

    def to_bytes(self) -> bytes:
        """The package; the very bytes that came in when nothing was changed."""
        if not any(content is not None or name in self._infos for name, content in self._changed.items()):
            return self._data
        return join(self._member(name) for name in self.names())

    def _member(self, name: str) -> Member:
        if self._changed.get(name) is None:
            return self._untouched(self._infos[name])
        return packed(name, self.read(name))

    def _untouched(self, info: zipfile.ZipInfo) -> Member:
        head = self._data[info.header_offset : info.header_offset + _LOCAL_HEADER]
        lengths = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        start = info.header_offset + _LOCAL_HEADER + lengths
        raw = self._data[start : start + info.compress_size]
        return Member(info.filename, info.compress_type, info.CRC, info.file_size, raw)

    def related(self, part: str, kind: str) -> list[tuple[str, str]]:
        """Relationship id and target part of every inner relationship of `kind` ("" = the package itself)."""
        relations = relations_part(part)
        if relations not in self:
            return []
        return [
            (entry.get("Id", ""), _resolve(part, entry.get("Target", "")))
            for entry in self.root(relations)
            if entry.get("Type") == kind and entry.get("TargetMode") != "External"
        ]

    def relate(self, part: str, kind: str, target: str) -> str:
        """Adds a relationship from `part` to the part `target` and gives its new id."""
        relations = relations_part(part)
        if relations not in self:
            self.put(relations, f'<Relationships xmlns="{_RELATIONS}"/>'.encode())
        root = self.root(relations)
        identifier = _free_id(entry.get("Id", "") for entry in root)
        etree.SubElement(
            root,
            f"{{{_RELATIONS}}}Relationship",
            Id=identifier,
            Type=kind,
            Target=posixpath.relpath(target, posixpath.dirname(part) or "."),
        )
        self.save(relations)
        return identifier

    def unrelate(self, part: str, identifier: str) -> None:
        """Takes a relationship away, and the list of relationships with its last entry."""
        relations = relations_part(part)
        root = self.root(relations)
        for entry in list(root):
            if entry.get("Id") == identifier:
                root.remove(entry)
        if len(root):
            self.save(relations)
        else:
            self.drop(relations)

    def declare(self, part: str, content_type: str) -> None:
        """Says what a new part is."""
        types = self.root(_TYPES_PART)
        etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{part}", ContentType=content_type)
        self.save(_TYPES_PART)

    def declare_extension(self, extension: str, content_type: str) -> None:
        """Says what parts with this extension are, unless it has been said."""
        types = self.root(_TYPES_PART)
        entries = types.findall(f"{{{_TYPES}}}Default")
        if all(entry.get("Extension", "").lower() != extension for entry in entries):
            types.insert(0, types.makeelement(f"{{{_TYPES}}}Default", Extension=extension, ContentType=content_type))
            self.save(_TYPES_PART)

    def forget_extension(self, extension: str) -> None:
        """Takes back `declare_extension` once no part with this extension is left."""
        types = self.root(_TYPES_PART)
        if any(name.lower().endswith(f".{extension}") for name in self.names()):
            return
        for entry in types.findall(f"{{{_TYPES}}}Default"):
            if entry.get("Extension", "").lower() == extension:
                types.remove(entry)
                self.save(_TYPES_PART)


def relations_part(part: str) -> str:
    """Where the relationships of a part are kept ("" = of the package)."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolve(part: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _free_id(taken: Iterable[str]) -> str:
    used = set(taken)
    number = len(used) + 1
    while f"rId{number}" in used:
        number += 1
    return f"rId{number}"
