"""What lies inside a zip archive or a mail: its members, each a submission of its own."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

from pipeline.limits import Limits
from pipeline.model import Submission

_DEEPEST = 3  # archives within archives
_WORKBOOK_PARTS = frozenset(
    {"[Content_Types].xml", "mimetype", "content.xml", "xl/workbook.xml", "OFD.xml"}
)
_NUMBERS_PART = re.compile(r"(.*/)?Index(/.*\.iwa|\.zip)$|index\.(xml|apxl)(\.gz)?$")
_MAIL_HEADER = re.compile(
    rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){3,}", re.MULTILINE
)


@dataclass
class _Budget:
    """What is left of the limits for one file of the inbox with all that lies inside it."""

    members: int
    unpacked: int

    def spend(self, size: int) -> bool:
        """Whether a member of that size still fits."""
        self.members -= 1
        self.unpacked -= size
        return self.members >= 0 and self.unpacked >= 0


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
    elif _is_mail(whole.content):
        inside = _attachments(whole, budget)
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
    return not names & _WORKBOOK_PARTS and not any(map(_NUMBERS_PART.match, names))


def _unzipped(
    whole: Submission, passwords: tuple[str, ...], limits: Limits, budget: _Budget
) -> Iterator[Submission]:
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        infos = [i for i in archive.infolist() if not i.is_dir()]
        if not infos:
            yield _broken(whole, "压缩包里没有文件")
            return
        size = sum(i.file_size for i in infos)
        packed = max(sum(i.compress_size for i in infos), 4096)
        if size / packed > limits.ratio:
            yield _broken(whole, "压缩包展开后异常庞大。请解开后报送")
            return
        for info in sorted(infos, key=_member_name):
            if not budget.spend(info.file_size):
                yield _broken(whole, _too_much(limits))
                return
            yield _member(whole, archive, info, passwords)


def _too_much(limits: Limits) -> str:
    return f"压缩包里超过 {limits.members} 个文件或 {limits.unpacked_mb} MB。请分开报送"


def _member(
    whole: Submission, archive: zipfile.ZipFile, info: zipfile.ZipInfo, passwords: tuple[str, ...]
) -> Submission:
    path = f"{whole.path}!{_member_name(info)}"
    keys = [p.encode(c) for p in passwords for c in ("utf-8", "gb18030")] or [b""]
    for key in keys if info.flag_bits & 0x1 else [b""]:
        try:
            content = archive.read(info, pwd=key or None)
        except NotImplementedError:
            return _broken(whole, "压缩方式无法打开。请解压后报送，或改用普通 zip", path)
        except Exception as fault:  # a wrong password and a damaged member look alike
            last = fault
            continue
        return _inner(whole, path, content)
    if info.flag_bits & 0x1:
        return _broken(
            whole, "压缩包设有密码。请取消密码后重新报送，或把密码写进收件夹的 密码.txt", path
        )
    return _broken(whole, f"压缩包中的文件已损坏（{type(last).__name__}）", path)


def _member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; Windows in China writes GBK without saying so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        raw = name.encode("cp437", errors="replace")
        try:
            name = raw.decode("gb18030")
        except UnicodeDecodeError:
            name = info.filename
    return _safe_name(name)


def _safe_name(name: str) -> str:
    """A path that leads nowhere but below the archive."""
    parts = [p for p in name.replace("\\", "/").split("/") if p not in ("", ".", "..")]
    return unicodedata.normalize("NFC", "/".join(parts)) or "无名"


def _is_mail(content: bytes) -> bool:
    """Mail headers at the very start, one of them of MIME."""
    match = _MAIL_HEADER.match(content[:65536].lstrip(b"\xef\xbb\xbf\r\n"))
    return bool(match and re.search(rb"(?im)^(mime-version|content-type):", match[0]))


def _attachments(whole: Submission, budget: _Budget) -> Iterator[Submission]:
    try:
        mail = email.message_from_bytes(whole.content, policy=email.policy.default)
        parts = [(name, part) for part in mail.walk() if (name := _attached_as(part))]
        found = [(name, part.get_payload(decode=True)) for name, part in parts]
    except Exception:  # the mail parser trips over damaged headers in many ways
        yield _broken(whole, "邮件已损坏，附件取不出来。请直接报送附件")
        return
    if not found:
        yield _broken(whole, "是一封邮件，里面没有附件。请直接报送表格")
    for name, content in found:
        if isinstance(content, bytes) and budget.spend(len(content)):
            yield _inner(whole, f"{whole.path}!{_safe_name(name)}", content)
        else:
            yield _broken(
                whole, "邮件附件取不出来。请直接报送附件", f"{whole.path}!{_safe_name(name)}"
            )


def _attached_as(part: EmailMessage) -> str:
    """The name of an attachment; nothing for text, for containers and for pictures in the text."""
    inline = part.get_content_disposition() != "attachment"
    if part.is_multipart() or (inline and part.get_content_maintype() in ("image", "text")):
        return ""
    return part.get_filename() or ""


def _inner(whole: Submission, path: str, content: bytes) -> Submission:
    return Submission(path, hashlib.sha256(content).hexdigest(), whole.folder_period, content)


def _broken(whole: Submission, fault: str, path: str = "") -> Submission:
    return Submission(path or whole.path, whole.sha256, whole.folder_period, b"", fault=fault)
