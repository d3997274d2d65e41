"""What is no table, named for what it is by its bytes, with what to ask for."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

from pipeline.office.unreadable import Unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ASK = "请报送电子表格"
_UNPACK = "无法打开。请解压后报送，或改用 zip"
_PICTURE = f"这是图片（照片、截图或扫描件），不是表格。{_ASK}"
_FILM = f"这是录像或录音，不是表格。{_ASK}"
_EXCHANGE = "请用 Excel 打开后另存为 .xlsx"
_DATABASE = "这是数据库文件，不是表格。请导出为 .xlsx 后报送"
_NUMBERS = "这是苹果 Numbers 表格。请导出为 .xlsx"
_OLD_TABLE = f"这是旧式表格（Lotus 或 Quattro）。{_EXCHANGE}"
# first bytes, at which offset; what may also begin a text (BM, MZ) wants a zero byte near by
_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF", f"这是 PDF，不是表格。{_ASK}"),
    (0, b"\x89PNG", _PICTURE),
    (0, b"\xff\xd8\xff", _PICTURE),
    (0, b"GIF8", _PICTURE),
    (0, b"II*\x00", _PICTURE),
    (0, b"MM\x00*", _PICTURE),
    (8, b"WEBP", _PICTURE),
    (4, b"ftypheic", _PICTURE),
    (4, b"ftypheix", _PICTURE),
    (4, b"ftypmif1", _PICTURE),
    (4, b"ftyp", _FILM),
    (0, b"ID3", _FILM),
    (0, b"#!AMR", _FILM),
    (0, b"Rar!", f"这是 RAR 压缩包，{_UNPACK}"),
    (0, b"7z\xbc\xaf", f"这是 7z 压缩包，{_UNPACK}"),
    (0, b"\x1f\x8b", f"这是 gz 压缩包，{_UNPACK}"),
    (0, b"BZh", f"这是 bz2 压缩包，{_UNPACK}"),
    (0, b"\xfd7zXZ", f"这是 xz 压缩包，{_UNPACK}"),
    (257, b"ustar", f"这是 tar 压缩包，{_UNPACK}"),
    (0, b"MSCF", f"这是 cab 压缩包，{_UNPACK}"),
    (2, b"-lh", f"这是 lzh 压缩包，{_UNPACK}"),
    (
        0,
        b"\x78\x9f\x3e\x22",
        "这是 Outlook 打包的附件（winmail.dat），里面的报表取不出来。请对方改用 HTML 或纯文本格式的邮件，把报表作为附件重发",
    ),
    (0, b"{\\rtf", f"这是 RTF 文档，不是表格。{_ASK}"),
    (0, b"ID;P", f"这是旧式表格交换文件（SYLK）。{_EXCHANGE}"),
    (0, b"TABLE\r", f"这是旧式表格交换文件（DIF）。{_EXCHANGE}"),
    (0, b"TABLE\n", f"这是旧式表格交换文件（DIF）。{_EXCHANGE}"),
    (0, b"\x00\x00\x02\x00", _OLD_TABLE),
    (0, b"\x00\x00\x1a\x00", _OLD_TABLE),
    (0, b"\xff\x00\x02\x00", _OLD_TABLE),
    (4, b"Standard Jet DB", _DATABASE),
    (4, b"Standard ACE DB", _DATABASE),
    (0, b"SQLite format 3", _DATABASE),
)
_BINARY_MARKS = ((b"BM", _PICTURE), (b"MZ", f"这是程序，不是表格，请勿打开。{_ASK}"))
_DBASE = re.compile(rb"[\x03\x30\x31\x83\x8b\xf5][\x00-\xff][\x01-\x0c][\x01-\x1f]", re.DOTALL)
_IN_ZIP = (
    (re.compile(r"(.*/)?Index(/.*\.iwa|\.zip)$|index\.(xml|apxl)(\.gz)?$"), _NUMBERS),
    (re.compile(r"OFD\.xml$"), f"这是 OFD 版式文件，不是表格。{_ASK}"),
    (re.compile(r"ppt/"), f"这是演示文稿，不是表格。{_ASK}"),
    (re.compile(r"FixedDocumentSequence\.fdseq$"), f"这是 XPS 版式文件，不是表格。{_ASK}"),
)
_IN_COMPOUND = (
    ("WordDocument", "这是旧版 Word 文档（.doc 或 .wps）。请报送电子表格，或另存为 .docx"),
    ("PowerPoint Document", f"这是演示文稿，不是表格。{_ASK}"),
    ("PerfectOffice_MAIN", _OLD_TABLE),
    ("__properties_version1.0", "这是 Outlook 邮件（.msg）。请把附件取出来报送"),
)


def refuse_stranger(content: bytes) -> None:
    """Raises Unreadable for bytes that begin as no table does."""
    for at, mark, reason in _MARKS:
        if content.startswith(mark, at):
            raise Unreadable("F01", reason)
    if b"\0" in content[:64]:
        for mark, reason in _BINARY_MARKS:
            if content.startswith(mark):
                raise Unreadable("F01", reason)
        if _DBASE.match(content) and content[12:28].count(0) >= 12:
            raise Unreadable("F01", _DATABASE)


def refuse_package(names: Iterable[str]) -> None:
    """Raises Unreadable for a zip that is a document of another kind, by its members' names."""
    for name in names:
        for pattern, reason in _IN_ZIP:
            if pattern.match(name):
                raise Unreadable("F01", reason)


def refuse_compound(content: bytes) -> None:
    """Raises Unreadable for a compound file that holds a document of another kind."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as compound:
            streams = {path[0] for path in compound.listdir()}
    except Exception:  # damaged: the readers have their own way with it
        return
    if streams & {"Workbook", "Book"}:
        return
    for stream, reason in _IN_COMPOUND:
        if stream in streams:
            raise Unreadable("F01", reason)
