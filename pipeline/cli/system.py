"""What the operating system says about a failure, in Chinese: its own words are English on most servers.

Other modules quote the system's reason in their sentences; here, at the edge, that piece is put into Chinese. A reason
without an entry stays as it is, for it is still better than none.
"""

from __future__ import annotations

import errno
import os
import re

_REASONS = {
    "ENOENT": "路径不存在",
    "ENOTDIR": "路径里有一段不是文件夹",
    "EISDIR": "这是文件夹，不是文件",
    "EEXIST": "已经存在",
    "EACCES": "没有权限",
    "EPERM": "没有权限",
    "EROFS": "这里是只读的",
    "ENOSPC": "磁盘满了",
    "EDQUOT": "分配的空间用完了",
    "EFBIG": "文件太大，磁盘放不下",
    "EIO": "磁盘读写出错",
    "EBUSY": "正被占用",
    "ETXTBSY": "正被占用",
    "EMFILE": "打开的文件太多",
    "ENAMETOOLONG": "名称太长",
    "ELOOP": "链接绕成了圈",
    "ESTALE": "共享盘的连接断了",
    "ENOTCONN": "共享盘没有连接",
    "ETIMEDOUT": "共享盘没有响应",
    "EHOSTDOWN": "共享盘所在的电脑没有开机",
    "EHOSTUNREACH": "连不上共享盘所在的电脑",
}
"""By the name of the error number; Windows does not have all of them."""

_WORDS = {os.strerror(getattr(errno, name)): reason for name, reason in _REASONS.items() if hasattr(errno, name)}
_NUMBER = re.compile(r"\[Errno \d+\] ")
_SAID = re.compile("|".join(re.escape(words) for words in sorted(_WORDS, key=len, reverse=True)))


def in_chinese(text: str) -> str:
    """The sentence with every reason of the system that it quotes put into Chinese."""
    return _SAID.sub(lambda found: _WORDS[found[0]], _NUMBER.sub("", text))
