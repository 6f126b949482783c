"""Builds the shipped template files under templates/ anew: `python docs/templates/build_templates.py`.

The files are committed and may be changed with Word or Excel; this script only documents how the shipped ones came
about and builds them again with the same bytes. Fonts and measures: GB/T 9704-2012 and 附件1, 2, 4 of the plan. The
slip (反馈单) and the receipt (受理回执) are kept by hand in Word and not built here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter
from ledgers import LEDGERS, Ledger

ROOT = Path(__file__).resolve().parents[2] / "templates"
TITLE, BODY, HEADING, DIGITS = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MM = 56.6929  # twips
PORTRAIT = (11906, 16838)
GB = (37.0, 26.0, 35.0, 28.0)  # top, right, bottom, left in mm


# -- Word


def run(text: str, size: float = 16, font: str = BODY, *, bold: bool = False) -> str:
    """A run; sizes in points. A tab in the text becomes a tab stop, a line feed a line break."""
    latin = DIGITS if font == BODY else font
    weight = "<w:b/>" if bold else ""
    inner = text.replace("&", "&amp;").replace("<", "&lt;").replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    inner = inner.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    fonts = f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{font}" w:cs="{latin}" w:hint="eastAsia"/>'
    half = round(size * 2)
    properties = f'<w:rPr>{fonts}{weight}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
    return f'<w:r>{properties}<w:t xml:space="preserve">{inner}</w:t></w:r>'


def tag(name: str, group: str = "") -> str:
    """The tag of a field, or of a column of the repeating row."""
    return "{{" + (f"{group}." if group else "") + name + "}}"


def par(*runs: str, align: str = "left", line: float = 0, indent: int = 0, extra: str = "", **space: float) -> str:
    """A paragraph. `line`: exact pitch in points; `indent`: first line in characters; space: before, after, right."""
    rule = f' w:line="{round(line * 20)}" w:lineRule="exact"' if line else ""
    before, after = round(space.get("before", 0) * 20), round(space.get("after", 0) * 20)
    first = f' w:firstLineChars="{indent * 100}" w:firstLine="{indent * 320}"' if indent else ""
    right = f' w:right="{round(space["right"] * 20)}"' if "right" in space else ""
    margin = f"<w:ind{right}{first}/>" if first or right else ""
    spacing = f'<w:spacing w:before="{before}" w:after="{after}"{rule}/>'
    grid = '<w:widowControl w:val="0"/>'
    return f'<w:p><w:pPr>{grid}{extra}{spacing}{margin}<w:jc w:val="{align}"/></w:pPr>{"".join(runs)}</w:p>'


def cell(content: str, width: float, *, span: int = 1, merge: str = "", valign: str = "center") -> str:
    """A table cell of `width` mm. `merge`: "restart" or "continue" for vertical merges."""
    columns = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    vertical = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    width_ = f'<w:tcW w:w="{round(width * MM)}" w:type="dxa"/>'
    return f'<w:tc><w:tcPr>{width_}{columns}{vertical}<w:vAlign w:val="{valign}"/></w:tcPr>{content}</w:tc>'


def row(*cells: str, height: float = 0, header: bool = False, split: bool = False) -> str:
    """A table row at least `height` points high. `header`: printed again on every page."""
    parts = "" if split else "<w:cantSplit/>"
    parts += f'<w:trHeight w:val="{round(height * 20)}" w:hRule="atLeast"/>' if height else ""
    parts += "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr>{parts}</w:trPr>{''.join(cells)}</w:tr>"


def table(widths: list[float], *rows: str, lines: bool = True, padding: float = 1.9, air: float = 0) -> str:
    """A table of fixed column widths (mm); `padding` left and right in mm, `air` above and below in points."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    kind = 'w:val="single" w:sz="4" w:space="0" w:color="000000"' if lines else 'w:val="nil"'
    borders = "".join(f"<w:{side} {kind}/>" for side in sides)
    pad = round(padding * MM)
    edge = f'w:w="{round(air * 20)}" w:type="dxa"'
    margins = f'<w:top {edge}/><w:left w:w="{pad}" w:type="dxa"/><w:bottom {edge}/><w:right w:w="{pad}" w:type="dxa"/>'
    total = round(sum(widths) * MM)
    properties = (
        f'<w:tblW w:w="{total}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
    )
    grid = "".join(f'<w:gridCol w:w="{round(width * MM)}"/>' for width in widths)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


