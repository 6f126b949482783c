"""What filling a Word and an Excel template have in common: members kept packed, texts made safe, holes in XML text.

A part is prepared once: every hole becomes a token that XML carries unharmed, the part is serialised, and the text is
cut at the tokens. Filling is then nothing but joining strings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from pipeline.errors import SettingsError
from pipeline.office.package_edit import parse_xml
from pipeline.office.zip_bytes import Member, packed

if TYPE_CHECKING:
    from collections.abc import Mapping

OPEN, CLOSE = "\ue0f0", "\ue0f1"
"""Private characters around a token; a template that holds them is refused."""

BLANK_ROWS = 10
"""A ledger without rows is a blank: so many empty rows to be filled in."""

TOKEN = re.compile(f"{OPEN}([a-z])(\\d+){CLOSE}")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class TemplatePackage:
    """A template opened once: its members packed as they lie there, and the parts that were asked for."""

    members: tuple[Member, ...]
    parts: Mapping[str, bytes]


def open_template(template: bytes, wanted: re.Pattern[str]) -> TemplatePackage:
    """The members, and the content of those whose whole name matches. Raises SettingsError when it is no package."""
    try:
        with ZipFile(BytesIO(template)) as package:
            infos = [info for info in package.infolist() if not info.is_dir()]
            members = tuple(_member(package, template, info) for info in infos)
            parts = {info.filename: package.read(info) for info in infos if wanted.fullmatch(info.filename)}
    except (BadZipFile, NotImplementedError, RuntimeError) as error:
        raise SettingsError("模板文件已损坏，不能打开，请用 Word 或 Excel 重新保存。") from error
    return TemplatePackage(members, parts)


def _member(package: ZipFile, template: bytes, info: ZipInfo) -> Member:
    """As it lies there; reading it proves its checksum."""
    data = package.read(info)
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return packed(info.filename, data)
    lengths = info.header_offset + 26
    name = int.from_bytes(template[lengths : lengths + 2], "little")
    extra = int.from_bytes(template[lengths + 2 : lengths + 4], "little")
    start = lengths + 4 + name + extra
    return Member(info.filename, info.compress_type, info.CRC, len(data), template[start : start + info.compress_size])


def parse_part(data: bytes, name: str) -> etree._Element:
    """The root of a part. Raises SettingsError."""
    try:
        root = parse_xml(data)
    except etree.XMLSyntaxError as error:
        raise SettingsError(f"模板的部件 {name} 已损坏，请用 Word 或 Excel 重新保存。") from error
    if any(char.encode() in data for char in (OPEN, CLOSE)):
        raise SettingsError("模板里有不能使用的专用字符，请删去后重新保存。")
    return root


def token(kind: str, number: int) -> str:
    """A hole of a kind (one small letter)."""
    return f"{OPEN}{kind}{number}{CLOSE}"


def serialise_text(root: etree._Element) -> str:
    """A part as text, without the XML declaration; `encode_part` puts it back."""
    return etree.tostring(root, encoding="unicode")


def encode_part(text: str) -> bytes:
    """The bytes of a part from its text."""
    return b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n" + text.encode()


def clean(text: str) -> str:
    """The text with all line ends as line feeds. ValueError for characters that XML cannot hold (C0, surrogates)."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if match := _FORBIDDEN.search(text):
        raise ValueError(f"U+{ord(match[0]):04X} at {match.start()}")
    return text


def escape(text: str) -> str:
    """For XML element content."""
    return text.translate(_ESCAPES)


def value_of(values: Mapping[str, str], name: str) -> str:
    """The text of a field; ValueError when it was not given, so that no hole is left empty by mistake."""
    try:
        return values[name]
    except KeyError:
        raise ValueError(f"模板要用「{name}」，但没有这一项的内容") from None
