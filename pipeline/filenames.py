"""Names of files that others chose, on a disk or inside an archive: debris told from submissions, and how one is shown.

The bytes on disk are the truth; what is shown, recorded or built into a new name is a cleaned text.
"""

from __future__ import annotations

import os
import re
import unicodedata
from fnmatch import fnmatchcase

NAME_BYTES = 255
_SUFFIX = 10
_DEBRIS = (
    "~$*", ".~*", "~.*", "~wrl*.tmp", "~wrd*", "*.tmp", "*.crdownload", "*.part", "*.filepart", "*.partial",
    ".syncthing.*", "~syncthing~*", "._*", ".ds_store", "thumbs.db", "desktop.ini", "*.lnk", ".intake-id", ".gitkeep",
)  # fmt: skip
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)
TURN = re.compile(r"_核定后(\d*)(?=\.[^.]*$)")
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))


def is_debris(name: str) -> bool:
    """Lock files, half downloads and the like: never a submission (reliability A7)."""
    lowered = name.lower()
    return any(fnmatchcase(lowered, pattern) for pattern in _DEBRIS)


def text_of(raw: bytes) -> str:
    """The bytes of a name as text: UTF-8, else what a Chinese Windows writes, else with marks for what is neither."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def shown(name: str) -> str:
    """A name from the disk as harmless text: valid Unicode, no control or invisible characters, legal on Windows.

    For an honest name this is the name itself.
    """
    text = unicodedata.normalize("NFC", text_of(os.fsencode(name)))
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co"))
    text = text.translate(_FORBIDDEN).rstrip(". ") or "_"
    return f"_{text}" if _RESERVED.fullmatch(text) else text


def is_clean(name: str) -> bool:
    """Whether a folder name can be taken as it is."""
    return shown(name) == name and not name.startswith(".")


def built(stem: str, tail: str, *, head: str = "") -> str:
    """head + stem + tail, the stem cut at a whole character so that the name fits in 255 bytes."""
    room = NAME_BYTES - len((head + tail).encode())
    cut = stem.encode()[:room].decode("utf-8", "ignore")
    return f"{head}{cut}{tail}"


def split(name: str) -> tuple[str, str]:
    """Stem and suffix; an absurdly long suffix counts as part of the stem."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem and len(suffix) < _SUFFIX else (name, "")
