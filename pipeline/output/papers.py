"""Which template file a paper is written with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from pipeline.office.library import Library


def template(library: Library, type_name: str, suffix: str) -> bytes:
    """The layout in force of a type with that ending (.docx or .xlsx). Raises SettingsError when there is none."""
    spec = library.types.get(type_name)
    layouts = spec.layouts if spec else ()
    for layout in layouts:
        if layout.suffix == suffix and layout.current:
            return library.template(type_name, layout.name)
    raise SettingsError(f"模板文件夹里没有「{type_name}」的 {suffix} 模板，请从程序自带的模板中复制过来。")
