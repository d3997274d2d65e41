"""Finds what counties dropped into inbox/: every file and every member of an archive."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.model import Submission

_PERIOD = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])")
# Office's lock files, half-copied downloads, what systems leave behind, and our own notes
_PASSED_OVER = re.compile(
    r"^(~\$.*|\._.*|\..*|.*\.(tmp|crdownload|part|partial)|Thumbs\.db|desktop\.ini|README.*|__MACOSX)$",
    re.IGNORECASE,
)
_MOST_MEMBERS, _MOST_BYTES, _MOST_RATIO = 2_000, 512 * 1024 * 1024, 300


def is_period(text: str) -> bool:
    """Whether a text is a period such as 2018-11.

    >>> is_period("2018-11"), is_period("2018-13"), is_period("2018-1")
    (True, False, False)
    """
    return bool(_PERIOD.fullmatch(text))


def collect(inbox: Path, period: str = "") -> tuple[Submission, ...]:
    """Every file in inbox/ that belongs to a period up to `period` or to none, by path.

    A file that cannot be taken in comes with `fault` said and no content.
    """
    files = [p for p in _walk(inbox) if not period or _folder_period(inbox, p) <= period]
    return tuple(s for path in files for s in take_in(path, *_placed(inbox, path)))


def is_empty(inbox: Path) -> bool:
    """Whether nothing has been dropped into inbox/ yet."""
    return not inbox.is_dir() or next(_walk(inbox), None) is None


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir(), key=lambda p: unicodedata.normalize("NFC", p.name)):
        if _PASSED_OVER.match(path.name) or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path


def _folder_period(inbox: Path, path: Path) -> str:
    first = path.relative_to(inbox).parts[0]
    return first if is_period(first) and path.parent != inbox else ""


def _placed(inbox: Path, path: Path) -> tuple[str, str]:
    name = unicodedata.normalize("NFC", path.relative_to(inbox).as_posix())
    return name, _folder_period(inbox, path)


def take_in(path: Path, name: str, period: str) -> Iterator[Submission]:
    """One file under the name given, or its members where it is an archive."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        yield Submission(name, "", period, b"", fault=f"读不到文件（{fault.strerror}）")
        return
    whole = Submission(name, hashlib.sha256(content).hexdigest(), period, content)
    yield from _members(whole) if _is_archive(content) else (whole,)


def _is_archive(content: bytes) -> bool:
    """A zip that is not itself a workbook or a document."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    return not names & {"[Content_Types].xml", "mimetype", "content.xml", "xl/workbook.xml"}


def _members(whole: Submission) -> Iterator[Submission]:
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        infos = [i for i in archive.infolist() if not i.is_dir()]
        size = sum(i.file_size for i in infos)
        packed = max(sum(i.compress_size for i in infos), 1)
        if len(infos) > _MOST_MEMBERS or size > _MOST_BYTES or size / packed > _MOST_RATIO:
            yield _broken(whole, "压缩包过大或异常")
            return
        for info in sorted(infos, key=_member_name):
            name = _member_name(info)
            if any(_PASSED_OVER.match(part) for part in name.split("/")):
                continue
            yield from _member(whole, archive, info, f"{whole.path}!{name}")


def _member(
    whole: Submission, archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str
) -> Iterator[Submission]:
    if info.flag_bits & 0x1:
        yield _broken(whole, "压缩包设有密码，请取消密码后重新报送", path)
        return
    try:
        content = archive.read(info)
    except Exception as fault:  # zipfile raises a dozen kinds on damaged members
        yield _broken(whole, f"压缩包中的文件已损坏（{type(fault).__name__}）", path)
        return
    inner = Submission(path, hashlib.sha256(content).hexdigest(), whole.folder_period, content)
    nested = _is_archive(content) and path.count("!") < 3
    yield from _members(inner) if nested else (inner,)


def _broken(whole: Submission, fault: str, path: str = "") -> Submission:
    return Submission(path or whole.path, whole.sha256, whole.folder_period, b"", fault=fault)


def _member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; Windows in China writes GBK without saying so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        raw = name.encode("cp437", errors="replace")
        try:
            name = raw.decode("gb18030")
        except UnicodeDecodeError:
            name = info.filename
    parts = [p for p in name.replace("\\", "/").split("/") if p not in ("", ".", "..")]
    return unicodedata.normalize("NFC", "/".join(parts))