END = par(run("", 1), line=1)
"""A table must be followed by a paragraph; this one takes no room."""

STYLES = f"""<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="{DIGITS}" w:hAnsi="{DIGITS}" w:eastAsia="{BODY}" w:cs="{DIGITS}"/><w:kern w:val="2"/>
<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>
<w:pPrDefault/></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:qFormat/>
<w:pPr><w:widowControl w:val="0"/></w:pPr></w:style>
<w:style w:type="character" w:default="1" w:styleId="a0"><w:name w:val="Default Paragraph Font"/></w:style>
<w:style w:type="table" w:default="1" w:styleId="a1"><w:name w:val="Normal Table"/>
<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>
<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>
<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>"""
SETTINGS = f"""<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>
<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode"
 w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>
<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>"""
TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{0}.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="{0}.styles+xml"/>
<Override PartName="/word/settings.xml" ContentType="{0}.settings+xml"/>
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
</Types>""".format("application/vnd.openxmlformats-officedocument.wordprocessingml")
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def relations(*targets: tuple[str, str]) -> str:
    """A .rels part from (type, target) pairs."""
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def word(
    path: str, title: str, *blocks: str, page: tuple[int, int] = PORTRAIT, margins: tuple[float, ...] = GB
) -> None:
    """Writes a .docx below templates/."""
    top, right, bottom, left = (round(value * MM) for value in margins)
    landscape = ' w:orient="landscape"' if page[0] > page[1] else ""
    section = (
        f'<w:sectPr><w:pgSz w:w="{page[0]}" w:h="{page[1]}"{landscape}/><w:pgMar w:top="{top}" w:right="{right}" '
        f'w:bottom="{bottom}" w:left="{left}" w:header="851" w:footer="1400" w:gutter="0"/></w:sectPr>'
    )
    core = (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title></cp:coreProperties>"
    )
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(
            (f"{RELATION}/officeDocument", "word/document.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{"".join(blocks)}{section}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations(
            (f"{RELATION}/styles", "styles.xml"), (f"{RELATION}/settings", "settings.xml")
        ),
        "word/styles.xml": STYLES,
        "word/settings.xml": SETTINGS,
        "docProps/core.xml": core,
    }
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    save(path, {name: (declaration + text).encode() for name, text in parts.items()})


def save(path: str, parts: dict[str, bytes]) -> None:
    """A zip with the same bytes every time."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        for name, data in parts.items():
            info = ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            package.writestr(info, data)
    (ROOT / path).write_bytes(stream.getvalue())


def title(text: str, before: float = 0, after: float = 10) -> str:
    """二号小标宋, centred."""
    return par(run(text, 22, TITLE), align="center", line=36, before=before, after=after)


# -- 附件1


def application() -> None:
    """附件1：党建项目化管理项目申请表."""
    size, small, label, value = 14.0, 12.0, 45.0, 111.0

    def labelled(words: str, *content: str, height: float = 28, split: bool = False) -> str:
        name = cell(par(run(words, size), align="center", line=22), label)
        top = "top" if len(content) > 1 else "center"
        return row(name, cell("".join(content), value, valign=top), height=height, split=split)

    def text(words: str, size: float = size) -> str:
        return par(run(words, size), line=22 if size > small else 20)

    def opinion(name: str) -> str:
        tail = par(run(tag(DATES[name]), small), line=20, align="right", right=14)
        empty = text("", small)
        return labelled(name, text(tag(name), small), empty, empty, tail, height=88)

    word(
        "党建项目申请表/党建项目申请表.docx",
        "党建项目化管理项目申请表",
        par(run("附件1：", 16, HEADING), line=28),
        title("党建项目化管理项目申请表", after=6),
        par(run("填表时间：{{填表时间}}", size), line=26, align="right", right=7, after=2),
        table(
            [label, value],
            labelled("立项支部", text("{{立项支部}}")),
            labelled("项目主要责任人", text("{{项目主要责任人}}")),
            labelled("项目名称", text("{{项目名称}}")),
            labelled(
                "项目具体工作内容",
                text("1.选题：{{选题}}", small),
                text("2.内容：{{内容}}", small),
                text("3.预期目标：{{预期目标}}", small),
                height=262,
                split=True,
            ),
            opinion("支部委员会意见"),
            opinion("党委会意见"),
        ),
        END,
    )


