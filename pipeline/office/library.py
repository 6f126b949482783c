"""The templates folder: one folder per document type, its spec.toml and its Word or Excel files, read once.

Every layout is read by the reader that reads submissions, so that template and submission are seen with the same
eyes. Whether a template can be inverted is `forms.lint`'s business; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import resources
from pathlib import Path, PurePosixPath

from pipeline.errors import SettingsError, Unreadable
from pipeline.forms.spec import Layout, TypeSpec
from pipeline.forms.specfile import LayoutFile, read_spec
from pipeline.office.read import read
from pipeline.settings import Limits

SPEC = "spec.toml"


@dataclass(frozen=True)
class Library:
    """All document types of an office. `types` and the files of their layouts belong together."""

    types: Mapping[str, TypeSpec]
    files: Mapping[tuple[str, str], bytes]

    def template(self, type_name: str, layout_name: str) -> bytes:
        """The template file of a layout. Raises SettingsError when there is none."""
        try:
            return self.files[type_name, layout_name]
        except KeyError:
            known = "、".join(f"{name}（{layout}）" for name, layout in self.files)
            raise SettingsError(f"没有「{type_name}」的模板「{layout_name}」，现有：{known}") from None

    @cached_property
    def incoming(self) -> tuple[TypeSpec, ...]:
        """The types that units hand in: forms and ledgers."""
        return tuple(spec for spec in self.types.values() if spec.kind in ("form", "ledger"))


def default_templates() -> Path:
    """The shipped templates: inside an installed package, else in the repository."""
    inside = Path(str(resources.files("pipeline"))) / "_templates"
    return inside if inside.is_dir() else inside.parent.parent / "templates"


def load_library(folder: Path) -> Library:
    """Every sub-folder with a spec.toml. Raises SettingsError with the complaints about all of them."""
    if not folder.is_dir():
        raise SettingsError(f"找不到模板文件夹 {folder}")
    complaints: list[str] = []
    types: dict[str, TypeSpec] = {}
    files: dict[tuple[str, str], bytes] = {}
    for path in sorted(folder.glob(f"*/{SPEC}")):
        try:
            spec, contents = _load_type(path)
        except SettingsError as error:
            complaints.append(str(error))
            continue
        types[spec.name] = spec
        files.update({(spec.name, name): data for name, data in contents.items()})
    if not types and not complaints:
        complaints.append(f"模板文件夹 {folder} 里没有一个文种（每个文种一个文件夹，其中有 {SPEC}）")
    if complaints:
        raise SettingsError("\n".join(complaints))
    return Library(types, files)


def _load_type(path: Path) -> tuple[TypeSpec, dict[str, bytes]]:
    """A type with its layouts, and the layouts' files by name."""
    folder = path.parent
    source = f"{folder.name}/{SPEC}"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{source}：不是 UTF-8 编码，请在记事本里“另存为”，编码选 UTF-8。") from None
    result = read_spec(text, source)
    if result.spec.name != folder.name:
        line = next((n for n, line in enumerate(text.splitlines(), 1) if line.split("=")[0].strip() == "name"), 1)
        raise SettingsError(f"{source} 第{line}行：文种名称「{result.spec.name}」要与文件夹名「{folder.name}」相同。")
    return _with_layouts(result.spec, result.layouts, folder)


def _with_layouts(spec: TypeSpec, listed: tuple[LayoutFile, ...], folder: Path) -> tuple[TypeSpec, dict[str, bytes]]:
    complaints: list[str] = []
    layouts: list[Layout] = []
    contents: dict[str, bytes] = {}
    for item in listed:
        try:
            contents[item.name] = _bytes(folder / item.file)
            layouts.append(_layout(item, contents[item.name], f"{folder.name}/{item.file}"))
        except SettingsError as error:
            complaints.append(str(error))
    if complaints:
        raise SettingsError("\n".join(complaints))
    return replace(spec, layouts=tuple(layouts)), contents


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        name = f"{path.parent.name}/{path.name}"
        raise SettingsError(f"{path.parent.name}/{SPEC}：找不到模板文件 {name}，请放回该文件或改正 file。") from None


def _layout(item: LayoutFile, data: bytes, source: str) -> Layout:
    try:
        document = read(data, Limits())
    except Unreadable as error:
        raise SettingsError(
            f"{source}：模板文件不能读取（{error.code}），请用 Word 或 Excel 打开后重新保存。"
        ) from None
    return Layout(item.name, PurePosixPath(item.file).suffix, document, item.current)
