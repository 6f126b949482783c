"""What is said about a whole file. Keys: the code, or code.variant (a reason counts as a variant)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.catalog.entry import Entry

_AGAIN = "请在 Word、Excel 或 WPS 里打开它，另存为 .docx 或 .xlsx 后重新报送"
_SOURCE = "请报送原来的 Word 或 Excel 文件"
_PAPER = f"{_SOURCE}；只有纸质件的，请联系受理部门（受理部门也可以安装文字识别组件）"
_SPLIT = "请删去表格以外的空行空列，或者分成几份报送"
_UNZIP = "请解压后把里面的文件逐个放进文件夹"
_SMALLER = "请删去大图片和无关内容，或者分成几份报送"

FILES: Mapping[str, Entry] = MappingProxyType(
    {
        # recognising
        "unknown_form": Entry("认不出这是哪一种表", "请用下发的空白表填写后重新报送；目前能受理的有：{types}"),
        "ambiguous_form": Entry("这份文件像是几种表：{types}", "请每份文件只放一种表，保留表名后重新报送"),
        "wrong_form": Entry("这不是这里要收的表[（{note}）]", "请核对后放到对应的文件夹，或者换成下发的空白表"),
        "several_forms": Entry("一个文件里有{count}份表", "已经逐份读取；以后请一份文件只放一张表"),
        "old_layout": Entry("用的是旧版表样", "内容已经读取；下次请用新下发的空白表"),
        "hidden_rows": Entry(
            "[工作表“{sheet}”里]有隐藏的内容[，行：{rows}][，列：{columns}]",
            "已按报送内容读取；请取消隐藏，核对是否要一并报送",
        ),
        "rows_left_out": Entry(
            "{name}第{rows}行有内容（“{found}”），但看不出是不是表中的一行，没有读取",
            "如是要报送的内容，请在表头下面逐列填写并编上序号；如不是，请删去或移到表格外面",
        ),
        "columns_left_out": Entry(
            "这些列不是表样里的：{columns}，其中的内容没有读取", "如是要报送的内容，请填到表样的列里"
        ),
        "table_left_out": Entry("“{name}”与表样不同，没有读取", "如其中有要报送的内容，请按表样填写"),
        "table_left_out.hidden": Entry(
            "工作表“{name}”是隐藏的，没有读取", "如其中有要报送的内容，请取消隐藏后重新报送"
        ),
        "far_cells": Entry(
            "工作表“{sheet}”第{row}行以后还有零散的内容，离表格太远，没有读取",
            "请把它们移到表格里，或者删去后重新报送",
        ),
        "tracked_changes": Entry("文件里有修订痕迹", "已按全部接受修订后的内容读取；请核对，并在定稿时接受或拒绝修订"),
        "macros": Entry("文件里有宏", "宏没有运行，只读取了文字；以后请存为不含宏的 .docx 或 .xlsx"),
        "converted": Entry(
            "这份文件不是 .docx 或 .xlsx，是用 LibreOffice 转换成 .{to} 以后读取的",
            "请核对登记的内容；下次请直接报送 .docx 或 .xlsx",
        ),
        "linked_text": Entry("文件里有一部分内容来自另一个文件，没有随文件送来", "请把那部分内容粘贴进来后重新报送"),
        "external_parts": Entry("文件引用了外部的文件或图片", "外部内容没有读取；如其中有要报送的内容，请粘贴进来"),
        "duplicate": Entry(
            "与此前报送的文件完全相同[，此前的编号是{reference}][，项目编号是{number}]",
            "不必重复报送；要更正的，请修改内容后再报",
        ),
        # pdf
        "scanned_pages": Entry("第{pages}页是扫描的图片，没有读取", _PAPER),
        "recognised": Entry("第{pages}页是图片，文字由程序识别", "拿不准的地方已经注明；登记的内容请与原件核对"),
        "unknown_characters": Entry("有{count}个字在 PDF 里没有编码，认不出来", _SOURCE),
        "struck_out": Entry("文件里有划掉的文字", "请核对登记的内容；定稿时请删去划掉的文字"),
        "text_over_edge": Entry(
            "[“{found}”]有文字超出格子或者压住了别的文字，可能读得不准", f"请核对登记的内容，或者{_SOURCE[1:]}"
        ),
        # not readable
        "empty_file": Entry("文件是空的（0 字节），可能没有复制完", "请重新复制一份"),
        "not_office": Entry("这不是 Word 或 Excel 文件", _AGAIN),
        "not_office.html": Entry("这其实是一个网页文件，只是改了扩展名", _AGAIN),
        "not_office.lock": Entry(
            "这是 Word 或 Excel 打开文件时留下的临时文件（名称以“~$”开头），里面没有内容",
            "请关闭 Word 或 Excel，报送名称里没有“~$”的那个文件",
        ),
        "corrupt": Entry("文件已损坏，打不开", "请在 Word、Excel 或 WPS 里打开检查并另存后重新报送"),
        "corrupt.truncated": Entry("文件不完整，可能没有复制完", "请重新复制一份；如仍不行，请打开后另存再报送"),
        "corrupt.duplicate": Entry(
            "文件里有两个同名的部分，看不出哪个是真的",
            "如果是压缩包，请给文件改名后重新压缩；如果是表格，请打开后另存再报送",
        ),
        "corrupt.method": Entry("压缩方法不常见，打不开", "请解压后用系统自带的“压缩”重新打包，或者逐个放进文件夹"),
        "corrupt.name": Entry("压缩包里的文件名不正常，为安全起见没有打开", _UNZIP),
        "encrypted.zip": Entry("压缩包设了密码，读不了", "请去掉密码重新压缩，或者解压后把里面的文件逐个放进文件夹"),
        "encrypted": Entry("文件设了打开密码，读不了", "请去掉密码后重新报送"),
        "too_large": Entry("文件太大，超过了规定的限度", _SMALLER),
        "too_large.file": Entry("文件有 {size}[，超过规定的 {limit}]", _SMALLER),
        "too_large.unpacked": Entry("文件展开后有 {size}[，超过规定的 {limit}]", _SMALLER),
        "too_large.members": Entry("文件里有 {size} 个部件[，超过规定的 {limit} 个]", _SMALLER),
        "too_large.documents": Entry("压缩包里有 {size} 份文件[，超过规定的 {limit} 份]", "请分成几个压缩包报送"),
        "too_large.forms": Entry("一个文件里有 {size} 份表[，超过规定的 {limit} 份]", "请分成几个文件报送"),
        "too_large.labels": Entry("同样的栏目名称出现得太多[，超过 {limit} 处]", "请只留要报送的这一张表"),
        "too_large.paragraphs": Entry("有 {size} 个段落[，超过规定的 {limit} 个]", "请只留要报送的内容"),
        "too_large.sheets": Entry("有 {size} 张工作表[，超过规定的 {limit} 张]", "请只留要报送的工作表"),
        "too_large.rows": Entry("表格有 {size} 行[，超过规定的 {limit} 行]", _SPLIT),
        "too_large.columns": Entry("表格有 {size} 列[，超过规定的 {limit} 列]", _SPLIT),
        "too_large.cells": Entry("表格有 {size} 个单元格[，超过规定的 {limit} 个]", _SPLIT),
        "too_large.scan_pages": Entry(
            "扫描的页数太多[，超过规定的 {limit} 页]", "请只报送这张表本身的几页，或者报送原来的 Word 或 Excel 文件"
        ),
        "too_large.scan_pixels": Entry("图片的尺寸太大[，超过规定的 {limit} 像素]", "请缩小后重新报送"),
        "timeout.scan": Entry("识别这份扫描件用的时间太长，已经停止", f"{_SOURCE}，或者减少页数"),
        "too_large.paths": Entry("页面上的线条多得不正常", _SOURCE),
        "too_large.text": Entry("页面上的文字多得不正常", _SOURCE),
        "too_large.pages": Entry("页数太多[，超过规定的 {limit} 页]", "请只报送这张表本身的几页"),
        "bomb": Entry("文件展开以后大得不正常，为安全起见没有打开", _AGAIN),
        "forbidden_xml": Entry("文件里有不允许的内容（外部实体），为安全起见没有打开", _AGAIN),
        "old_format": Entry("这是旧格式或其他软件的文件（.doc、.wps、.rtf、.odt 等），目前还不能直接读取", _AGAIN),
        "old_format.failed": Entry("这份文件没能转换成 .docx 或 .xlsx，可能已经损坏", _AGAIN),
        "old_format.late": Entry("把这份文件转换成 .docx 或 .xlsx 用的时间太长，已经停止", _AGAIN),
        "image_not_yet": Entry("这是图片，这里没有安装文字识别，读不了", _PAPER),
        "image_not_yet.gif": Entry("这是 GIF 图片，读不了", f"{_SOURCE}，或者改存为 PNG、JPG 图片"),
        "image_not_yet.heic": Entry("这是 HEIC 格式的照片，读不了", f"{_SOURCE}，或者改存为 JPG 图片"),
        "scan": Entry("这是扫描件，里面只有图片，这里没有安装文字识别，读不了", _PAPER),
        "scan.fonts": Entry("这份 PDF 里的文字没有编码，读出来是乱码", _SOURCE),
        "xfa": Entry("这是一份要在专门软件里才显示的 PDF 表单（XFA），文件里没有填写的内容", _SOURCE),
        "ofd": Entry("这是 OFD 文件，目前还不能自动读取", "请报送原来的 Word 或 Excel 文件"),
        "other_archive": Entry("这是 .{format} 压缩包，打不开", f"{_UNZIP}，或者改用 .zip 压缩"),
        "nested_archive": Entry("压缩包里还有一个压缩包，没有打开", _UNZIP),
        "archive_empty": Entry("压缩包里没有文件", "请把要报送的文件压缩进去，或者逐个放进文件夹"),
        "archive_skipped": Entry(
            "压缩包里有{count}项是系统或软件自己产生的，没有读取（{names}）", "如其中有要报送的内容，请单独报送"
        ),
        "strict_ooxml": Entry(
            "文件存成了“Strict Open XML”格式，读出来会是空的", "请另存为普通的 .docx 或 .xlsx 后重新报送"
        ),
        "timeout": Entry("读取这份文件用的时间太长，已经停止", _SMALLER),
        "memory": Entry("读取这份文件占用的内存太多，已经停止", _SMALLER),
        "no_text": Entry("文件里没有读到文字", "如果内容是图片，请换成可以编辑的文字后重新报送"),
        "defect": Entry("读取这份文件时程序出了错，已经停止", "请打开后另存再报送；受理部门也会人工查看"),
        "crashed": Entry("读取这份文件时程序出了故障，已经停止", "请打开后另存再报送；受理部门也会人工查看"),
    }
)
