"""click in Chinese: its own words, and help pages folded by what a terminal shows (a Chinese character is two wide).

click hands every text it prints to gettext; `speak_chinese` answers in gettext's place, so that the language does not
depend on the machine's locale or on compiled catalogues. What is not listed here is something our commands cannot say.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

_WORDS = {
    "Options": "选项",
    "Commands": "命令",
    "Positional arguments": "参数",
    "Show this message and exit.": "显示本页。",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "写法见「{command} {option}」。",
    "Missing command.": "没有写命令。",
    "No such command {name!r}.": "没有命令 {name}。",
    "No such option {name!r}.": "没有选项 {name}。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是这几个之一：{possibilities}？）",
    "Got unexpected extra argument ({args})": "多了一个参数（{args}）。",
    "Got unexpected extra arguments ({args})": "多了几个参数（{args}）。",
    "Invalid value: {message}": "{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Option {name!r} requires an argument.": "选项 {name} 后面要写一个值。",
    "Option {name!r} does not take a value.": "选项 {name} 后面不能写值。",
    "{value!r} is not a valid {number_type}.": "「{value}」不是允许的值。",
}
_ARGUMENTS = {
    "DIR": "文件夹",
    "FILE…": "要检查的文件，可以写几个",
    "NUMBER": "来文编号或项目编号",
    "TYPE": "文种的名称，如 党建项目汇总表、党建项目责任书",
}
_SPEAKERS = (
    click.core,
    click.decorators,
    click.exceptions,
    click.formatting,
    click.parser,
    click.types,
)
_NOT_AT_LINE_START = "，。、；：？！）」』》…"


def speak_chinese() -> None:
    """Let click say its own words in Chinese, in this process."""
    answers = {"_": _word, "ngettext": _words}
    for module in _SPEAKERS:
        for name, answer in answers.items():
            if hasattr(module, name):
                setattr(module, name, answer)


def _word(message: str) -> str:
    return _WORDS.get(message, message)


def _words(singular: str, plural: str, number: int) -> str:
    return _word(singular if number == 1 else plural)


def complaint(error: click.ClickException) -> str:
    """What is wrong with the command as it was written, in one sentence."""
    if isinstance(error, click.MissingParameter) and error.param is not None:
        shown = error.param.make_metavar(click.get_current_context(silent=True) or click.Context(click.Command("")))
        return f"没有写 {shown}（{_ARGUMENTS[shown]}）。" if shown in _ARGUMENTS else f"没有写 {shown}。"
    return error.format_message().replace("'", "").replace("。 ", "。")


def printable(text: str) -> str:
    """A name for a terminal: what would break the line, turn it round or not show at all is replaced."""
    return "".join(char if char.isprintable() else "�" for char in text)


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def fold(text: str, columns: int) -> list[str]:
    """The text in lines of at most that many columns; ASCII words stay whole, closing marks never start a line."""
    lines = [""]
    for piece in _pieces(text):
        fits = width(lines[-1] + piece.rstrip()) <= columns or piece[0] in _NOT_AT_LINE_START
        if fits or not lines[-1]:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> Iterator[str]:
    piece = ""
    for char in text:
        if ord(char) < 0x2E80 and not char.isspace():
            piece += char
            continue
        yield from filter(None, (piece, char))
        piece = ""
    if piece:
        yield piece


class Page(click.HelpFormatter):
    """A help page whose columns are measured as a terminal shows them; written line breaks are kept."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how the command is written."""
        self.write(f"用法：{prog} {args}\n")

    def write_heading(self, heading: str) -> None:
        """The line above a section."""
        self.write(f"{' ' * self.current_indent}{heading}：\n")

    def write_text(self, text: str) -> None:
        """A paragraph at the current indent."""
        room = max(self.width - self.current_indent, 20)
        for line in text.splitlines():
            for part in fold(line, room):
                self.write((" " * self.current_indent + part).rstrip() + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Two columns: a term and what it means."""
        rows = list(rows)
        first = min(max((width(term) for term, _ in rows), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        room = max(self.width - self.current_indent - first, 20)
        for term, meaning in rows:
            lines = fold(meaning, room) if meaning else [""]
            gap = first - width(term)
            head = [term + " " * gap + lines.pop(0)] if gap >= col_spacing else [term]
            for line in (*head, *(" " * first + rest for rest in lines)):
                self.write(indent + line.rstrip() + "\n")


class Context(click.Context):
    """A click context that writes its help with `Page`."""

    formatter_class = Page


class Option(click.Option):
    """An option whose help ends with its default and its environment variable, in Chinese."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """How the option is written, and what it does."""
        record = super().get_help_record(ctx)
        notes = [f"默认：{self.show_default}"] if isinstance(self.show_default, str) else []
        notes += [f"环境变量 {self.envvar}"] if self.envvar else []
        return record and (record[0], f"{self.help}（{'；'.join(notes)}）")

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """The option as one would write it."""
        return self.opts[-1]


class Command(click.Command):
    """A command with Chinese words on its help page."""

    context_class = Context

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The parts of the usage line, [选项] instead of [OPTIONS]."""
        return ["[选项]" if piece == "[OPTIONS]" else piece for piece in super().collect_usage_pieces(ctx)]


class Group(click.Group):
    """A group of commands with Chinese words on its help page, commands in the order in which they were added."""

    context_class = Context
    command_class = Command

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The parts of the usage line, in Chinese."""
        return ["命令", "[选项]…", "[参数]…"]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of a document's way, not of the alphabet."""
        return list(self.commands)
