"""What is said about a field or a row. Keys: the code, or code.variant."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.catalog.entry import CIVIL_CODE, OWN, PLAN, RECTIFICATION, Entry

CELLS: Mapping[str, Entry] = MappingProxyType(
    {
        # completeness
        "missing": Entry("没有填写", "请补充填写", OWN),
        "missing.not_applicable": Entry("写的是“{found}”，而这一项必填", "请填写具体内容，或者说明理由", OWN),
        "missing.picture": Entry(
            "这里只有一张图片，没有可以登记的文字",
            "请把图片里的内容用文字写出来；是手写签名图片的，请在旁边打印姓名",
            OWN,
        ),
        "missing.completion": Entry(
            "完成情况是“{state}”，但没有填写完成日期", "请填写实际完成的日期", "2026年8月20日", RECTIFICATION
        ),
        "missing.reason": Entry(
            "审批结果是“{state}”，但没有写明理由",
            "请写明理由，以便支部修改或者说明",
            "与上年度项目重复。",
            f"{PLAN}四（一）2",
        ),
        "missing_column": Entry("整列没有填写，或者表中没有这一列", "请在表中补上这一列并逐条填写", OWN),
        "no_rows": Entry("表头下面没有填写任何内容", "请逐条填写后再报送"),
        "placeholder": Entry("还留着模板里的提示语或样例文字“{found}”", "请删去它，换成实际内容", OWN),
        "no_evidence": Entry(
            "完成情况是“{state}”，但没有佐证材料",
            "请写明能证明整改结果的材料名称，材料随后备查",
            "修订后的制度文件、银行回单、检测报告",
            f"{RECTIFICATION}：不得仅提供文字材料而不真正解决问题",
        ),
        "no_evidence.weak": Entry(
            "写的是“{found}”，只有计划、通知或会议材料，看不出整改结果",
            "如有整改结果的证明材料，请一并写上",
            "修订后的制度文件、银行回单、检测报告",
            f"{RECTIFICATION}：不得仅提供文字材料而不真正解决问题",
        ),
        "no_evidence.column": Entry(
            "有的问题完成情况是“{state}”，但表中没有佐证材料这一列",
            "请增加“佐证材料”一列并逐项写明材料名称",
            "修订后的制度文件、银行回单、检测报告",
            f"{RECTIFICATION}：不得仅提供文字材料而不真正解决问题",
        ),
        "missing_element": Entry(
            "没有看到关于{element}的说明",
            "建议补充一两句话",
            "该问题影响结算，且已有技术和人员条件",
            f"{PLAN}四（一）1",
        ),
        "missing_element.figure": Entry(
            "没有看到{element}", "建议把目标写成可以检查的数字", "节约电费28万元，合格率达到95%以上", f"{PLAN}四（一）3"
        ),
        "vague": Entry(
            "“{phrase}”比较空泛，没有写出数字、文件名或日期，完成与否不便检查",
            "请改成可以检查的具体目标或措施，或者说明理由",
            "6月30日前修订《零星工程发包管理办法》，限额以上零星工程公开招标率100%",
            f"{RECTIFICATION}：避免模糊表述，应具体化为可测量的目标",
        ),
        # dates
        "invalid_date.note": Entry(
            "“{found}”不是一个写法正确的日期", "请核对后按年、月、日重新填写，是否应为{note}", "2026年8月20日"
        ),
        "ambiguous_date.note": Entry(
            "从“{found}”看不出确切的日期（{note}？）", "请写明最迟到哪一天", "2026年9月30日前"
        ),
        "invalid_date": Entry("“{found}”不是一个存在的日期", "请核对后按年、月、日重新填写", "2026年8月20日"),
        "ambiguous_date": Entry("从“{found}”看不出确切的日期", "请写明最迟到哪一天", "2026年9月30日前"),
        "ambiguous_date.month": Entry(
            "从“{found}”看不出是哪个月或哪一周[（{note}？）]", "请写明年和月（周）", "2026年10月"
        ),
        "end_before_start": Entry(
            "“{found}”的结束日期早于开始日期", "请核对起止日期，先写开始、后写结束", "2026.9~2027.6"
        ),
        "half_open": Entry("“{found}”只写了起止日期的一头", "请把开始和结束都写上", "2026.9~2027.6"),
        "relative_date": Entry(
            "“{found}”要从另一个日期算起，而表中没有写明那个日期", "请直接写出最迟的日期", "2026年9月30日前"
        ),
        "read_as": Entry("“{found}”理解为{reading}", "如与本意不符，请写全年、月、日后再报", "2026年9月30日"),
        "read_as.note": Entry(
            "“{found}”理解为{reading}，也可能是{note}", "如与本意不符，请写全年、月、日后再报", "2026年9月30日"
        ),
        "ambiguous": Entry("“{found}”有不止一种理解", "请写得更明确一些", OWN),
        "ambiguous.note": Entry("“{found}”有不止一种理解（{note}）", "请写得更明确一些", OWN),
        "derived": Entry("“{found}”没有写明日期，推算为{reading}", "如不对，请写明日期", "2026年9月30日"),
        "derived.class": Entry(
            "没有写明日期，“{kind}”从{base}起算，推算最迟为{limit}{note}",
            "如另有安排，请写明日期",
            "2026年9月30日",
            f"{RECTIFICATION}；{CIVIL_CODE}第二百条至第二百零四条",
        ),
        "class_limit": Entry(
            "“{found}”晚于“{kind}”允许的最迟日期{limit}（从{base}起算）{note}",
            "请把完成时限提前到{limit}以前，或者核对整改类型",
            clause=f"{RECTIFICATION}：立行立改一周内，限期整改三个月内见效，长效治理一年内形成机制",
        ),
        "class_limit.plan": Entry(
            "“{found}”里制定方案的日期晚于{limit}（从{base}起算）{note}",
            "请把制定方案的日期提前到{limit}以前",
            clause=f"{RECTIFICATION}：限期整改一个月内制定方案，三个月内见效",
        ),
        "class_limit.early": Entry(
            "“{found}”早于“{kind}”通常的最早日期{earliest}（从{base}起算）",
            "如属实不必修改，只请核对整改类型",
            clause=f"{RECTIFICATION}：长效治理半年至一年内形成机制",
        ),
        "too_long": Entry(
            "项目起止日期“{period}”超过{months}个月，但没有写明阶段性目标",
            "请写明{due}前要形成的阶段性目标，或者缩短周期",
            "2026年12月31日前完成制度建设和首轮培训，形成阶段性报告1份",
            f"{PLAN}四（一）1",
        ),
        "too_long.undated": Entry(
            "项目起止日期“{period}”超过{months}个月，阶段性目标里没有写明{due}以前的日期",
            "请写明{due}前要形成什么",
            "2026年12月31日前完成制度建设和首轮培训，形成阶段性报告1份",
            f"{PLAN}四（一）1",
        ),
        "too_long.row": Entry(
            "“{period}”超过{months}个月，这一条没有写明{due}前的阶段性目标",
            "请在备注里写明阶段性目标及其日期，或者缩短周期",
            "阶段目标：2026年12月31日前完成首轮培训",
            f"{PLAN}四（一）1",
        ),
        "too_long.form": Entry(
            "“{period}”超过{months}个月，没有写明{due}前的阶段性目标",
            "请在预期目标里写明阶段性目标及其日期，或者缩短周期",
            "阶段性目标：2026年12月31日前完成首轮培训",
            f"{PLAN}四（一）1",
        ),
        "outside_cycle": Entry(
            "“{found}”不是从本轮{year}年开始的", "请核对年份；如属实请在备注里说明", "2026.9~2027.6"
        ),
        "outside_cycle.of_year": Entry(
            "“{found}”不在{of_year}年度之内", "请核对年份，看是否沿用了往年的内容；如属实请说明"
        ),
        "outside_window": Entry(
            "“{found}”不在“{window}”阶段（{start}至{end}）之内", "请核对日期，属实的不必修改", "2026年8月20日"
        ),
        "late": Entry(
            "于{arrived}收到，“{window}”截止日是{end}{rest_day}，逾期{days}天",
            "逾期的单独列出，请向受理部门说明逾期原因",
            "项目部迁址，没有及时收到通知",
        ),
        "late.after_due": Entry(
            "“{found}”晚于{other}“{other_date}”，到期{days}天后才申请",
            "逾期的单独列出，请向受理部门说明没有及时申请的原因",
            "停工期间无法预计复工日期，没有及时申请",
        ),
        "early": Entry("于{arrived}收到，“{window}”从{start}开始", "已经收下，到时一并办理"),
        "inconsistent": Entry("“{found}”前后不一致", "请核对后改正", OWN),
        "inconsistent.note": Entry("“{found}”前后不一致，按日历是{note}", "请核对后改正", OWN),
        "inconsistent.order": Entry(
            "“{found}”早于{other}“{other_date}”，先后次序不对",
            "请核对这两个日期",
        ),
        "inconsistent.not_later": Entry("“{found}”不晚于{other}“{other_date}”，算不上延期", "请核对这两个日期", OWN),
        "inconsistent.outside_period": Entry(
            "“{found}”不在{other}“{period}”之内", "请核对后改正，使两处一致", OWN, f"{PLAN}附件3"
        ),
        "inconsistent.after_arrival": Entry(
            "“{found}”晚于收到文件的日期{arrived}", "请填写实际的日期", "2026年8月20日"
        ),
        "inconsistent.period": Entry("“{found}”不在报告期“{period}”之内", "请核对日期，属实的不必修改"),
        "inconsistent.future": Entry(
            "“{found}”还没有到（文件收到于{arrived}）", "请填写实际完成的日期", "2026年8月20日"
        ),
        "inconsistent.other_year": Entry(
            "“{found}”不是本轮“{window}”（{start}至{end}）的年份", "请核对是否误用了往年的表", "2026年8月20日"
        ),
        # people, units, words, numbers
        "not_a_person": Entry("“{found}”不是一个人的姓名", "请写明具体由谁负责，不要只写部门或“各部门”", "张三"),
        "not_a_person.several": Entry("“{found}”里不止一个人", "请一人写一行", "张三"),
        "not_secretary": Entry(
            "“{found}”不是“{branch}”的支部书记（名册上是{secretary}）",
            "项目主要责任人一般是支部书记，请核对",
            clause=f"{PLAN}五（一）",
        ),
        "wrong_unit.whole": Entry(
            "《{type}》由受理部门维护，各单位不报送", "不必修改；要更正其中的内容，请与受理部门联系"
        ),
        "unknown_branch": Entry("组织名册里没有“{found}”", "请写党支部的全称，或者说明这是新成立的支部", OWN),
        "unknown_branch.wording": Entry(
            "“{found}”看上去不是党支部的名称", "请写党支部的全称", "沂北泵站项目党支部", f"{PLAN}四（一）"
        ),
        "unknown_unit": Entry("组织名册里没有“{found}”", "请写单位的全称", OWN),
        "wrong_unit": Entry(
            "“{found}”属于{unit}，而文件放在{sender}的文件夹里", "请核对单位，或者放到所属单位的文件夹里"
        ),
        "bad_choice": Entry("“{found}”不在可选的范围内", "请从表中列出的几项里选一项", OWN),
        "bad_choice.note": Entry("“{found}”不在可选的范围内（{note}）", "请从表中列出的几项里选一项", OWN),
        "out_of_range": Entry("“{found}”超出了允许的范围", "请核对数字"),
        "out_of_range.note": Entry("“{found}”超出了允许的范围（{note}）", "请核对数字"),
        "bad_number": Entry("“{found}”不是一个数字", "请只填数字和单位", "28万元"),
        "bad_number.plain": Entry("“{found}”不是一个数字", "请只填数字", OWN),
        "no_unit": Entry("“{found}”没有写明单位", "请写明是元还是万元", "28万元"),
        "bad_phone": Entry("“{found}”不像电话号码", "请填写手机、带区号的座机或内部短号", "0517-88791116"),
        "bad_year": Entry("从“{found}”看不出是哪一年", "请写四位数的年份", "2026年"),
        "bad_month": Entry("从“{found}”看不出是哪个月或哪一周", "请写明年和月（周）", "2026年10月"),
        # rows
        "duplicate_row": Entry("与第{earlier}条完全相同", "请删去重复的一条，或者改成应填的内容"),
        "duplicate_row.key": Entry("“{found}”与第{earlier}条相同", "请核对是否重复填写"),
        "duplicate_row.subject": Entry(
            "“{found}”与第{earlier}条相同，但{subject}不同", "一个编号只对应一项内容，请核对"
        ),
        "duplicate_project": Entry(
            "本年度已经有另一个项目叫“{found}”[（{note}）]",
            "请核对是否重复申报、是否放错了文件夹；确实不是同一个项目的，请在项目名称里写出区别",
        ),
        "gap_in_numbers": Entry("序号“{found}”与上一条不连续，应当是{expected}", "请核对是否漏了一条"),
        "incomplete_categories": Entry("类别不齐，缺少{missing}", "请每一类至少写一项"),
        "not_broken_down": Entry(
            "“{found}”没有分解到{wanted}", "请至少写一项{wanted}任务，明确责任人、完成时限和评价标准"
        ),
        # doubts
        "doubt": Entry("读到“{found}”，但不能确定", "受理部门会核对原件，不必重报"),
        "doubt.disagree": Entry("读到“{found}”，另一种读法是“{other}”", "受理部门会核对原件，不必重报"),
        "doubt.second": Entry("有两处像是这一项：“{found}”和“{other}”", "请只保留一处；受理部门会核对原件"),
        "doubt.alone": Entry("读到“{found}”，但位置与表样不同，不能确定", "受理部门会核对原件，不必重报"),
        "doubt.remainder": Entry("读到“{found}”，旁边还有没读懂的文字“{other}”", "受理部门会核对原件，不必重报"),
        "doubt.merged": Entry(
            "读到“{found}”，而“{other}”的小标题没有找到或者不止一处，这一段可能不全，也可能混有它的内容",
            "请让每个小标题只出现一次；受理部门会核对原件",
        ),
        "doubt.repeated": Entry("读到“{found}”，同样的文字重复了几遍", "请删去重复的文字；受理部门会核对原件"),
        "doubt.unsure": Entry(
            "扫描件识别为“{found}”，把握不足（{score}）[，另一次识别为“{other}”]", "受理部门会核对原件，不必重报"
        ),
        "doubt.uncached": Entry(
            "单元格是公式，文件里没有存下计算结果", "请在表格软件里打开、保存一次后再报，或者直接填写结果"
        ),
    }
)
