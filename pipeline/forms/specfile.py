"""spec.toml → `TypeSpec`: what an office writes about a document type, with every mistake named at once.

Each complaint is one Chinese sentence with file, line and an example. What only the template files can show (tags,
labels) is `lint`'s business; which checks exist is known to `checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import cast, get_args

from pipeline.errors import SettingsError
from pipeline.forms.labels import key as label_key
from pipeline.forms.spec import TYPES, CheckCall, FieldSpec, Kind, Required, Stands, TypeSpec
from pipeline.forms.specblock import Block, Complaints
from pipeline.forms.spectext import read_toml
from pipeline.forms.tags import NAME

TOP = ("name", "kind", "titles", "group", "key", "unique", "row_key", "window", "blank", "from_office",
       "number_prefix", "fields", "columns", "sections", "checks", "layouts")  # fmt: skip
FIELD = ("name", "type", "required", "labels", "hints", "section_of", "tail_of", "stands", "choices", "choice_words",
         "example", "clause", "unit")  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)
REQUIRED: tuple[str, ...] = get_args(Required)
STANDS: tuple[str, ...] = tuple(filter(None, get_args(Stands)))
SUFFIXES = (".docx", ".xlsx")
NAMING = ("field", "fields", "earlier", "later", "period", "stage_goal", "state", "evidence", "base", "deadline",
          "kind", "branch", "subject", "year", "level")  # fmt: skip
"""Arguments of checks that name a field of the type."""


@dataclass(frozen=True, slots=True)
class LayoutFile:
    """A template file as spec.toml lists it. `current`: sent out as a blank; otherwise only read."""

    name: str
    file: str
    current: bool = True


@dataclass(frozen=True, slots=True)
class SpecFile:
    """All that a spec.toml says; `spec.layouts` is still empty, `office.library` reads the files."""

    spec: TypeSpec
    layouts: tuple[LayoutFile, ...]


def parse_spec(text: str, source: str) -> TypeSpec:
    """The type without its layouts. Raises SettingsError with all complaints; `source` is the file's name in them."""
    return read_spec(text, source).spec


def read_spec(text: str, source: str) -> SpecFile:
    """The type and the layout files it lists. Raises SettingsError with all complaints, one a line."""
    toml = read_toml(text)
    complaints = Complaints(toml, source)
    top = Block(complaints, "", 0, toml.data)
    top.only(TOP)
    spec = _spec(top)
    _shape(top, spec)
    _labels(top, spec)
    _links(top, spec)
    layouts = _layouts(top)
    if complaints.found:
        raise SettingsError("\n".join(complaints.lines()))
    return SpecFile(spec, layouts)


def _spec(top: Block) -> TypeSpec:
    fields = tuple(_field(block) for block in top.tables("fields"))
    columns = tuple(_field(block) for block in top.tables("columns"))
    known = tuple(spec.name for spec in (*fields, *columns))
    key, row_key = top.strings("key"), top.strings("row_key")
    top.names("key", key, known)
    unique = top.strings("unique")
    top.names("unique", unique, tuple(spec.name for spec in fields))
    top.names("row_key", row_key, tuple(spec.name for spec in columns))
    return TypeSpec(
        name=top.string("name"),
        kind=cast("Kind", top.one_of("kind", KINDS, "form")),
        titles=top.strings("titles"),
        fields=fields,
        columns=columns,
        group=top.string("group"),
        key=key,
        unique=unique,
        row_key=row_key,
        window=top.string("window"),
        blank=top.typed("blank", True, "只能写 true 或 false，例如：blank = false"),
        from_office=top.typed("from_office", False, "只能写 true 或 false，例如：from_office = true"),
        number_prefix=top.string("number_prefix"),
        sections=dict(_section(block) for block in top.tables("sections")),
        checks=tuple(_check(block, known) for block in top.tables("checks")),
    )


def _field(block: Block) -> FieldSpec:
    block.only(FIELD)
    name = _named(block, "字段名", "项目名称")
    choices = block.strings("choices")
    kind = block.one_of("type", TYPES, "text")
    if kind == "choice" and not choices:
        block.complain("type", f'「{name}」是选择项，缺少可选的词，例如：choices = ["是", "否"]')
    return FieldSpec(
        name=name,
        type=kind,
        required=cast("Required", block.one_of("required", REQUIRED, "no")),
        labels=block.strings("labels") or ((name,) if name else ()),
        hints=block.strings("hints"),
        section_of=block.string("section_of"),
        tail_of=block.string("tail_of"),
        stands=cast("Stands", block.one_of("stands", STANDS, "heading") if "stands" in block.data else ""),
        choices=choices,
        choice_words=_words(block, choices),
        example=block.string("example"),
        clause=block.string("clause"),
        unit=block.string("unit"),
    )


def _named(block: Block, what: str, example: str) -> str:
    """The name every [[…]] section starts with."""
    name = block.string("name")
    if not block.data.get("name"):
        block.complain("name", f'这一段 [[{block.table}]] 缺少{what}，例如：name = "{example}"')
    elif name and not NAME.fullmatch(name):
        block.complain("name", f"{what}「{name}」只能用汉字、字母、数字和下划线")
    return name


def _words(block: Block, choices: tuple[str, ...]) -> Mapping[str, str]:
    pairs = block.data.get("choice_words", [])
    if isinstance(pairs, dict):
        pairs = [list(pair) for pair in pairs.items()]
    if not isinstance(pairs, list) or not all(_is_pair(pair) for pair in pairs):
        text = 'choice_words 要写成一对一对的词，例如：choice_words = [["立行立改类", "立行立改"]]'
        block.complain("choice_words", text)
        return {}
    for said, meant in pairs:
        if meant not in choices:
            text = (
                f"choice_words 里「{said}」对应的「{meant}」不在 choices 里，可选的有：{'、'.join(choices) or '（无）'}"
            )
            block.complain("choice_words", text, said)
    return dict(pairs)


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(word, str) for word in pair)


