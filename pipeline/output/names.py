"""File names made of what people wrote, safe on Windows, on a share and in a shell; and writing a file whole or not.

A value never becomes a path: separators, reserved characters, invisible and direction-changing characters go, device
names of Windows get an underscore, the length is counted in UTF-8 bytes.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from typing import TYPE_CHECKING

from pipeline.store import durable

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 120
"""Bytes of UTF-8 of a whole file name."""

_FORBIDDEN = str.maketrans({**dict.fromkeys('<>:"/\\|?*', "_"), "\n": " ", "\r": " ", "\t": " "})
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(?=\.|$)", re.IGNORECASE)


def safe_name(text: str, suffix: str = "", *, limit: int = LIMIT) -> str:
    """A file or folder name (one path component) for a text; `suffix` like ".docx" is kept whole.

    Names that differ only in what is dropped come out equal: put a number in front where they must differ.
    """
    shown = unicodedata.normalize("NFC", text.translate(_FORBIDDEN))
    kept = "".join(c for c in shown if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    stem = re.sub(r"\s+", " ", kept).strip(" .")
    if _DEVICE.match(stem):
        stem = f"_{stem}"
    stem = _cut(stem or "未命名", limit - len(suffix.encode())).rstrip(" .")
    return stem + suffix


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def write_whole(path: Path, data: bytes, *, below: Path) -> None:
    """The file is there with all its bytes or not at all; an older version of it is replaced in one step.

    Nothing is done when the file already holds these bytes, so a file that someone has open is not replaced in vain.
    Missing folders are made under `below`, which must exist: a share that is down is an error, not an empty folder.
    """
    if path.is_file() and not path.is_symlink() and path.read_bytes() == data:
        return
    with durable.Folders() as folders:
        folders.make(path.parent, below=below)
        temporary = path.with_name(f".{hashlib.sha256(path.name.encode()).hexdigest()[:16]}.tmp")
        with durable.create(temporary) as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        folders.changed(path.parent)
