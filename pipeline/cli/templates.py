"""`pipeline template lint` and `pipeline template show`: is a template usable, and what does it read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli import options, show, words

if TYPE_CHECKING:
    from pipeline.forms.spec import FieldSpec, TypeSpec
    from pipeline.office.library import Library

KINDS = {"form": "表格", "ledger": "台账", "letter": "文书", "report": "报告"}
PROGRAMS = {".docx": "Word", ".xlsx": "Excel"}
REQUIRED = {"yes": "必填", "stage": "到该阶段必填", "no": "选填", "office": "办公室填"}
TYPES = {
    "text": "文字",
    "long": "多段文字",
    "org": "单位或支部",
    "person": "人名",
    "persons": "若干人名",
    "date": "日期",
    "period": "起止日期",
    "deadline": "期限",
    "money": "金额",
    "percent": "百分比",
    "score": "分数",
    "count": "整数",
    "year": "年度",
    "choice": "选项",
    "phone": "电话",
    "month": "月份或周",
}


@click.group(
    "template",
    cls=words.Group,
    short_help="检查模板，查看模板读哪些内容",
    help="检查模板，查看模板读哪些内容。模板是 templates 里的文件夹，一个文种一个。",
)
def template() -> None:
    """Commands about the templates folder."""


@template.command(
    "lint",
    cls=words.Command,
    short_help="检查模板能不能用",
    help="检查模板能不能用：说明文件写得对不对，要填的地方能不能唯一地读回来。有问题时逐条指出文件和位置。",
)
@options.shared
def lint(*, workspace: Path, today: date, as_json: bool) -> None:
    """Load every template; a broken one ends the command with its complaints (SettingsError)."""
    library = _library(workspace)
    if as_json:
        show.json_lines({"type": name, "usable": True} for name in library.types)
        return
    for spec in library.types.values():
        click.echo(f"可用　{spec.name}（{_layouts(spec)}）")


@template.command(
    "show",
    cls=words.Command,
    short_help="列出一个文种读哪些内容",
    help="列出一个文种读哪些内容：字段、类型、是否必填、认哪些写法。不写文种时列出全部文种。",
)
@click.argument("type_name", metavar="[TYPE]", required=False)
@options.shared
def show_template(type_name: str | None, *, workspace: Path, today: date, as_json: bool) -> None:
    """Print the fields of one type, or the list of types."""
    library = _library(workspace)
    if type_name is None:
        chosen = tuple(library.types.values())
    elif type_name in library.types:
        chosen = (library.types[type_name],)
    else:
        raise click.UsageError(f"没有文种「{type_name}」，现有：{'、'.join(library.types)}。")
    if as_json:
        show.json_lines(_described(spec) for spec in chosen)
        return
    lines = _page(chosen[0]) if type_name else (f"{spec.name}（{_layouts(spec)}）" for spec in chosen)
    for line in lines:
        click.echo(line)


def _library(root: Path) -> Library:
    from pipeline.office.library import default_templates, load_library
    from pipeline.workspace import Workspace

    own = Workspace(root).templates
    return load_library(own if own.is_dir() else default_templates())


def _layouts(spec: TypeSpec) -> str:
    names = [PROGRAMS[layout.suffix] + ("" if layout.current else f"旧版 {layout.name}") for layout in spec.layouts]
    return "；".join([KINDS[spec.kind], "、".join(dict.fromkeys(names))])


def _page(spec: TypeSpec) -> Iterator[str]:
    yield f"{spec.name}（{_layouts(spec)}）"
    yield from (_line(one) for one in spec.fields)
    if spec.columns:
        yield "每行："
        yield from (_line(one) for one in spec.columns)


def _line(one: FieldSpec) -> str:
    name = one.name + " " * max(20 - words.width(one.name), 1)
    kind = TYPES[one.type] + " " * max(12 - words.width(TYPES[one.type]), 1)
    also = [label for label in one.labels if label != one.name]
    notes = [f"也认：{'、'.join(also)}"] if also else []
    notes += [f"可填：{'、'.join(one.choices)}"] if one.choices else []
    return f"  {name}{kind}{REQUIRED[one.required]}{'　' + '；'.join(notes) if notes else ''}"


def _described(spec: TypeSpec) -> dict[str, Any]:
    return {
        "type": spec.name,
        "kind": spec.kind,
        "layouts": [
            {"name": layout.name, "suffix": layout.suffix, "current": layout.current} for layout in spec.layouts
        ],
        "fields": [_field(one) for one in spec.fields],
        "columns": [_field(one) for one in spec.columns],
    }


def _field(one: FieldSpec) -> dict[str, Any]:
    return {
        "name": one.name,
        "type": one.type,
        "required": one.required,
        "labels": list(one.labels),
        "choices": list(one.choices),
    }