DATES = {"支部委员会意见": "支部意见日期", "党委会意见": "党委意见日期"}


# -- 延期, 总结, 销号: forms of label and value, one or two pairs a row

PAIR = (33.0, 45.0, 33.0, 45.0)
"""Label and value, twice, in mm."""


def text_cell(words: str, width: float, *, span: int = 1, size: float = 14, top: bool = False) -> str:
    """A value cell."""
    content = par(run(words, size), line=24 if size > 12 else 20)
    return cell(content, width, span=span, valign="top" if top else "center")


def label_cell(words: str, width: float = PAIR[0]) -> str:
    """A label cell; a long label stands on two lines."""
    shown = words if len(words) < 6 else f"{words[:4]}\n{words[4:]}"
    return cell(par(run(shown, 14), align="center", line=20), width)


def pairs(first: str, second: str = "", *, height: float = 34) -> str:
    """One or two labelled fields in a row."""
    if not second:
        return row(label_cell(first), text_cell(tag(first), sum(PAIR[1:]), span=3), height=height)
    cells = (label_cell(first), text_cell(tag(first), PAIR[1]), label_cell(second), text_cell(tag(second), PAIR[3]))
    return row(*cells, height=height)


def tall(name: str, height: float) -> str:
    """A field for a long text; the row may run over to the next page."""
    value = text_cell(tag(name), sum(PAIR[1:]), span=3, size=12, top=True)
    return row(label_cell(name), value, height=height, split=True)


def signed(name: str, height: float = 96) -> str:
    """An opinion with the date at its foot."""
    day = par(run(tag(f"{name}日期"), 12), line=20, align="right", right=14)
    empty = par(run("", 12), line=20)
    value = par(run(tag(name), 12), line=20) + empty + empty + day
    return row(label_cell(name), cell(value, sum(PAIR[1:]), span=3, valign="bottom"), height=height)


def extension() -> None:
    """项目延期申请."""
    word(
        "项目延期申请/项目延期申请.docx",
        "党建项目化管理项目延期申请表",
        title("党建项目化管理项目延期申请表", after=12),
        table(
            list(PAIR),
            pairs("项目名称"),
            pairs("项目单位", "项目主要责任人"),
            pairs("原完成时限", "申请延期至"),
            tall("延期原因", 190),
            pairs("申请日期"),
            signed("支部意见"),
            signed("党委意见"),
        ),
        END,
    )


def closing() -> None:
    """销号申请表."""
    word(
        "销号申请表/销号申请表.docx",
        "巡察整改问题销号申请表",
        title("巡察整改问题销号申请表", after=12),
        table(
            list(PAIR),
            pairs("单位名称", "问题编号"),
            tall("反馈问题", 56),
            tall("整改措施", 76),
            tall("整改成效", 96),
            pairs("完成日期"),
            tall("佐证材料", 48),
            pairs("责任人", "申请日期"),
            signed("责任部门意见", 78),
            signed("整改办意见", 78),
        ),
        END,
    )


