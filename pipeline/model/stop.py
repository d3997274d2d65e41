"""What ends a command before its time and is no fault of the program: one exception, a sentence, an exit code."""

from __future__ import annotations

import errno
from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """How a command ends, for whoever started it."""

    FINE = 0
    RETURNED = 1  # delivered; something was returned or could not be read
    USAGE = 2
    PROGRAMME = 3  # the files of the programme or of the office are wrong
    NOTHING = 4  # nothing was delivered; what lay there before is untouched
    INTERRUPTED = 130


class Stop(Exception):
    """An expected end of a command: what to tell the clerk, and the exit code.

    A subclass says what a caller may want to tell apart; its `usual` code is used unless one is given.
    """

    usual: ClassVar[Exit] = Exit.NOTHING

    def __init__(self, message: str, exit_code: Exit | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = self.usual if exit_code is None else exit_code


_BY_ERRNO = {
    errno.ENOSPC: "磁盘已满，写不下{file}。请清理后再运行",
    errno.EDQUOT: "磁盘配额已用完，写不下{file}。请清理后再运行",
    errno.EEXIST: "{file}已经存在，而且不是所要的文件夹",
    errno.ENOENT: "找不到{file}",
    errno.EACCES: "没有权限读写{file}，请检查它的权限",
    errno.EPERM: "没有权限读写{file}，请检查它的权限",
    errno.EROFS: "{file}在只读的磁盘上，写不进去",
    errno.EISDIR: "{file}是文件夹，这里应是文件",
    errno.ENOTDIR: "{file}不是文件夹，这里应是文件夹",
    errno.EIO: "读写{file}出错，磁盘可能有故障",
    errno.EMFILE: "打开的文件太多，系统不再允许。请关闭一些程序后再运行",
    errno.ENAMETOOLONG: "{file}的名字太长，系统打不开。请改短，或把文件夹移到上面",
    errno.ELOOP: "{file}是指来指去的链接，打不开。请换成文件本身",
    errno.EBUSY: "{file}正被别的程序使用。请关闭后再运行",
    errno.ENOMEM: "内存不足。请关闭一些程序后再运行",
}


def stop_of(fault: OSError) -> Stop | None:
    """What the machine refused, as a sentence; None for a refusal nobody but us is to blame for.

    >>> stop_of(OSError(errno.ENOSPC, "", "a.xlsx")).message
    '磁盘已满，写不下“a.xlsx”。请清理后再运行'
    """
    sentence = _BY_ERRNO.get(fault.errno or 0)
    if sentence is None:
        return None
    return Stop(sentence.format(file=f"“{fault.filename}”" if fault.filename else "文件"))
