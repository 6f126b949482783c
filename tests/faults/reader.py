"""The reader of `pipeline check` with a bad day: on some names it raises, hangs or ends its worker."""

from __future__ import annotations

import os
import time
from typing import Any

from pipeline.work.reader import Reader, reader

Json = dict[str, Any]


def make(config: Json) -> Moody:
    return Moody(reader(config))


class Moody:
    def __init__(self, whole: Reader) -> None:
        self._whole = whole

    def examine(self, data: bytes, request: Json) -> Json:
        name = request["arrival"]["name"]
        if name.startswith("错"):
            raise ZeroDivisionError(name)
        if name.startswith("死"):
            os._exit(9)
        if name.startswith("停"):
            time.sleep(600)
        return self._whole.examine(data, request)