def summary_report() -> None:
    """项目总结报告, as a table and as an article."""
    name = "党建项目化管理项目实施总结报告"
    word(
        "项目总结报告/项目总结报告.docx",
        name,
        title(name, after=12),
        table(
            list(PAIR),
            pairs("项目名称"),
            pairs("项目单位", "项目主要责任人"),
            pairs("完成日期", "经济效益"),
            tall("项目概况", 96),
            tall("实施情况", 170),
            tall("成果经验", 120),
            tall("评价建议", 80),
        ),
        END,
    )
    word(
        "项目总结报告/项目总结报告（文章式）.docx",
        name,
        title(name, after=12),
        cover("项目名称", "项目单位", "项目主要责任人", "完成日期", "经济效益"),
        *parts("项目概况", "实施情况", "成果经验", "评价建议"),
    )


# -- 附件3: a cover, then parts with free text


def cover(*names: str) -> str:
    """Labels with a line to write on, no other borders."""
    label, value = 52.0, 98.0
    rows = []
    for name in names:
        words = cell(par(run(f"{name}：", 16), line=26), label, valign="bottom")
        line = cell(par(run(tag(name), 16), line=26), value, valign="bottom")
        under = '<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tcBorders>'
        rows.append(row(words, line.replace("<w:vAlign", f"{under}<w:vAlign", 1), height=34))
    return table([label, value], *rows, lines=False)


def parts(*names: str, first: str = "") -> list[str]:
    """Numbered headings, each with room for its text below; `first`: a property of the first heading."""
    made = []
    for number, name in zip("一二三四五六七八九", names, strict=False):
        heading_ = par(run(f"{number}、{name}", 16, HEADING), line=28, indent=2, before=6)
        made.append(heading_.replace("<w:pPr>", f"<w:pPr><w:keepNext/>{first if not made else ''}", 1))
        made.append(par(run(tag(name), 16), line=28, indent=2, align="both"))
    return made


def plan() -> None:
    """附件3：实施计划书."""

    def big(words: str, size: float, before: float = 0) -> str:
        return par(run(words, size, TITLE), align="center", line=size * 1.6, before=before)

    word(
        "实施计划书/实施计划书.docx",
        "党建项目化管理实施计划书",
        par(run("附件3：", 16, HEADING), line=28),
        big("{{单位}}", 22, before=70),
        big("党建项目化管理", 26, before=30),
        big("实施计划书", 36, before=12),
        par(run("", 16), line=150),
        cover("项目名称", "项目单位", "项目主要责任人", "项目时限"),
        *parts(
            "实施单位基本情况",
            "项目成员基本情况",
            "项目背景及必要性",
            "主要措施",
            "预期目标",
            "完成时间",
            "附件",
            first="<w:pageBreakBefore/>",
        ),
    )


# -- 附件2

CLAUSES = (
    "一、党支部书记为党建项目化管理工作的主要责任人，承担直接领导责任和组织实施责任。",
    "二、制定并落实好党建项目实施计划书，保证项目的总目标、阶段目标和各个子目标的完成时间和质量。",
    "三、每月深入现场，对项目的进展情况进行跟踪、督导，及时发现和解决工作过程中存在的问题。",
    "四、及时总结工作成果和亮点。",
    "五、本责任书分别由各单位党委书记与项目承担部门支部书记签订。",
    "六、本责任书一式{{份数}}份，签订双方各执一份。",
)


def letter() -> None:
    """附件2：党建项目化管理责任书, one page."""

    def body(words: str, extra: str = "") -> str:
        return par(run(words), line=28, indent=2, align="both", extra=extra)

    keep = "<w:keepNext/>"

    def signer(unit: str, role: str, name: str) -> str:
        # The name is printed small below; the line itself stays free for the pen.
        lines = (
            par(run(unit), line=28, extra=keep),
            par(run(f"{role}："), line=28, before=6, extra=keep),
            par(run(f"（{name}）", 12), line=18, extra=keep),
        )
        return cell("".join(lines), 76, valign="top")

    head = row(
        cell(par(run("{{草稿}}", 16, HEADING), line=22), 60),
        cell(par(run("编号：{{项目编号}}", 14), line=22, align="right"), 96),
    )
    word(
        "党建项目责任书/党建项目责任书.docx",
        "党建项目化管理责任书",
        table([60, 96], head, lines=False),
        title("党建项目化管理责任书", before=8, after=12),
        body("为规范党建项目化管理工作，确保项目预期目标完成，签订本责任书。"),
        *(body(clause) for clause in CLAUSES[:-1]),
        body(CLAUSES[-1], extra=keep),
        par(run("项目名称：{{项目名称}}"), line=28, indent=2, before=6, after=8, extra=keep),
        table(
            [76, 80],
            row(
                signer("{{单位名称}}", "党委书记", "{{党委书记}}"),
                signer("{{党支部}}", "党支部书记", "{{党支部书记}}"),
            ),
            lines=False,
        ),
        par(run("年　　月　　日"), line=28, align="right", right=64, before=8),
    )


