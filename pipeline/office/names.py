"""Names of Office Open XML: namespaces and the element tags the readers look at, spelt as lxml spells them.

Only the transitional namespaces stand here; `package` rewrites strict files into them before anybody parses.
"""

from __future__ import annotations

OFFICE_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_TO_TRANSITIONAL: dict[bytes, bytes] = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": WORD.encode(),
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": SHEET.encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": OFFICE_RELATIONS.encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/math"
    ),
}  # fmt: skip

_W = "{" + WORD + "}"
_S = "{" + SHEET + "}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

RELATION_ID = "{" + OFFICE_RELATIONS + "}id"

# blocks
BODY = _W + "body"
P = _W + "p"
TBL = _W + "tbl"
TR = _W + "tr"
TC = _W + "tc"
SDT = _W + "sdt"
SDT_PR = _W + "sdtPr"
SDT_CONTENT = _W + "sdtContent"
CUSTOM_XML = _W + "customXml"
ALT_CHUNK = _W + "altChunk"
SUB_DOC = _W + "subDoc"
TEXT_BOX = _W + "txbxContent"

# properties
R_PR = _W + "rPr"
P_PR = _W + "pPr"
TR_PR = _W + "trPr"
TC_PR = _W + "tcPr"
U = _W + "u"
VANISH = _W + "vanish"
R_FONTS = _W + "rFonts"
GRID_SPAN = _W + "gridSpan"
GRID_BEFORE = _W + "gridBefore"
V_MERGE = _W + "vMerge"
H_MERGE = _W + "hMerge"
PLACEHOLDER = _W + "showingPlcHdr"
CHECKBOX_14 = _W14 + "checkbox"
CHECKED_14 = _W14 + "checked"
VAL_14 = _W14 + "val"
VAL = _W + "val"
ASCII = _W + "ascii"
AUTHOR = _W + "author"
COMMENT = _W + "comment"

# tracked changes
INS = _W + "ins"
DEL = _W + "del"
MOVE_FROM = _W + "moveFrom"
MOVE_TO = _W + "moveTo"

# inside paragraphs and runs
R = _W + "r"
T = _W + "t"
TAB = _W + "tab"
PTAB = _W + "ptab"
BR = _W + "br"
CR = _W + "cr"
NO_BREAK_HYPHEN = _W + "noBreakHyphen"
SYM = _W + "sym"
FONT = _W + "font"
CHAR = _W + "char"
FLD_CHAR = _W + "fldChar"
FLD_CHAR_TYPE = _W + "fldCharType"
FLD_SIMPLE = _W + "fldSimple"
FF_DATA = _W + "ffData"
CHECK_BOX = _W + "checkBox"
CHECKED = _W + "checked"
DEFAULT = _W + "default"
DROP_DOWN = _W + "ddList"
RESULT = _W + "result"
LIST_ENTRY = _W + "listEntry"
HYPERLINK = _W + "hyperlink"
SMART_TAG = _W + "smartTag"
BDO = _W + "bdo"
DIR = _W + "dir"
RUBY = _W + "ruby"
RUBY_BASE = _W + "rubyBase"
DRAWING = _W + "drawing"
PICT = _W + "pict"
OBJECT = _W + "object"
ALTERNATE = _MC + "AlternateContent"
CHOICE = _MC + "Choice"
FALLBACK = _MC + "Fallback"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MATH = _MATH + "oMath"
MATH_PARA = _MATH + "oMathPara"
MATH_T = _MATH + "t"

# workbooks
WORKBOOK = _S + "workbook"
WORKBOOK_PR = _S + "workbookPr"
SHEET_ENTRY = _S + "sheet"
NUM_FMT = _S + "numFmt"
CELL_XFS = _S + "cellXfs"
XF = _S + "xf"

# packages
TYPE_DEFAULT = "{http://schemas.openxmlformats.org/package/2006/content-types}Default"
TYPE_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
