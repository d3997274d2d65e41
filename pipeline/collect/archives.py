"""What lies inside a zip archive or a mail: its members, each a submission of its own."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.collect.inflating import TooBig, inflated
from pipeline.collect.mailed import attachments, is_mail, mails_of, packed_pages
from pipeline.limits import Limits
from pipeline.model import Submission

_DEEPEST = 3  # archives within archives
_DEEPEST_FOLDER = 6  # folders of a member's name that are kept, the innermost
# in small letters: programs write parts with other letters, backslashes and slashes in front
_WORKBOOK_PARTS = frozenset(
    {"[content_types].xml", "mimetype", "content.xml", "xl/workbook.xml", "xl/workbook.bin",
     "word/document.xml", "_rels/.rels", "ofd.xml"}
)  # fmt: skip
_NUMBERS_PART = re.compile(r"(.*/)?Index(/.*\.iwa|\.zip)$|index\.(xml|apxl)(\.gz)?$")
_UNICODE_PATH = 0x7075  # an extra field with the name in UTF-8 (APPNOTE 4.6.9)
_SMALL = 4096  # packed bytes: what is smaller may well unpack to many times as much
_LONGEST = 80  # characters of one part of a name: papers are filed under it


@dataclass
class _Budget:
    """What is left of the limits for one file of the inbox with all that lies inside it."""

    members: int
    unpacked: int

    @property
    def spent(self) -> bool:
        """Whether nothing more may be taken out."""
        return self.members <= 0 or self.unpacked <= 0


def members(whole: Submission, passwords: tuple[str, ...], limits: Limits) -> Iterator[Submission]:
    """The file itself, or what lies inside it where it is an archive or a mail.

    What cannot be unpacked comes with `fault` said.
    """
    budget = _Budget(limits.members, limits.unpacked)
    yield from _opened(whole, passwords, limits, budget, depth=0)


def _opened(
    whole: Submission, passwords: tuple[str, ...], limits: Limits, budget: _Budget, depth: int
) -> Iterator[Submission]:
    if _is_archive(whole.content):
        inside = _unzipped(whole, passwords, limits, budget)
    elif is_mail(whole.content):
        inside = _from_mail(whole, budget)
    elif mails := mails_of(whole.content):
        inside = _from_mailbox(whole, mails)
    else:
        yield whole
        return
    if depth == _DEEPEST:
        yield _broken(whole, "压缩包层数太多。请解开后报送")
        return
    for inner in inside:
        if inner.fault:
            yield inner
        else:
            yield from _opened(inner, passwords, limits, budget, depth + 1)


def _is_archive(content: bytes) -> bool:
    """A zip that is not itself a workbook or a document."""
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except Exception:  # zipfile raises a dozen kinds on damaged files; the readers name them
        return False
    parts = {n.replace("\\", "/").removeprefix("./").lstrip("/").lower() for n in names}
    if any(part.endswith("/[content_types].xml") for part in parts):
        return False  # a workbook that somebody took apart and packed with its folder
    return not parts & _WORKBOOK_PARTS and not any(map(_NUMBERS_PART.match, names))


def _unzipped(
    whole: Submission, passwords: tuple[str, ...], limits: Limits, budget: _Budget
) -> Iterator[Submission]:
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        infos = [i for i in archive.infolist() if not i.is_dir()]
        if not infos:
            yield _broken(whole, "压缩包里没有文件")
            return
        for info in sorted(infos, key=_member_name):
            if budget.spent:
                yield _broken(whole, _too_much(limits))
                return
            budget.members -= 1
            yield _member(whole, archive, info, passwords, limits, budget)


def _too_much(limits: Limits) -> str:
    return f"压缩包里超过 {limits.members} 个文件或 {limits.unpacked_mb} MB。请分开报送"


def _member(
    whole: Submission,
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    passwords: tuple[str, ...],
    limits: Limits,
    budget: _Budget,
) -> Submission:
    """One member, unpacked as far as its packed size and the limits allow, whatever it says of itself."""
    path = f"{whole.path}!{_member_name(info)}"
    locked = info.flag_bits & 0x1
    most = min(budget.unpacked, limits.ratio * max(info.compress_size, _SMALL))
    keys = [p.encode(c) for p in passwords for c in ("utf-8", "gb18030")] or [b""]
    for key in keys if locked else [b""]:
        try:
            content = inflated(archive, info, key, most)
            budget.unpacked -= len(content)
            return _inner(whole, path, content)
        except TooBig:
            budget.unpacked -= most
            return _broken(whole, "压缩包中的文件展开后异常庞大。请解开后报送", path)
        except NotImplementedError:
            return _broken(whole, "压缩方式无法打开。请解压后报送，或改用普通 zip", path)
        except MemoryError:
            raise
        except Exception:  # a wrong password and a damaged member look alike
            budget.unpacked -= 0 if locked else min(info.file_size, most)
    if locked:
        return _broken(
            whole, "压缩包设有密码。请取消密码后重新报送，或把密码写进收件夹的 密码.txt", path
        )
    return _broken(whole, "压缩包中的文件已损坏，取不出来。请重新压缩，或解开后报送", path)


def _member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; Windows in China writes GBK without saying so, macOS UTF-8."""
    if info.flag_bits & 0x800:
        return _safe_name(info.filename)
    if unicode_name := _unicode_path(info.extra):
        return _safe_name(unicode_name)
    raw = info.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return _safe_name(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _safe_name(info.filename)


def _unicode_path(extra: bytes) -> str:
    """The name that Info-ZIP and its kin lay beside the one in local bytes."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and 5 < size <= len(extra) - 4:
            return extra[9 : 4 + size].decode("utf-8", errors="replace")
        extra = extra[4 + size :]
    return ""


def _safe_name(name: str) -> str:
    """A path that leads nowhere but below the archive, no part of it too long to be a file's name.

    >>> _safe_name("..\\\\外面/./表.xlsx")
    '外面/表.xlsx'
    """
    parts = [p for p in name.replace("\\", "/").split("/") if p not in ("", ".", "..")]
    return (
        unicodedata.normalize("NFC", "/".join(map(_shortened, parts[-_DEEPEST_FOLDER:]))) or "无名"
    )


def _shortened(part: str) -> str:
    if len(part) <= _LONGEST:
        return part
    stem, dot, suffix = part.rpartition(".")
    if not dot or len(suffix) > 5:
        stem, dot, suffix = part, "", ""
    return f"{stem[: _LONGEST - 8]}…{dot}{suffix}"


def _from_mail(whole: Submission, budget: _Budget) -> Iterator[Submission]:
    try:
        found = attachments(whole.content)
        pages = [] if found else packed_pages(whole.content)
    except Exception:  # the mail parser trips over damaged headers in many ways
        yield _broken(whole, "邮件已损坏，附件取不出来。请直接报送附件")
        return
    if len(pages) == 1:  # a page in one file is that page
        yield replace(whole, content=pages[0].content)
        return
    if not found and not pages:
        yield _broken(whole, "是一封邮件，里面没有附件。请直接报送表格")
    for name, content, complete in (*found, *pages):
        path = f"{whole.path}!{_safe_name(name)}"
        if not complete:
            yield _broken(whole, "邮件附件没有收完整。请重新下载邮件，或直接报送附件", path)
        elif budget.members <= 0:
            yield _broken(whole, "邮件附件太多。请直接报送附件")
            return
        elif len(content) > budget.unpacked:
            yield _broken(whole, "邮件附件太大。请直接报送附件", path)
        else:
            budget.members, budget.unpacked = budget.members - 1, budget.unpacked - len(content)
            yield _inner(whole, path, content)


def _from_mailbox(whole: Submission, mails: Sequence[bytes]) -> Iterator[Submission]:
    """Each mail, numbered: its attachments lie inside it."""
    for number, mail in enumerate(mails, 1):
        yield _inner(whole, f"{whole.path}!第{number}封.eml", mail)


def _inner(whole: Submission, path: str, content: bytes) -> Submission:
    return Submission(path, hashlib.sha256(content).hexdigest(), whole.folder_period, content)


def _broken(whole: Submission, fault: str, path: str = "") -> Submission:
    return Submission(path or whole.path, whole.sha256, whole.folder_period, b"", fault=fault)