# -- 附件4 and the ledgers

LANDSCAPE = (16838, 11906)
SUMMARY = [
    ("序号", 5, 13), ("项目名称", 26, 40), ("项目起止日期", 14, 39), ("项目承担部门", 17, 34),
    ("解决问题", 22, 40), ("采取措施", 25, 42), ("达到目标", 22, 38), ("备注", 9, 15),
]  # fmt: skip
"""Column, width in Excel units, width in Word in mm."""

LEDGER = [
    ("序号", 4, 8), ("问题编号", 8, 15), ("反馈问题", 17, 29), ("整改类型", 6, 10), ("目标维度", 6, 10),
    ("问题成因", 10, 17), ("整改目标", 13, 21), ("整改措施", 16, 27), ("牵头领导", 7, 11.5), ("责任部门", 8, 11.5),
    ("责任人", 7, 11.5), ("完成时限", 10, 16), ("进展情况", 13, 22), ("完成情况", 6, 10), ("完成日期", 10, 16),
    ("佐证材料", 10, 17), ("是否销号", 5, 9), ("备注", 6, 10),
]  # fmt: skip
BROKEN = {"整改类型", "目标维度", "牵头领导", "责任部门", "完成情况", "是否销号"}
"""Narrow columns whose heading stands on two lines."""
ROOM, WIDE = 9, 20
"""Widths in Excel units: from here a heading fits on one line; from here a column holds sentences."""

LEDGER_LINE = "　　".join(
    f"{name}：{tag(name)}" for name in ("单位名称", "第一责任人", "反馈日期", "填表人", "联系电话")
)
SUMMARY_LINE = "　　　　　　".join(f"{name}：{tag(name)}" for name in ("单位名称", "填表人", "联系电话"))
ROSTER = [
    ("单位", 21), ("单位代码", 9), ("党委书记", 9), ("党支部", 27), ("别名", 24), ("支部书记", 9), ("联系人", 9),
    ("联系电话", 15), ("收件文件夹", 14),
]  # fmt: skip
WAITING = [
    ("序号", 4.5), ("来文编号", 10), ("单位", 11), ("文种", 10), ("文件名", 12), ("位置", 12), ("字段", 9.5),
    ("读法一", 20), ("读法二", 20), ("为什么要确认", 14), ("原件", 15), ("确认为", 8), ("其他填写", 15),
    ("作为同义标签", 8), ("确认人", 8), ("确认日期", 10), ("校验码", 9),
]  # fmt: skip
CENTRED = {"序号", "问题编号", "整改类型", "目标维度", "项目起止日期", "牵头领导", "责任人", "完成时限", "完成情况",
           "完成日期", "是否销号", "单位代码", "党委书记", "支部书记", "联系人", "联系电话"}  # fmt: skip
AS_TEXT = {"问题编号", "项目起止日期", "完成时限", "完成日期", "单位代码", "联系电话", "收件文件夹"}
"""Columns in which Excel would otherwise turn 2022.10 into 2022.1 or lose a leading zero."""

CHOICES = {
    "整改类型": ["立行立改", "限期整改", "长效治理"],
    "完成情况": ["已完成", "基本完成", "正在整改", "未完成", "长期坚持"],
    "是否销号": ["是", "否"],
}
GROUPED = ("解决问题", "采取措施", "达到目标")


