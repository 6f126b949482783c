"""Does an opinion of the 党委会 agree? Only a clear yes is a yes (R12, R18)."""

from __future__ import annotations

import re
from enum import Enum

_BOX = re.compile("[□☐◻▢○☑☒■√✓✔]")
_WHAT = r"(?:同意|批准|通过|赞成|立项)?"
_REFUSAL = re.compile(
    rf"不(?:予|同意|批准|通过|赞成|宜){_WHAT}|未(?:予|获|能)?(?:同意|批准|通过|立项)|暂(?:不|缓){_WHAT}"
    r"|缓议|退回|驳回|否决|待(?:定|议|研究)|修改后"
)
_AGREEMENT = re.compile(r"同意|批准|通过|准予|予以立项|赞成|可以立项|^(?:立项|可|准)$")


class Opinion(Enum):
    """What an opinion comes to."""

    AGREED = "agreed"
    REFUSED = "refused"
    BLANK = "blank"
    UNCLEAR = "unclear"


def opinion(text: str) -> Opinion:
    """同意立项 → AGREED; 不同意, 退回修改, 修改后再报 → REFUSED; nothing written → BLANK; anything else → UNCLEAR.

    Boxes are settled by the reader; one that is still there says neither yes nor no.
    """
    said = re.sub(r"[\s。，,.；;]", "", text)
    if not said:
        return Opinion.BLANK
    if _BOX.search(said):
        return Opinion.UNCLEAR
    rest, refusals = _REFUSAL.subn("", said)
    agreed = bool(_AGREEMENT.search(rest))
    if agreed == bool(refusals):
        return Opinion.UNCLEAR
    return Opinion.AGREED if agreed else Opinion.REFUSED