def _section(block: Block) -> tuple[str, tuple[str, ...]]:
    """A block of titled sections: its printed label, and the other labels it is known by."""
    block.only(("name", "labels"))
    name = _named(block, "区块名", "项目具体工作内容")
    return name, block.strings("labels") or ((name,) if name else ())


def _check(block: Block, known: tuple[str, ...]) -> CheckCall:
    block.only(("name", "arguments"))
    name = _named(block, "检查的名字", "person")
    advice = '要写成花括号里的几项，例如：arguments = { field = "项目主要责任人" }'
    arguments: dict[str, object] = block.typed("arguments", {}, advice)
    for key, value in arguments.items():
        if key in NAMING:
            words = value if isinstance(value, list) else [value]
            block.names("arguments", (word for word in words if isinstance(word, str)), known)
    return CheckCall(name, arguments)


def _layouts(top: Block) -> tuple[LayoutFile, ...]:
    blocks = top.tables("layouts")
    if "layouts" not in top.data:
        top.complain("layouts", '没有写模板文件，例如：[[layouts]] 下面写 file = "申请表.docx"')
    layouts = tuple(_layout(block) for block in blocks)
    for block, layout in zip(blocks, layouts, strict=True):
        if layout.name in [other.name for other in layouts[: block.index]]:
            block.complain("name", f'版式名「{layout.name}」用了两次，请给其中一个另起名，例如：name = "docx"')
    return layouts


def _layout(block: Block) -> LayoutFile:
    block.only(("name", "file", "current"))
    file = block.string("file")
    current = block.typed("current", True, "只能写 true 或 false，例如：current = false")
    if PurePosixPath(file).name != file or "\\" in file or not file.endswith(SUFFIXES):
        text = f"模板文件「{file}」要是与 spec.toml 放在一起的 .docx 或 .xlsx 文件"
        block.complain("file", f'{text}，例如：file = "申请表.docx"')
    return LayoutFile(block.string("name") or PurePosixPath(file).stem, file, current)


def _shape(top: Block, spec: TypeSpec) -> None:
    """What the type as a whole must have."""
    if "name" not in top.data:
        top.complain("name", '缺少文种名称，开头要写，例如：name = "党建项目申请表"')
    if "kind" not in top.data:
        top.complain("kind", f'缺少文种的种类，可选：{"、".join(KINDS)}，例如：kind = "form"')
    if not top.data.get("titles"):
        top.complain("titles", '缺少表格的标题，例如：titles = ["党建项目化管理项目申请表"]')
    if not spec.fields and not spec.columns:
        top.complain("fields", '没有一个字段，至少要有一段 [[fields]]，其中写 name = "项目名称"')
    if spec.kind == "ledger" and not spec.columns:
        top.complain("kind", 'kind = "ledger"（台账）要有 [[columns]]，即重复的行里的各列')
    if spec.kind == "form" and spec.columns:
        top.complain("kind", 'kind = "form"（表单）不能有 [[columns]]，有重复的行请写 kind = "ledger"')
    _group(top, spec)


def _group(top: Block, spec: TypeSpec) -> None:
    if spec.columns and not spec.group:
        top.complain("group", '有 [[columns]] 就要给重复的行起名，例如：group = "项目"，模板里写 {{项目.项目名称}}')
    if spec.group and not spec.columns:
        top.complain("group", "写了 group，却没有 [[columns]]，请加上各列或删去 group")
    if spec.group and not NAME.fullmatch(spec.group):
        top.complain("group", f"group 的名字「{spec.group}」只能用汉字、字母、数字和下划线")


def _labels(top: Block, spec: TypeSpec) -> None:
    """A name belongs to one field, and so does a label; a field's own name comes before another one's label."""
    owners = {label_key(label): name for name, labels in spec.sections.items() for label in (name, *labels)}
    pairs = _each(top, spec)
    seen: set[str] = set()
    for block, field in pairs:
        if field.name in seen:
            block.complain("name", f"字段名「{field.name}」用了两次，每个字段只能有一段")
        seen.add(field.name)
        _claim(block, field, field.name, owners)
    for block, field in pairs:
        for label in field.labels:
            _claim(block, field, label, owners)


def _claim(block: Block, field: FieldSpec, label: str, owners: dict[str, str]) -> None:
    owner = owners.setdefault(label_key(label), field.name)
    if owner != field.name:
        text = f"标签「{label}」已经属于「{owner}」，一个标签只能属于一个字段"
        block.complain("labels", f"{text}，请从「{field.name}」中删去", label)


def _links(top: Block, spec: TypeSpec) -> None:
    """section_of and tail_of must lead somewhere."""
    for block, field in _each(top, spec):
        if field.section_of and field.section_of not in spec.sections:
            text = f"section_of 里的「{field.section_of}」没有登记"
            block.complain("section_of", f'{text}，要另写一段 [[sections]]，其中 name = "{field.section_of}"')
        others = [other.name for other in (*spec.fields, *spec.columns) if other.name != field.name]
        if field.tail_of and field.tail_of not in others:
            text = f"tail_of 里的「{field.tail_of}」不是本文种的另一个字段"
            block.complain("tail_of", f'{text}，例如：tail_of = "支部委员会意见"')


def _each(top: Block, spec: TypeSpec) -> list[tuple[Block, FieldSpec]]:
    blocks = (*top.tables("fields"), *top.tables("columns"))
    return list(zip(blocks, (*spec.fields, *spec.columns), strict=True))
