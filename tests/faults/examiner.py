"""A small examiner for tests of the flow: forms are lines of text, so that a test can say what a file is.

type: 申请表        (a line per form: `form key=… name=… verdict=… codes=a,b answers=…`)
Special contents: `die` ends the worker, `sleep` hangs, `defect` raises, `memory` asks for too much.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

Json = dict[str, Any]


def make(config: Json) -> Small:
    return Small(config)


class Small:
    def __init__(self, config: Json) -> None:
        self.config = config

    def examine(self, data: bytes, request: Json) -> Json:
        text = data.decode("utf-8", "replace")
        _misbehave(text)
        if not text.startswith("form"):
            return {"forms": [_form(None, "unknown", [_finding("unknown_form")])], "kind": ""}
        return {"forms": [self._line(line) for line in text.splitlines() if line.startswith("form")], "kind": "docx"}

    def render(self, data: bytes, request: Json) -> bytes | None:
        said = {name: request[name] for name in ("kind", "notice", "outcomes", "marked")}
        if data.endswith(b"no copy") and request["kind"] == "marked":
            raise ValueError("cannot")
        if data.endswith(b"no slip") and request["kind"] == "slip":
            raise ValueError("cannot")
        return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()

    def _line(self, line: str) -> Json:
        said = dict(part.split("=", 1) for part in line.split()[1:] if "=" in part)
        findings = [_finding(code) for code in said.get("codes", "").split(",") if code]
        verdict = said.get("verdict") or ("returned" if findings else "accepted")
        form = _form(said.get("type", "申请表"), verdict, findings, said.get("answers", ""))
        form |= {"key": said.get("key", ""), "prefix": said.get("prefix", ""), "unit_code": said.get("code", "")}
        form["outcome"]["fields"] = {"roster": {"text": json.dumps(self.config["roster"].get("type")), "value": None}}
        return form


def _form(kind: str | None, verdict: str, findings: list[Json], answers: str = "") -> Json:
    outcome = {"type": kind, "layout": "form" if kind else None, "verdict": verdict, "fields": {}, "rows": []}
    return {"outcome": {**outcome, "findings": findings, "answers": answers}, "due": None}


def _finding(code: str) -> Json:
    code, _, field = code.partition("@")
    return {"code": code, "severity": "error", "field": field or None, "row": None, "place": None, "at": None,
            "found": "", "facts": {}}  # fmt: skip


def _misbehave(text: str) -> None:
    if text.startswith("die"):
        os._exit(9)
    if text.startswith("sleep"):
        time.sleep(600)
    if text.startswith("defect"):
        raise RuntimeError(text)
    if text.startswith("memory"):
        bytearray(1 << 40)