def heading(name: str) -> str:
    """A column's printed heading."""
    return f"{name[:2]}\n{name[2:]}" if name in BROKEN else name


def summary_word() -> None:
    """附件4 as a Word table, landscape, header rows on every page."""
    size, widths = 12.0, [float(column[2]) for column in SUMMARY]

    def head(words: str, width: float, **kind: object) -> str:
        return cell(par(run(words, size, HEADING), align="center", line=18), width, **kind)  # type: ignore[arg-type]

    first = [head(name, mm, merge="restart") for name, _, mm in SUMMARY if name not in GROUPED]
    first.insert(4, head("项目基本情况", sum(mm for name, _, mm in SUMMARY if name in GROUPED), span=3))
    second = [
        head(name, mm) if name in GROUPED else cell(par(line=18), mm, merge="continue") for name, _, mm in SUMMARY
    ]
    values = [
        cell(par(run(tag(name, "项目"), size), align="center" if name in CENTRED else "left", line=18), mm)
        for name, _, mm in SUMMARY
    ]
    word(
        "党建项目汇总表/党建项目汇总表.docx",
        "党建项目化管理项目汇总表",
        par(run("附件4", 16, HEADING), line=28),
        title("党建项目化管理项目汇总表", after=4),
        par(run(SUMMARY_LINE, 14), line=26, after=2),
        table(
            widths, row(*first, header=True, height=26), row(*second, header=True, height=26), row(*values, height=30)
        ),
        END,
        page=LANDSCAPE,
        margins=(26.0, 18.0, 22.0, 18.0),
    )


def ledger_word() -> None:
    """整改台账 as a Word table, landscape."""
    size, widths = 9.0, [float(column[2]) for column in LEDGER]
    heads = [cell(par(run(heading(name), size, HEADING), align="center", line=13), mm) for name, _, mm in LEDGER]
    values = [
        cell(par(run(tag(name, "问题"), size), align="center" if name in CENTRED else "left", line=13), mm)
        for name, _, mm in LEDGER
    ]
    word(
        "整改台账/整改台账.docx",
        "巡察反馈问题整改台账",
        title("巡察反馈问题整改台账", after=4),
        par(run(LEDGER_LINE, 12), line=22, after=2),
        table(widths, row(*heads, header=True, height=30), row(*values, height=34), padding=0.7),
        END,
        page=LANDSCAPE,
        margins=(20.0, 12.0, 16.0, 12.0),
    )


@dataclass(frozen=True)
class Spec:
    """What the spec.toml says about the columns that a ledger is drawn with."""

    group: str
    types: dict[str, str]
    choices: dict[str, list[str]]

    @classmethod
    def of(cls, name: str) -> Spec:
        """The spec of a type under templates/."""
        data = tomllib.loads((ROOT / name / "spec.toml").read_text("utf-8"))
        columns = data["columns"]
        types = {one["name"]: one.get("type", "text") for one in columns}
        return cls(data["group"], types, {one["name"]: one["choices"] for one in columns if "choices" in one})

    def centred(self, name: str, width: float) -> bool:
        """Short values stand in the middle of their cell; a wide column holds sentences."""
        return width < WIDE and (self.types[name] not in ("text", "long", "org") or name.endswith("编号"))

    def number_format(self, name: str) -> str:
        """Text where Excel would turn 2026.10 into 2026.1; a percent format makes 45 typed there 45%."""
        if self.types[name] == "percent":
            return "0%"
        return (
            "@" if self.types[name] in ("date", "deadline", "period", "phone") or name.endswith("编号") else "General"
        )


def header_line(names: tuple[str, ...], gap: str = "　　　　") -> str:
    """单位名称：{{单位名称}}　　　　报告期：{{报告期}}."""
    return gap.join(f"{name}：{tag(name)}" for name in names)


