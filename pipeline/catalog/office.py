"""What is said about a person's decisions: on the unit's papers, and to the office about an answer it gave.

`not_settled` speaks to the office alone: about the answer on a command line or in a row of 待人工确认.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.catalog.entry import Entry

_LOOK = "请在最新的《待人工确认》里查看还有哪些要确认"

OFFICE: Mapping[str, Entry] = MappingProxyType(
    {
        "office_return": Entry("受理部门核对后退回：{note}", "请按上述意见修改后重新报送"),
        "office_accept": Entry("受理部门核定，说明理由后受理[（{note}）]", "不必重报"),
        "not_settled": Entry("没有办理", "请与维护人员联系"),
        "not_settled.no_reference": Entry("没有编号为“{reference}”的报送件", "请核对来文编号或项目编号"),
        "not_settled.foreign": Entry("“{reference}”不是这份工作簿里的来文编号", _LOOK),
        "not_settled.several_forms": Entry("这个文件里有{count}份表", "请用 --form 写明是第几份"),
        "not_settled.archive": Entry("这是压缩包，里面有几个文件", "请写其中一份的来文编号：{references}"),
        "not_settled.no_form": Entry("这个文件里没有第{form}份表", "请核对 --form 后面的数字"),
        "not_settled.replaced": Entry(
            "这份报送件已被后来的一份（来文编号{later}）代替", "不必再确认，请以后来的一份为准"
        ),
        "not_settled.closed": Entry("这份报送件的结论是“{verdict}”，没有可以裁定的内容", "请核对来文编号"),
        "not_settled.no_type": Entry("模板里已经没有《{type}》这个文种", "请恢复该文种的模板后再确认"),
        "not_settled.no_field": Entry("《{type}》里没有这一项", "请核对字段名，可以写：{known}"),
        "not_settled.no_row": Entry("表里没有第{n}条，共有{count}条", "请核对是第几条"),
        "not_settled.row_wanted": Entry("这一项每条各有一个", "请用 --row 写明是第几条"),
        "not_settled.no_doubt": Entry("这一项没有疑问，读到的是“{text}”", "内容要改的，请退回报送单位修改"),
        "not_settled.already": Entry("已经确认过：{by}于{date}确认为“{text}”", "不必重复确认"),
        "not_settled.otherwise": Entry(
            "已由{by}于{date}确认为“{text}”，与这次的“{said}”不同，没有改动", "确需更正的，请退回报送单位重新报送"
        ),
        "not_settled.contradiction": Entry("同一项填了两种不同的确认结果，都没有采用", "请核对原件，只留一种"),
        "not_settled.meaning": Entry("“{said}”不能作为这一项的内容（{problem}）", "请核对原件后重新填写"),
        "not_settled.blank": Entry("没有写确认的内容", "请选择读法一、读法二，或者选择“其他”并填写内容"),
        "not_settled.other_blank": Entry("选了“其他”，没有填写内容", "请在“其他填写”里写明"),
        "not_settled.other_unused": Entry(
            "填写了其他内容，而“确认为”没有选“其他”", "请核对后改选“其他”，或者删去填写的内容"
        ),
        "not_settled.no_second": Entry("这一项没有读法二", "请选择读法一，或者选择“其他”并填写内容"),
        "not_settled.choice": Entry("“{said}”不是可以选的", "请从下拉列表里选：读法一、读法二、其他"),
        "not_settled.by": Entry("没有写确认人", "请填写确认人姓名"),
        "not_settled.by_name": Entry("确认人“{said}”不是一个人的姓名", "请填写一位确认人的姓名"),
        "not_settled.date": Entry("确认日期“{said}”不对", "请填写实际确认的日期，不晚于今天", "2026年9月1日"),
        "not_settled.changed": Entry("改动了受保护的单元格“{name}”", f"这一行没有采用；{_LOOK}"),
        "not_settled.unknown_row": Entry("这一行不是程序写出的，或者编码被改动了", f"这一行没有采用；{_LOOK}"),
        "not_settled.unclear": Entry("这一格读不准", "请把这一格重新填写一遍"),
        "not_settled.nothing": Entry("没有填写任何一行", "请填写“确认为”和“确认人”后重新放入"),
        "not_settled.errors": Entry("还有必须改正的问题：{fields}", "不能受理；请退回报送单位改正"),
        "not_settled.doubts": Entry("还有{count}处疑问没有确认", "请先逐处确认，再作决定"),
        "not_settled.accepted": Entry("这份已经受理[，编号是{number}]", "不必再作决定"),
        "not_settled.returned": Entry("这份已经退回，报送单位还没有重新报送", "不必再退回"),
        "not_settled.reason": Entry("没有写理由", "请用 --note 写明理由"),
        "not_settled.forms": Entry("重新识别后份数不同（原来{before}份，现在{after}份），没有改动", "请人工核对原件"),
        "not_settled.defect": Entry("重新检查这份表时程序出了故障，没有改动", "经过已记入日志，请与维护人员联系"),
        "not_learned": Entry("没有加同义标签", "请与维护人员联系"),
        "not_learned.templates": Entry("工作文件夹里没有自己的模板", "请先运行 pipeline init 补上 templates 文件夹"),
        "not_learned.no_word": Entry("“{said}”不能作为标签", "请照表上印的标签填写，不超过40个字"),
        "not_learned.known": Entry("“{said}”已经是“{owner}”的标签", "不必再加"),
        "not_learned.taken": Entry(
            "“{said}”已经是“{owner}”的标签，不能再作“{field}”的标签", "一个标签只能属于一项，请核对"
        ),
        "not_learned.refused": Entry("加上“{said}”以后模板不能用：{problem}", "没有改动模板"),
        "not_learned.shape": Entry("“{file}”的写法程序改不了", "请用记事本在该字段的 labels 里加上“{said}”"),
    }
)  # fmt: skip
"""Code, or code.variant → entry."""
