"""What travels between parent and worker: a length, JSON, and byte strings. Never pickles, never more than a limit."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = dict[str, Any]
_HEAD = struct.Struct(">I")
JSON_LIMIT = 64 * 1024 * 1024
BYTES_LIMIT = 256 * 1024 * 1024


class BrokenFrame(Exception):  # noqa: N818 - an end of conversation, not a mistake of the caller
    """The other side ended or talks nonsense."""


def send(stream: BinaryIO, message: Json, blobs: Sequence[bytes] = ()) -> None:
    """Write one message with its byte strings."""
    text = json.dumps({"message": message, "blobs": [len(blob) for blob in blobs]}, ensure_ascii=True).encode()
    stream.write(_HEAD.pack(len(text)) + text)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[Json, list[bytes]]:
    """Read one message; BrokenFrame at the end of the stream or when it is not one of ours."""
    size = _HEAD.unpack(_exactly(stream, _HEAD.size))[0]
    if size > JSON_LIMIT:
        raise BrokenFrame
    try:
        frame = json.loads(_exactly(stream, size))
        message, sizes = frame["message"], [int(item) for item in frame["blobs"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BrokenFrame from error
    if not isinstance(message, dict) or min(sizes, default=0) < 0 or sum(sizes) > BYTES_LIMIT:
        raise BrokenFrame
    return message, [_exactly(stream, size) for size in sizes]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise BrokenFrame
    return data