def ledger_book(one: Ledger) -> None:
    """A ledger as a workbook, landscape, one page wide."""
    spec = Spec.of(one.name)
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    workbook.set_properties({"title": one.title, "created": datetime(2026, 1, 1)})
    page = workbook.add_worksheet(one.sheet)
    base = {"font_name": BODY, "font_size": one.size, "valign": "vcenter", "text_wrap": True}
    last = len(one.columns) - 1
    big = {"font_name": TITLE, "font_size": 22, "align": "center", "valign": "vcenter"}
    page.merge_range(0, 0, 0, last, one.title, workbook.add_format(big))
    page.set_row(0, 38)
    for line, names in enumerate(one.lines, 1):
        page.merge_range(line, 0, line, last, header_line(names), workbook.add_format({**base, "font_size": 12}))
        page.set_row(line, 24)
    top = 1 + len(one.lines)
    head = workbook.add_format({**base, "border": 1, "font_name": HEADING, "align": "center"})
    plain = [(name, width) for name, width, _ in one.columns]
    line = _banded_heads(page, one, top, head) if one.band else _heads(page, plain, top, head, grouped=False)
    for number, (name, width) in enumerate(plain):
        page.set_column(number, number, width)
        kind = {"align": "center"} if spec.centred(name, width) else {}
        style = workbook.add_format({**base, "border": 1, "num_format": spec.number_format(name), **kind})
        page.write(line, number, tag(name, spec.group), style)
        _choose(page, line, number, name, spec.choices.get(name, []))
    page.set_row(line, 32)
    _print(page, top, line, last)
    workbook.close()
    with ZipFile(stream) as package:
        save(f"{one.name}/{one.name}.xlsx", {name: package.read(name) for name in package.namelist()})


def _banded_heads(page: xlsxwriter.worksheet.Worksheet, one: Ledger, line: int, style: object) -> int:
    """Two header rows with a heading over some columns; the next free row."""
    inside = [number for number, column in enumerate(one.columns) if column[0] in one.banded]
    page.merge_range(line, inside[0], line, inside[-1], one.band, style)
    for number, (name, _, _) in enumerate(one.columns):
        if number in inside:
            page.write(line + 1, number, name, style)
        else:
            page.merge_range(line, number, line + 1, number, name, style)
    page.set_row(line, 22)
    page.set_row(line + 1, 34)
    return line + 2


def _choose(page: xlsxwriter.worksheet.Worksheet, line: int, number: int, name: str, choices: list[str]) -> None:
    """A drop-down list; other words are warned of, not refused."""
    if choices:
        rule = {"validate": "list", "source": choices, "error_type": "warning", "error_title": name}
        rule["error_message"] = f"请从下拉列表中选择{name}。"
        page.data_validation(line, number, line, number, rule)


def ledger_table(one: Ledger) -> None:
    """A ledger as a Word table, landscape, header on every page."""
    spec = Spec.of(one.name)
    size = one.size - 0.5
    pitch = size * 1.5
    heads = [cell(par(run(name, size, HEADING), align="center", line=pitch), mm) for name, _, mm in one.columns]
    values = [
        cell(
            par(run(tag(name, spec.group), size), align="center" if spec.centred(name, width) else "left", line=pitch),
            mm,
        )
        for name, width, mm in one.columns
    ]
    word(
        f"{one.name}/{one.name}.docx",
        one.title,
        title(one.title, after=4),
        *(par(run(header_line(names), 12), line=22, after=2) for names in one.lines),
        table(
            [mm for _, _, mm in one.columns],
            row(*heads, header=True, height=30),
            row(*values, height=34),
            padding=1.0,
        ),
        END,
        page=LANDSCAPE,
        margins=(24.0, 18.0, 20.0, 18.0),
    )


