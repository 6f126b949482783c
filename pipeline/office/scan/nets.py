"""The two nets of the OCR extra: where text stands on a page, and what a line says, character by character.

The nets lie in the installed package; nothing is ever downloaded. Knowingly not: words, languages or meaning; what
comes out is what the nets say, with what they give for it.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
import onnxruntime

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.office.scan.bitmap import Grey

_PACKAGE = "rapidocr"
_LINE_HEIGHT = 48
_SHORTEST, _LONGEST = 16, 3200
_BATCH_PIXELS = 5600
"""Width of all lines of one call together: bounds the memory of the answer, 18,000 chances for every 8 pixels."""
_STRIDE = 32
_TEXT, _SURE_TEXT = 0.3, 0.5
_UNCLIP = 1.6


class Box(NamedTuple):
    """A rectangle of a bitmap in pixels, right and bottom edge excluded."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Pixels."""
        return self.y1 - self.y0


class Char(NamedTuple):
    """A character of a line. `score`: 0…1; `rival`: the next best one with its score; `at`: its middle, 0…1."""

    text: str
    score: float
    rival: str
    rival_score: float
    at: float


class Nets:
    """Both nets, loaded once."""

    def __init__(self, threads: int) -> None:
        """`threads`: of the processor, for each call."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._finder = _session("det", options)
        self._reader = _session("rec", options)
        keys = self._reader.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._keys = ["", *keys, " "]

    def find(self, page: Grey) -> list[Box]:
        """Boxes around the lines of text on a page, in no order."""
        height, width = page.shape
        padded = np.pad(page, ((0, -height % _STRIDE), (0, -width % _STRIDE)), mode="edge")
        heat = self._finder.run(None, {self._finder.get_inputs()[0].name: _tensor(padded)[None]})[0][0, 0]
        heat = heat[:height, :width]
        bits = cv2.dilate((heat > _TEXT).astype(np.uint8), np.ones((2, 2), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(bits)
        boxes = (_grown(heat, labels == number, stats[number].tolist()) for number in range(1, count))
        return [box for box in boxes if box is not None]

    def read(self, lines: Sequence[Grey]) -> list[list[Char]]:
        """What each line says."""
        sized = [_resized(line) for line in lines]
        order = sorted(range(len(sized)), key=lambda at: sized[at].shape[1])
        answers: list[list[Char]] = [[] for _ in sized]
        while order:
            batch = [order.pop(0)]
            while order and sized[order[0]].shape[1] * (len(batch) + 1) <= _BATCH_PIXELS:
                batch.append(order.pop(0))
            for at, chars in zip(batch, self._read([sized[at] for at in batch]), strict=True):
                answers[at] = chars
        return answers

    def _read(self, batch: Sequence[Grey]) -> list[list[Char]]:
        widest = max(line.shape[1] for line in batch)
        tensor = np.zeros((len(batch), 3, _LINE_HEIGHT, widest), np.float32)
        for number, line in enumerate(batch):
            tensor[number, :, :, : line.shape[1]] = _tensor(line)
        chances = self._reader.run(None, {self._reader.get_inputs()[0].name: tensor})[0]
        return [self._chars(chances[number], line.shape[1] / widest) for number, line in enumerate(batch)]

    def _chars(self, chances: NDArray[np.float32], share: float) -> list[Char]:
        """The best path: a run of one key is one character, the empty key parts them."""
        best = chances.argmax(axis=1)
        starts = np.flatnonzero(np.diff(best, prepend=-1)).tolist()
        found: list[Char] = []
        for start, stop in zip(starts, [*starts[1:], len(best)], strict=True):
            key = int(best[start])
            if key == 0:
                continue
            peak = chances[start + int(chances[start:stop, key].argmax())].copy()
            score, peak[key] = float(peak[key]), 0
            second = int(peak.argmax())
            at = min((start + stop) / 2 / len(best) / share, 1.0)
            found.append(Char(self._keys[key], score, self._keys[second], float(peak[second]), at))
        return found


def _session(kind: str, options: object) -> Any:
    """The net of that kind in the installed package. FileNotFoundError when the package holds none."""
    folder = resources.files(_PACKAGE).joinpath("models")
    names = sorted(one.name for one in folder.iterdir() if f"_{kind}_" in one.name and one.name.endswith(".onnx"))
    if not names:
        raise FileNotFoundError(kind)
    data = folder.joinpath(names[-1]).read_bytes()
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _grown(heat: NDArray[np.float32], core: NDArray[np.bool_], stats: Sequence[int]) -> Box | None:
    """The net marks the core of a line: its box, made larger by the measure the net was trained with."""
    x, y, w, h = stats[:4]
    if min(w, h) < 3 or float(heat[y : y + h, x : x + w][core[y : y + h, x : x + w]].mean()) < _SURE_TEXT:
        return None
    grow = round(w * h * _UNCLIP / (2 * (w + h)))
    bottom, right = heat.shape
    return Box(max(x - grow, 0), max(y - grow, 0), min(x + w + grow, right), min(y + h + grow, bottom))


def _tensor(picture: Grey) -> NDArray[np.float32]:
    """−1 … 1 in three equal planes."""
    plane = picture.astype(np.float32) / 127.5 - 1
    return np.broadcast_to(plane, (3, *picture.shape))


def _resized(line: Grey) -> Grey:
    height, width = line.shape
    wide = min(max(round(width * _LINE_HEIGHT / height), _SHORTEST), _LONGEST)
    how = cv2.INTER_AREA if height > _LINE_HEIGHT else cv2.INTER_CUBIC
    return cv2.resize(line, (wide, _LINE_HEIGHT), interpolation=how).astype(np.uint8, copy=False)
