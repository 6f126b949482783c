"""Builds the page 能读什么，什么会问回来 (docs/reading.md) with its pictures from filled sample documents.

    python docs/reading/build_page.py SAMPLES

SAMPLES: a folder with one folder per document type. Every picture is the first page of a sample as LibreOffice prints
it, every text beside it is what `pipeline check` says of that very file. Needs LibreOffice and pdftoppm; samples in old
formats and scans need what their reading needs. Run it again when the reading or its sentences change.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl
from PIL import Image, ImageChops

HERE = Path(__file__).parent
PAGE = HERE.parent / "reading.md"
TEXT = HERE / "page.md"
WIDTH = 680
TALLEST = 560
COLOURS = 24
LONGEST = 46


@dataclass(frozen=True, slots=True)
class Case:
    """A sample: its folder and the beginning of its name, what is special, which fields are shown (none: findings).

    `page`: the printed page in the picture. `right`: of a sheet the right half is shown, not the left one.
    """

    name: str
    sample: str
    caption: str
    fields: tuple[str, ...] = ()
    page: int = 1
    right: bool = False


CASES = (
    Case("label-spaces", "党建项目申请表/003", "标签里有空格", ("立项支部", "项目主要责任人", "项目名称")),
    Case("label-above", "党建项目申请表/006", "标签在上、内容在下", ("立项支部", "项目名称", "填表时间")),
    Case("value-in-label", "党建项目申请表/007", "内容写在标签格里", ("立项支部", "项目主要责任人", "项目名称")),
    Case("cover", "党建项目申请表/011", "前面加了封面和收件表", ("项目名称", "填表时间")),
    Case("controls", "党建项目申请表/013", "内容控件、下拉框、日期框", ("填表时间", "立项支部", "支部委员会意见")),
    Case("tracked", "党建项目申请表/015", "留着修订痕迹：按接受全部修订读", ("项目名称", "预期目标")),
    Case("ticks", "党建项目申请表/017", "打勾的意见", ("支部委员会意见", "支部意见日期")),
    Case("underlines", "党建项目申请表/018", "下划线填空", ("立项支部", "项目主要责任人", "填表时间")),
    Case("plan", "实施计划书/001", "没有表格，封面加分条的标题", ("项目名称", "项目时限", "预期目标"), page=2),
    Case("ledger-header", "整改台账/002", "两行表头、真日期", ("反馈日期", "第一责任人")),
    Case("ledger-merged", "整改台账/003", "一个问题几条措施，左边合并", ("单位名称", "反馈日期")),
    Case("ledger-order", "整改台账/004", "列的次序和叫法不同，中间有小计", ("单位名称", "反馈日期")),
    Case("old-word", "党建项目申请表/036", "旧格式 .doc", ("立项支部", "项目名称", "填表时间")),
    Case("scan", "党建项目申请表/040", "扫描件", ("立项支部", "项目名称", "填表时间")),
    Case("asked-sample", "党建项目申请表/023", "「XX」没有改"),
    Case("asked-missing", "党建项目申请表/025", "漏填"),
    Case("asked-date", "整改台账/006", "时限看不出是哪一天，或者没有这一天", right=True),
    Case("asked-order", "项目延期申请/003", "前后矛盾"),
    Case("asked-wrong", "其他/001", "不是要报的表"),
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("samples", type=Path)
    samples = parser.parse_args().samples
    parts = {}
    for case in CASES:
        folder, start = case.sample.split("/")
        path = next(one for one in (samples / folder).glob(f"{start}-*") if not one.name.endswith(".json"))
        picture(path, HERE / f"{case.name}.png", case)
        parts[case.name] = figure(case, said(path))
    text = TEXT.read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    PAGE.write_text(text, encoding="utf-8")


def said(path: Path) -> dict[str, object]:
    """What `pipeline check` says of a copy that arrived when the sample says so."""
    side = json.loads(path.with_name(f"{path.stem}.expected.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / f"file{path.suffix}"
        copy.write_bytes(path.read_bytes())
        if side.get("received"):
            moment = datetime.fromisoformat(f"{side['received']}T10:00").timestamp()
            os.utime(copy, (moment, moment))
        command = [sys.executable, "-m", "pipeline", "check", "--json", str(copy)]
        output = subprocess.run(command, cwd=name, capture_output=True, check=False).stdout.decode("utf-8")
    answer: dict[str, object] = json.loads(output.splitlines()[0])
    return answer


def figure(case: Case, answer: dict[str, object]) -> str:
    lines = [f"**{case.caption}**", "", f"![{case.caption}](reading/{case.name}.png)", ""]
    if case.fields:
        lines += ["| 读出的 | 内容 | 位置 |", "|---|---|---|"]
        fields: dict[str, dict[str, str]] = answer["fields"]  # type: ignore[assignment]
        for name in case.fields:
            cell = fields[name]
            doubt = "（存疑，请人工确认）" if cell["doubt"] else ""
            lines.append(f"| {name} | {shown(cell['text'])}{doubt} | {cell['place']} |")
        rows: list[dict[str, dict[str, str]]] = answer["rows"]  # type: ignore[assignment]
        if rows:
            lines.append(f"| 数据行 | 共{len(rows)}条 | |")
    else:
        findings: list[dict[str, str]] = answer["findings"]  # type: ignore[assignment]
        asked = [one["message"] for one in findings if one["severity"] != "hint"]
        lines += ["问回来的话：", "", *(f"- {message}" for message in asked[:4])]
        if len(asked) > 4:
            lines.append(f"- ……共{len(asked)}处")
    return "\n".join(lines)


def shown(text: str) -> str:
    plain = " ".join(text.replace("|", "｜").split())
    return textwrap.shorten(plain, LONGEST, placeholder="…") if " " in plain else clipped(plain)


def clipped(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def picture(path: Path, target: Path, case: Case) -> None:
    """The page, white edges cut off, few colours: small enough to keep beside the page."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        source = work / f"page{path.suffix}"
        source.write_bytes(one_page_wide(path) if path.suffix == ".xlsx" else path.read_bytes())
        pdf = source if path.suffix == ".pdf" else converted(source, work)
        subprocess.run(
            ["pdftoppm", "-r", "150", "-png", "-f", str(case.page), "-l", str(case.page), str(pdf), str(work / "out")],
            check=True,
        )
        image = Image.open(next(work.glob("out*.png"))).convert("RGB")
    empty = Image.new("RGB", image.size, "white")
    box = ImageChops.difference(image, empty).getbbox() or (0, 0, *image.size)
    image = image.crop((max(0, box[0] - 12), max(0, box[1] - 12), box[2] + 12, box[3] + 12))
    if path.suffix == ".xlsx":  # a wide sheet shows one half, or nobody could read it
        left = image.width // 2 if case.right else 0
        image = image.crop((left, 0, left + image.width // 2, image.height))
    image = image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS)
    image = image.crop((0, 0, WIDTH, min(image.height, TALLEST)))
    image.quantize(COLOURS).save(target, optimize=True)


def converted(source: Path, work: Path) -> Path:
    fonts = HERE.parents[1] / "pipeline" / "office" / "fonts.conf"
    command = ["soffice", "--headless", f"-env:UserInstallation={(work / 'profile').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(work), str(source)]
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    subprocess.run(command, env=environment, capture_output=True, check=True)
    return source.with_suffix(".pdf")


def one_page_wide(path: Path) -> bytes:
    """The workbook set to print one page wide: only for the picture."""
    workbook = openpyxl.load_workbook(path)
    for sheet in workbook.worksheets:
        sheet.page_setup.orientation = "landscape"
        sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


if __name__ == "__main__":
    main()