def book(path: str, sheet: str, columns: list[tuple[str, float]], **parts: object) -> None:
    """A ledger workbook. parts: annex, title, line (header block), group, grouped (two header rows), size."""
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    workbook.set_properties({"title": str(parts["title"]), "created": datetime(2026, 1, 1)})
    page = workbook.add_worksheet(sheet)
    size = float(str(parts.get("size", 11)))
    base = {"font_name": BODY, "font_size": size, "valign": "vcenter", "text_wrap": True}
    lined = {**base, "border": 1}
    last, line = len(columns) - 1, 0
    for number, (_, width) in enumerate(columns):
        page.set_column(number, number, width)
    if parts.get("annex"):
        page.write(line, 0, parts["annex"], workbook.add_format({"font_name": HEADING, "font_size": 14}))
        page.set_row(line, 22)
        line += 1
    big = {"font_name": TITLE, "font_size": 22, "align": "center", "valign": "vcenter"}
    page.merge_range(line, 0, line, last, parts["title"], workbook.add_format(big))
    page.set_row(line, 38)
    line += 1
    if parts.get("line"):
        page.merge_range(line, 0, line, last, parts["line"], workbook.add_format({**base, "font_size": 12}))
        page.set_row(line, 24)
        line += 1
    top = line
    head = workbook.add_format({**lined, "font_name": HEADING, "align": "center"})
    line = _heads(page, columns, line, head, bool(parts.get("grouped")))
    for number, (name, _) in enumerate(columns):
        kind = {"align": "center"} if name in CENTRED else {}
        kind |= {"num_format": "@"} if name in AS_TEXT else {}
        page.write(line, number, tag(name, str(parts["group"])), workbook.add_format({**lined, **kind}))
        _choose(page, line, number, name, CHOICES.get(name, []))
    page.set_row(line, 32)
    _print(page, top, line, last)
    workbook.close()
    with ZipFile(stream) as package:
        save(path, {name: package.read(name) for name in package.namelist()})


def _heads(
    page: xlsxwriter.worksheet.Worksheet, columns: list[tuple[str, float]], line: int, style: object, grouped: bool
) -> int:
    """One header row, or two with the three columns under 项目基本情况; the next free row."""
    if not grouped:
        for number, (name, width) in enumerate(columns):
            page.write(line, number, name if width >= ROOM else heading(name), style)
        page.set_row(line, 34)
        return line + 1
    inside = [number for number, (name, _) in enumerate(columns) if name in GROUPED]
    page.merge_range(line, inside[0], line, inside[-1], "项目基本情况", style)
    for number, (name, _) in enumerate(columns):
        if number in inside:
            page.write(line + 1, number, name, style)
        else:
            page.merge_range(line, number, line + 1, number, name, style)
    page.set_row(line, 22)
    page.set_row(line + 1, 22)
    return line + 2


def _print(page: xlsxwriter.worksheet.Worksheet, top: int, line: int, last: int) -> None:
    """A4 landscape, one page wide, header rows on every page, page numbers."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.7)
    page.center_horizontally()
    page.repeat_rows(top, line - 1)
    page.print_area(0, 0, line, last)
    page.set_footer("&C&14— &P —")
    page.freeze_panes(line, 0)


def main() -> None:
    """All template files."""
    application()
    extension()
    closing()
    summary_report()
    plan()
    letter()
    summary_word()
    ledger_word()
    book(
        "党建项目汇总表/党建项目汇总表.xlsx", "汇总表", [(name, width) for name, width, _ in SUMMARY],
        annex="附件4", title="党建项目化管理项目汇总表", group="项目", grouped=True,
        line=SUMMARY_LINE,
    )  # fmt: skip
    book(
        "整改台账/整改台账.xlsx", "整改台账", [(name, width) for name, width, _ in LEDGER],
        title="巡察反馈问题整改台账", group="问题", size=9,
        line=LEDGER_LINE,
    )  # fmt: skip
    for one in LEDGERS:
        ledger_book(one)
        if one.word:
            ledger_table(one)
    book("组织名册/组织名册.xlsx", "组织名册", list(ROSTER), title="基层党组织名册", group="支部")
    book("待人工确认/待人工确认.xlsx", "待人工确认", list(WAITING), title="待人工确认", group="疑问", size=9)


if __name__ == "__main__":
    main()
