"""Tiny builder: a filled form drawn as a bitmap with a Chinese font, and what scanners and cameras do to it."""

from __future__ import annotations

import functools
import io
import subprocess
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1240, 1754
"""A4 at 150 dpi."""
SIZE = 25
LEFT, MIDDLE, RIGHT = 150, 400, 1090
FILLED: Mapping[str, str] = {
    "填表时间": "2026年8月21日",
    "立项支部": "沂北泵站项目党支部",
    "项目主要责任人": "孙长海",
    "项目名称": "泵站机组节能攻关",
    "选题": "3号机组单位电耗0.86千瓦时，比设计值高12%。",
    "内容": "成立攻关小组，每周测试2次，党员带头值班。",
    "预期目标": "电耗下降8%，全年节约电费28万元。",
    "支部委员会意见": "同意申报。",
    "支部意见日期": "2026年8月21日",
}
"""What the form below says."""


@functools.cache
def font(size: int = SIZE) -> ImageFont.FreeTypeFont:
    """The machine's Chinese font."""
    found = subprocess.run(
        ["fc-match", "--format=%{file}", "Noto Serif CJK SC:lang=zh-cn"], capture_output=True, text=True, check=True
    )
    return ImageFont.truetype(found.stdout, size)


def sheet(filled: Mapping[str, str] = FILLED) -> Image.Image:
    """附件1 with these values."""
    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(page)
    pen.text((WIDTH / 2, 150), "党建项目化管理项目申请表", "black", font(36), anchor="mm")
    pen.text((760, 210), f"填表时间：{filled['填表时间']}", "black", font())
    work = f"1.选题：{filled['选题']}\n2.内容：{filled['内容']}\n3.预期目标：{filled['预期目标']}"
    rows = [
        *((name, filled[name], 70) for name in ("立项支部", "项目主要责任人", "项目名称")),
        ("项目具体工作内容", work, 230),
        ("支部委员会意见", f"{filled['支部委员会意见']}\n\n{' ' * 40}{filled['支部意见日期']}", 180),
        ("党委会意见", f"\n\n{' ' * 44}年　月　日", 180),
    ]
    table(pen, rows, top=270)
    return page


def table(pen: ImageDraw.ImageDraw, rows: Sequence[tuple[str, str, int]], top: int) -> None:
    """Rows of label, value and height."""
    for label, value, height in rows:
        for x0, x1 in ((LEFT, MIDDLE), (MIDDLE, RIGHT)):
            pen.rectangle((x0, top, x1, top + height), outline="black", width=2)
        pen.text(((LEFT + MIDDLE) / 2, top + height / 2), label, "black", font(), anchor="mm")
        pen.multiline_text((MIDDLE + 12, top + 14), value, "black", font(), spacing=22)
        top += height


def scanned(page: Image.Image, *, angle: float = 0.0, noise: float = 0.0, blur: float = 0.0) -> Image.Image:
    """The page as a scanner sees it: a little turned, with grain, out of focus. Always the same for the same page."""
    turned = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")
    soft = turned.filter(ImageFilter.GaussianBlur(blur)) if blur else turned
    grain = np.random.default_rng(7).normal(0, noise, (page.height, page.width, 1))
    return Image.fromarray((np.asarray(soft, np.float64) * 0.94 + grain).clip(0, 255).astype(np.uint8))


def stamped(page: Image.Image, x: int, y: int, size: int = 130) -> Image.Image:
    """The page with a red seal over it."""
    page = page.copy()
    pen = ImageDraw.Draw(page)
    pen.ellipse((x - size, y - size, x + size, y + size), outline=(222, 40, 50), width=8)
    pen.text((x, y), "★", (222, 40, 50), font(90), anchor="mm")
    pen.text((x, y + 60), "党支部", (222, 40, 50), font(34), anchor="mm")
    return page


def saved(*pages: Image.Image, kind: str = "TIFF", **more: object) -> bytes:
    """The pages as one file."""
    out = io.BytesIO()
    several = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    pages[0].save(out, kind, **several, **more)
    return out.getvalue()
