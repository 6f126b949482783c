"""The words around personal names: titles before or behind them, and words that are no person at all."""

from __future__ import annotations

import re

_RANK = (
    "书记|委员|经理|主任|部长|处长|科长|院长|所长|队长|厂长|站长|船长|组长|班长|主席|总工程师|总工|总会计师|总经济师|总监"
    "|总指挥|指挥长|巡视员|调研员|董事长|董事|监事|工程师|会计师|会计|出纳|同志|先生|女士|老师|师傅|负责人|责任人|联系人"
    "|联络员|质检员|安全员|施工员|资料员|材料员|技师|干事|主管|专员|科员|助理|秘书|领导"
)
_BODY = "党委|纪委|党总支|党支部|支部|总支|团支部|团委|工会|党小组|党员|项目"
_PREFIX = f"常务|执行|第一|专职|兼职|安全|技术|组织|宣传|纪检|{_BODY}"
TITLE = re.compile(rf"(?:{_PREFIX})*副?(?:总(?=经理))?(?:{_RANK})")
"""A title with its usual prefixes: 党支部书记, 常务副总经理, 安全总监, 同志."""

NOT_A_NAME = re.compile(
    "部门|全体|有关|相关|班子|成员|科室|处室|支部|党委|纪委|党组|总支|公司|集团|中心|项目|工区|办公|委员会|工会|团委|单位|小组"
    "|工程|车间|船队|各[部单支党科处项级]|全员|员工|职工|干部|党员|群众|大家|待定|本人|负责|领导|机关|主管|牵头|分管|主要|协助"
    "|配合|值班|主办|承办|经办|联系|填表|审核|协会|理事会|部务|支委|同上"
)
"""Words that no personal name contains."""

BUSINESS = re.compile(
    "工作|管理|安全|环保|综合|经营|财务|人力|资源|物资|设备|审计|法务|科技|质量|纪检|监督|监察|党群|党建|后勤|行政|生产|技术"
    "|组织|宣传|人事|保卫|合同|预算|市场"
)
"""What departments are called after; in a name only behind a common surname (王安全)."""

OFFICE_END = frozenset("部处室队组委司局院厂站办所")
"""Last characters of departments; also of some given names, hence only counted from three characters on."""

SHORT_FOR_TITLE = frozenset("工总科队会") | OFFICE_END
"""徐工, 王总, 李队 may be a name or a surname with a title."""

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤尤褚卫施华戚水"
)
"""The commonest surnames; a name need not begin with one."""

COMPOUND = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 长孙 夏侯 端木".split()  # noqa: SIM905 - reads as a list
)
