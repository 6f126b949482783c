"""The text of a spec.toml: typing mistakes of people who write Chinese, and the line on which a piece stands.

TOML wants ASCII keys, straight quotes and half-width signs, and its parser stops at the first slip. `read_toml` names
every slip at once and mends the obvious ones, so that the meaning can be checked in the same pass (`specfile`).
Knows nothing about what the keys mean.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from dataclasses import dataclass

ENGLISH = {
    "名称": "name", "字段名": "name", "名字": "name", "类型": "type", "类别": "kind", "文种": "kind",
    "必填": "required", "标签": "labels", "同义词": "labels", "提示": "hints", "提示语": "hints", "标题": "titles",
    "选项": "choices", "示例": "example", "例子": "example", "依据": "clause", "条款": "clause", "单位": "unit",
    "组": "group", "主键": "key", "编号前缀": "number_prefix", "字段": "fields", "列": "columns", "表列": "columns",
    "区块": "sections", "检查": "checks", "版式": "layouts", "布局": "layouts", "文件": "file", "参数": "arguments",
    "时间窗口": "window", "位置": "stands", "小标题": "stands",
}  # fmt: skip
"""What a Chinese key most likely stands for."""

TABLES = ("fields", "columns", "sections", "checks", "layouts")
_KEY = re.compile(r"^(\s*)([^\s=＝#\"'\[\]【】]+)([ \t\u3000]*[=＝])")
_HEADER = re.compile(r"^\s*([\[【]{1,2})\s*([^\]\[】【=\"]*?)\s*([\]】]{1,2})\s*(?:#.*)?$")
_SINGLE = re.compile(rf"^\s*\[\s*(?:{'|'.join(TABLES)})\s*\]\s*(?:#.*)?$", re.MULTILINE)
_SIGNS = {
    "＝": "=",
    "，": ",",
    "、": ",",
    "［": "[",
    "］": "]",
    "【": "[",
    "】": "]",
    "｛": "{",
    "｝": "}",
    "\u3000": " ",
}
_QUOTES = "“”„‟＂「」『』"
_POSITION = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


@dataclass(frozen=True, slots=True)
class Slip:
    """One mistake, on a line counted from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class SpecText:
    """A parsed text: `data` is what could be understood, `slips` what was mistyped."""

    data: dict[str, object]
    slips: tuple[Slip, ...]
    lines: tuple[str, ...]

    def line_of(self, table: str = "", index: int = 0, key: str = "", value: str = "") -> int:
        """The line of a value, else of its key, else of its table's header, else 1. `table` "" is the top."""
        start, stop = self._block(table, index)
        block = range(start, stop)
        opens = [n for n in block if key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", self.lines[n])]
        if not opens:
            return start + 1 if table else 1
        quoted = (f'"{value}"', f"'{value}'")
        hits = [n for n in range(opens[0], stop) if value and any(quote in self.lines[n] for quote in quoted)]
        return (hits or opens)[0] + 1

    def _block(self, table: str, index: int) -> tuple[int, int]:
        heads = [n for n, line in enumerate(self.lines) if re.match(r"\s*\[", line) and _HEADER.match(line)]
        mine = [n for n in heads if re.match(rf"\s*\[\[\s*{re.escape(table)}\s*\]\]", self.lines[n])]
        if not table:
            return 0, heads[0] if heads else len(self.lines)
        if index >= len(mine):
            inline = [n for n, line in enumerate(self.lines) if re.match(rf"\s*{re.escape(table)}\s*=", line)]
            return (inline[0] if inline else 0), len(self.lines)
        start = mine[index]
        return start, next((n for n in heads if n > start), len(self.lines))


def read_toml(text: str) -> SpecText:
    """Reads as much as can be read; every slip is kept with its line."""
    text = text.lstrip("\ufeff")
    data: dict[str, object] = {}
    with contextlib.suppress(tomllib.TOMLDecodeError):
        data = tomllib.loads(text)
        if not _SINGLE.search(text):
            return SpecText(data, (), tuple(text.splitlines()))
    lines, slips = _mended(text.splitlines())
    for _ in range(len(lines) + 1):
        try:
            data = tomllib.loads("\n".join(lines))
            break
        except tomllib.TOMLDecodeError as error:
            line = _line(error, len(lines))
            if all(slip.line != line for slip in slips):
                slips.append(Slip(line, _plain(str(error), lines[line - 1])))
            if not lines[line - 1].strip():
                break
            lines[line - 1] = ""
    return SpecText(data, tuple(sorted(slips, key=lambda slip: slip.line)), tuple(lines))


def _line(error: tomllib.TOMLDecodeError, count: int) -> int:
    match = _POSITION.search(str(error))
    return min(int(match[1]), count) if match and match[1] else max(count, 1)


def _plain(message: str, line: str) -> str:
    """The parser's English complaint in words that say what to do."""
    written = line.strip()[:30]
    if "Cannot overwrite" in message or "Cannot redefine" in message or "Cannot mutate" in message:
        return f"「{written}」这个键在同一段里写了两次，请删去一个。"
    if "Unclosed array" in message:
        return f'「{written}」方括号没有写完，例如：labels = ["项目名称", "课题名称"]'
    if "Illegal character" in message or "Unterminated string" in message:
        return f'「{written}」引号没有成对，例如：name = "项目名称"'
    if "Invalid value" in message:
        return f'「{written}」等号右边的文字要放在英文双引号里，例如：type = "date"'
    return f'「{written}」看不懂。每行写成 键 = 值，例如：name = "项目名称"'


def _mended(lines: list[str]) -> tuple[list[str], list[Slip]]:
    mended: list[str] = []
    slips: list[Slip] = []
    long = ""
    for number, line in enumerate(lines, start=1):
        fixed, complaints, long = _mend_line(line, long)
        mended.append(fixed)
        slips.extend(Slip(number, complaint) for complaint in complaints)
    return mended, slips


def _mend_line(line: str, long: str) -> tuple[str, list[str], str]:
    """One line: (mended, complaints, the triple quote still open at its end)."""
    complaints: list[str] = []
    if not long:
        line = _header(_key(line, complaints), complaints)
    return _signs(line, complaints, long)


def _key(line: str, complaints: list[str]) -> str:
    match = _KEY.match(line)
    if match is None or match[2].isascii():
        return line
    hint = ENGLISH.get(match[2])
    advice = f"这里应写 {hint} = …" if hint else '中文只能写在等号右边的引号里，例如：name = "项目名称"'
    complaints.append(f"等号左边的「{match[2]}」不能用中文，{advice}")
    return f'{match[1]}"{match[2]}"{match[3]}{line[match.end() :]}'


def _header(line: str, complaints: list[str]) -> str:
    match = _HEADER.match(line)
    if match is None or not match[2] or "," in match[2]:
        return line
    name = match[2]
    if not name.isascii():
        right = ENGLISH.get(name, "fields")
        right = right if right in TABLES else "fields"
        complaints.append(f"段名「[{name}]」不能用中文，应写 [[{right}]]")
        return f"[[{right}]]"
    if name in TABLES and (match[1], match[3]) != ("[[", "]]"):
        complaints.append(f"段名「{line.strip()}」要用两层英文方括号：[[{name}]]")
        return f"[[{name}]]"
    return line


def _signs(line: str, complaints: list[str], long: str) -> tuple[str, list[str], str]:
    """Full-width quotes and signs outside strings become straight ones, each kind complained about once a line."""
    out: list[str] = []
    quote, at, wrong = long, 0, ""
    while at < len(line):
        char = line[at]
        triple = line[at : at + 3]
        if quote:
            step, quote = _inside(line, at, quote)
            out.append(line[at : at + step])
            at += step
            continue
        if char == "#":
            out.append(line[at:])
            break
        if triple in ('"""', "'''"):
            quote = triple
        elif char in "\"'":
            quote = char
        elif char in _QUOTES:
            end = next((n for n in range(at + 1, len(line)) if line[n] in _QUOTES + '"'), len(line))
            out.append('"' + line[at + 1 : end] + '"')
            wrong += char
            at = end + 1
            continue
        elif char in _SIGNS:
            wrong += "" if char == "\u3000" else char
            char = _SIGNS[char]
        out.append(triple if len(quote) == 3 else char)
        at += 3 if len(quote) == 3 else 1
    if wrong:
        complaints.append(_wrong_signs(wrong))
    return "".join(out), complaints, quote if len(quote) == 3 else ""


def _inside(line: str, at: int, quote: str) -> tuple[int, str]:
    """Inside a string: how far to go, and the quote that is still open afterwards."""
    if line[at] == "\\" and quote[0] == '"':
        return 2, quote
    if line.startswith(quote, at):
        return len(quote), ""
    return 1, quote


def _wrong_signs(wrong: str) -> str:
    if any(char in _QUOTES for char in wrong):
        return f'用了中文引号「{wrong[0]}」，要用英文双引号，例如：name = "项目名称"'
    signs = "".join(dict.fromkeys(wrong))
    plain = "".join(dict.fromkeys(_SIGNS[char] for char in signs))
    return f'用了全角符号「{signs}」，要用英文半角的「{plain}」，例如：type = "date"'
