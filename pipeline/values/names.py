"""The words around personal names: titles that stand before or behind them, and words that are no person at all."""

from __future__ import annotations

import re

_RANK = (
    "书记|委员|经理|主任|部长|处长|科长|院长|所长|队长|厂长|站长|船长|组长|班长|室主任|主席|总工程师|总工|总会计师|总经济师|总监|总指挥|指挥长"
    "|董事长|董事|监事|工程师|会计师|会计|出纳|同志|先生|女士|老师|师傅|负责人|责任人|联系人|联络员|质检员|安全员|施工员|资料员|材料员|技师"
    "|干事|主管|专员|科员|助理|秘书|领导|巡视员|调研员"
)
_PREFIX = "常务|执行|第一|专职|兼职|党委|纪委|党总支|党支部|支部|总支|团支部|团委|工会|党小组|安全|技术|组织|宣传|纪检|项目|党员"
TITLE = re.compile(rf"(?:{_PREFIX})*副?(?:{_RANK})")
"""A title with its usual prefixes: 党支部书记, 常务副总经理, 安全总监, 同志."""

_BODY = (
    "部门|全体|有关|相关|班子|成员|科室|处室|支部|党委|纪委|党组|总支|公司|集团|中心|项目|工区|办公室|委员会|工会|团委|单位|小组|工程|车间|船队"
    "|各[部单支党科处项级]|全员|员工|职工|干部|党员|群众|大家|待定|本人|负责|领导|机关|主管"
)
NOT_A_NAME = re.compile(_BODY)
"""Words that no personal name contains."""

OFFICE_END = frozenset("部处室队组委司局院厂站办所会")
"""Last characters of departments; also of some given names, hence only counted from three characters on."""

_SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
    "闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤尤褚卫施华戚水"
)
SURNAMES = frozenset(_SINGLE)
"""The commonest surnames; a name need not begin with one."""

COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "长孙",
    "夏侯",
    "端木",
)
