"""What lies in the inbox under strange names, in archives and mails, half copied or linked elsewhere."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import socket
import sys
import time
import tracemalloc
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import BinaryIO

import pytest
from drawing import workbook
from months import claimed, dropped

from pipeline.collect import Found, collect, content_of, kept_passwords, unpacked
from pipeline.collect.unpacking import Changed
from pipeline.home import open_home
from pipeline.limits import LIMITS, Limits
from pipeline.model import Submission
from pipeline.model.stop import Stop
from pipeline.programme import Programme
from pipeline.run import run
from pipeline.workers import digest_of

ROSTER = """
填报单位：南关区残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | <22010219780105002> | <22010219780105002+43> | 是 | 2018-09-01 | 2018-09-10
"""


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def gbk_zipped(name: str, content: bytes) -> bytes:
    """As Windows in China writes it: GBK bytes, no flag that would say so."""
    stand_in = "x" * len(name.encode("gbk"))
    return zipped((stand_in, content)).replace(stand_in.encode(), name.encode("gbk"))


def put(inbox: Path, name: str, content: bytes = b"a,b\n1,2\n") -> Path:
    file = inbox / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def inputs(inbox: Path, limits: Limits = LIMITS) -> list[Submission]:
    """All that lies in the inbox, taken apart as a worker does it."""
    passwords = kept_passwords(inbox)
    return [s for found in collect(inbox, "", limits) for s in whole(found, passwords, limits)]


def whole(found: Found, passwords: tuple[str, ...], limits: Limits) -> list[Submission]:
    if found.fault:
        return [Submission(found.path, "", found.folder_period, b"", found.fault)]
    return list(unpacked(found, passwords, limits))


def paths(inbox: Path, limits: Limits = LIMITS) -> list[str]:
    return [s.path for s in inputs(inbox, limits)]


def test_half_copied_files_locks_and_our_own_notes_are_passed_over(home: Path) -> None:
    names = ("~$农安.xlsx", "农安.xlsx.crdownload", "a.tmp", ".DS_Store", "README.md", "密码.txt")
    for name in names:
        put(home / "inbox", f"2018-11/{name}")
    put(home / "inbox", "2018-11/农安.xlsx")
    assert paths(home / "inbox") == ["2018-11/农安.xlsx"]


def test_members_of_archives_and_mails_are_inputs_of_their_own(home: Path) -> None:
    inner = gbk_zipped("农安县/就业.csv", b"a,b\n")
    put(home / "inbox", "2018-11/长春.zip", zipped(("培训.csv", b"c,d\n"), ("再一层.zip", inner)))
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "11月报表", "a@example.org", "b@example.org"
    mail.set_content("请查收")
    mail.add_attachment(b"e,f\n", maintype="text", subtype="csv", filename="培训花名册（德惠）.csv")
    mail.add_attachment(inner, maintype="application", subtype="zip", filename="附件.zip")
    put(home / "inbox", "2018-11/转发.eml", bytes(mail))
    assert paths(home / "inbox") == [
        "2018-11/转发.eml!培训花名册（德惠）.csv",
        "2018-11/转发.eml!附件.zip!农安县/就业.csv",
        "2018-11/长春.zip!再一层.zip!农安县/就业.csv",
        "2018-11/长春.zip!培训.csv",
    ]


@pytest.mark.parametrize("name", ["[CONTENT_TYPES].XML", "\\\\[Content_Types].xml", "./xl/workbook.xml", "花名册/[Content_Types].xml", "/word/document.xml"])  # fmt: skip
def test_a_workbook_however_its_parts_are_named_is_no_archive(home: Path, name: str) -> None:
    put(
        home / "inbox",
        "2018-11/a.xlsx",
        zipped((name.replace("\\\\", "\\"), b"<a/>"), ("b.xml", b"<b/>")),
    )
    assert paths(home / "inbox") == ["2018-11/a.xlsx"]


def test_names_that_lead_out_or_cannot_be_shown_are_made_harmless(home: Path) -> None:
    put(home / "inbox", "2018-11/花名册\u202excod.csv")
    put(home / "inbox", "2018-11/一\n二.csv")
    put(home / "inbox", "2018-11/😀.csv")
    archive = zipped(("../../外面.csv", b"1,2"), ("外面.csv", b"3,4"), ("C:\\里面.csv", b"5,6"))
    put(home / "inbox", "2018-11/z.zip", archive)
    found = paths(home / "inbox")
    assert found == [
        "2018-11/z.zip!C:/里面.csv",
        "2018-11/z.zip!外面.csv",
        "2018-11/z.zip!外面.csv（同名2）",
        "2018-11/一_二.csv",
        "2018-11/花名册_xcod.csv",
        "2018-11/😀.csv",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows names are never bytes")
def test_a_name_in_gbk_bytes_and_names_that_differ_in_case_only(home: Path) -> None:
    (home / "inbox" / "2018-11").mkdir()
    raw = os.fsencode(home / "inbox" / "2018-11") + b"/" + "农安.csv".encode("gbk")
    Path(os.fsdecode(raw)).write_bytes(b"1,2\n")
    put(home / "inbox", "2018-11/a.csv")
    put(home / "inbox", "2018-11/A.csv")
    assert paths(home / "inbox") == ["2018-11/A.csv", "2018-11/a.csv", "2018-11/农安.csv"]


def test_links_are_named_and_not_followed(home: Path, tmp_path: Path) -> None:
    outside = put(tmp_path, "outside.csv")
    (home / "inbox" / "2018-11").mkdir()
    try:
        (home / "inbox" / "2018-11" / "link.csv").symlink_to(outside)
        (home / "inbox" / "2018-11" / "folder").symlink_to(tmp_path)
    except OSError:
        pytest.skip("this system makes no links")
    found = collect(home / "inbox")
    assert [(f.path, f.sha256) for f in found] == [
        ("2018-11/folder", ""),
        ("2018-11/link.csv", ""),
    ]
    assert all("链接" in s.fault for s in found)


def test_a_file_that_vanishes_or_is_too_large_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home / "inbox", "2018-11/a.csv")
    put(home / "inbox", "2018-11/b.csv", b"x" * (1024 * 1024 + 1))
    scandir = os.scandir

    def vanishing(path: Path) -> object:
        entries = scandir(path)
        (home / "inbox" / "2018-11" / "a.csv").unlink(missing_ok=True)
        return entries

    monkeypatch.setattr(os, "scandir", vanishing)
    faults = {s.path[-5:]: s.fault for s in collect(home / "inbox", "", Limits(file_mb=1))}
    assert faults.pop("b.csv") == "文件超过 1 MB"
    assert set(faults.values()) <= {"文件在读取时被移走了。请放回后重新运行"}


def test_bombs_are_refused_before_they_unpack(home: Path) -> None:
    put(home / "inbox", "2018-11/零.zip", zipped(("a.csv", b"0" * 30_000_000)))
    nested = zipped(("a.csv", os.urandom(10_000)))
    for _ in range(6):
        nested = zipped(("x.zip", nested))
    put(home / "inbox", "2018-11/套.zip", nested)
    many = zipped(*((f"{n}.csv", b"1,2") for n in range(30)))
    put(home / "inbox", "2018-11/多.zip", many)
    found = {s.path: s.fault for s in inputs(home / "inbox", Limits(members=20))}
    assert "异常庞大" in found["2018-11/零.zip!a.csv"]
    assert any("层数太多" in fault for path, fault in found.items() if "套.zip" in path)
    assert "超过 20 个文件" in found["2018-11/多.zip"]


def test_kept_passwords_open_locked_workbooks_and_are_never_shown(
    home: Path, programme: Programme
) -> None:
    import msoffcrypto

    locked = io.BytesIO()
    book = workbook(ROSTER)
    msoffcrypto.OfficeFile(io.BytesIO(book)).encrypt("密码-9f3a", locked)
    put(home / "inbox", "2018-11/锁.xlsx", locked.getvalue())
    first = dropped(home / "inbox", programme, "2018-11")
    assert [(i.status, i.counted) for i in first.inputs] == [("unreadable", 0)]
    put(home / "inbox", "密码.txt", "第一个\r\n密码-9f3a\r\n".encode("gb18030"))
    assert kept_passwords(home / "inbox") == ("第一个", "密码-9f3a")
    figures, receipt = run(open_home(home), "2018-11", programme)
    assert [(i.status, i.counted) for i in figures.inputs] == [("accepted", 1)]
    for file in receipt.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any("密码-9f3a".encode(c) in content for c in ("utf-8", "gb18030"))


def taken(home: Path, name: str, content: bytes) -> list[tuple[str, bytes, str]]:
    """(path behind the file's own name, content, fault) of all that one file gives."""
    put(home / "inbox", f"2018-11/{name}", content)
    found = inputs(home / "inbox")
    (home / "inbox" / "2018-11" / name).unlink()
    return [(s.path.partition("!")[2], s.content, s.fault) for s in found]


CSV = b"a,b\n1,2\n"


def test_member_names_in_utf8_without_a_flag_and_beside_the_local_name(home: Path) -> None:
    utf8 = zipped(("xxxxxx.csv", CSV)).replace(b"xxxxxx", "农安".encode())
    assert taken(home, "a.zip", utf8) == [("农安.csv", CSV, "")]
    info = zipfile.ZipInfo("ascii.csv")
    name = "农安.csv".encode()
    info.extra = b"\x75\x70" + (5 + len(name)).to_bytes(2, "little") + bytes(5) + name
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, CSV)
    assert taken(home, "a.zip", out.getvalue()) == [("农安.csv", CSV, "")]


def test_a_member_with_a_name_of_300_characters_can_still_be_returned(home: Path) -> None:
    ((path, content, fault),) = taken(home, "a.zip", zipped(("农" * 300 + ".xlsx", CSV)))
    assert (path.startswith("农农"), path.endswith("….xlsx"), content, fault) == (
        True,
        True,
        CSV,
        "",
    )
    assert len(path.encode()) <= 255
    ((path, _, _),) = taken(home, "a.zip", zipped(("夹/" * 300 + "a.csv", CSV)))
    assert path.count("/") == 5


def test_an_archive_that_lies_about_sizes_or_is_cut_is_named(home: Path) -> None:
    honest = zipped(("a.csv", CSV * 1000))
    entry = honest.index(b"PK\x01\x02") + 24
    small = honest[:entry] + (10).to_bytes(4, "little") + honest[entry + 4 :]
    large = honest[:entry] + (0xFFFFFFF0).to_bytes(4, "little") + honest[entry + 4 :]
    assert "损坏" in taken(home, "a.zip", small)[0][2]
    assert taken(home, "a.zip", large) == [("a.csv", CSV * 1000, "")], "sound for all it says"
    assert taken(home, "a.zip", honest[:60]) == [("", honest[:60], "")], "the reader names it"
    assert "没有文件" in taken(home, "a.zip", zipped())[0][2]
    assert (
        "没有报表"
        in taken(home, "a.zip", zipped(("__MACOSX/._a", b"1"), ("README.txt", b"1")))[0][2]
    )


def test_archives_with_a_password_open_with_a_kept_one(home: Path) -> None:
    # zipfile cannot write these: "甲.csv" with a,b in it, locked with the password 2018
    put(home / "inbox", "2018-11/a.zip", LOCKED_ZIP)
    assert "密码" in inputs(home / "inbox")[0].fault
    put(home / "inbox", "密码.txt", "错的\n2018\n".encode())
    (found,) = inputs(home / "inbox")
    assert (found.path, found.content, found.fault) == ("2018-11/a.zip!a.csv", b"a,b\n", "")


def zip_crypto(content: bytes, password: bytes) -> bytes:
    """A stored member under the old zip encryption (APPNOTE 6.1), which zipfile only reads."""
    import zlib

    table = []
    for entry in range(256):
        for _ in range(8):
            entry = (entry >> 1) ^ 0xEDB88320 if entry & 1 else entry >> 1
        table.append(entry)
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = (keys[0] >> 8) ^ table[(keys[0] ^ byte) & 0xFF]
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ table[(keys[2] ^ (keys[1] >> 24)) & 0xFF]

    for byte in password:
        update(byte)
    crc = zlib.crc32(content)
    out = bytearray()
    for byte in bytes(11) + bytes([crc >> 24]) + content:
        mask = (keys[2] | 2) & 0xFFFF
        out.append(byte ^ ((mask * (mask ^ 1)) >> 8) & 0xFF)
        update(byte)
    return bytes(out)


def locked_zip(name: str, content: bytes, password: str) -> bytes:
    import struct
    import zlib

    body = zip_crypto(content, password.encode())
    sizes = struct.pack("<III", zlib.crc32(content), len(body), len(content))
    common = struct.pack("<HHHHH", 20, 1, 0, 0, 0x21) + sizes
    raw = name.encode()
    local = b"PK\x03\x04" + common + struct.pack("<HH", len(raw), 0) + raw + body
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common
    central += struct.pack("<HHHHHII", len(raw), 0, 0, 0, 0, 0, 0) + raw
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


LOCKED_ZIP = locked_zip("a.csv", b"a,b\n", "2018")


def mail_with(name: str, content: bytes = CSV) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "报表", "a@example.org", "b@example.org"
    mail.set_content("请查收")
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


def test_attachments_under_names_as_mail_programs_write_them(home: Path) -> None:
    raw = bytes(mail_with("xxxx.csv")).replace(b"xxxx", "农安".encode("gbk"))
    assert taken(home, "a.eml", raw) == [("农安.csv", CSV, "")]
    as_text = bytes(mail_with("xxxx.csv")).replace(b"application/octet-stream", b"text/csv")
    as_text = as_text.replace(b"Content-Disposition: attachment", b"Content-Disposition: inline")
    assert taken(home, "a.eml", as_text) == [("xxxx.csv", CSV, "")]
    nameless = bytes(mail_with("x.csv")).replace(b'; filename="x.csv"', b"")
    assert taken(home, "a.eml", nameless) == [("附件2", CSV, "")]
    only_a_suffix = bytes(mail_with("x.csv")).replace(b'"x.csv"', b'"=?gbk?B?!!!?=.csv"')
    assert taken(home, "a.eml", only_a_suffix) == [("附件2.csv", CSV, "")]
    spaced = bytes(mail_with("x.csv")).replace(b"Encoding: base64", b"Encoding: base64 ")
    assert taken(home, "a.eml", spaced) == [("x.csv", CSV, "")]
    to_all = ", ".join(f"=?gbk?B?xanPyA==?= <{n}@example.org>" for n in range(3_000))
    assert taken(home, "a.eml", f"To: {to_all}\n".encode() + nameless) == [("附件2", CSV, "")]
    forwarded = EmailMessage()
    forwarded["Subject"], forwarded["From"], forwarded["To"] = (
        "转发",
        "c@example.org",
        "d@example.org",
    )
    forwarded.set_content("转")
    forwarded.add_attachment(mail_with("y.csv"))
    assert taken(home, "a.eml", bytes(forwarded)) == [("y.csv", CSV, "")]


def test_a_mailbox_is_each_of_its_mails(home: Path) -> None:
    begins = b"From a@example.org Fri Nov 23 09:00:00 2018\n"
    mailbox = begins + begins.join(bytes(mail_with(name)) + b"\n" for name in ("x.csv", "y.csv"))
    assert taken(home, "a.mbox", mailbox) == [
        ("第1封.eml!x.csv", CSV, ""),
        ("第2封.eml!y.csv", CSV, ""),
    ]


def test_a_mail_whose_parts_are_not_found_is_no_table(home: Path) -> None:
    raw = bytes(mail_with("x.csv"))
    doubled = raw.replace(
        b"MIME-Version", b"Content-Type: multipart/mixed; boundary=y\nMIME-Version"
    )
    ((_, content, fault),) = taken(home, "a.eml", doubled)
    assert (content, "没有收完整" in fault) == (b"", True)


def test_a_mail_cut_short_never_gives_half_a_roster(home: Path) -> None:
    whole = bytes(mail_with("a.csv", CSV * 40))
    for cut in range(60, 400, 17):
        for path, content, fault in taken(home, "a.eml", whole[:-cut]):
            assert (path, content) == ("a.csv", b"")
            assert "没有收完整" in fault


def test_a_web_archive_is_the_page_in_it(home: Path) -> None:
    page = "<html><table><tr><td>姓名</td></tr></table></html>".encode("gbk")
    archive = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"
        b"--B\r\nContent-Location: file:///C:/x.htm\r\nContent-Type: text/html\r\n\r\n<html></html>\r\n"
        b"--B\r\nContent-Location: file:///C:/x.files/sheet001.htm\r\nContent-Type: text/html\r\n\r\n"
        + page
        + b"\r\n--B--\r\n"
    )
    ((path, content, fault),) = taken(home, "a.xls", archive)
    assert (path, content.strip(), fault) == ("", page, "")


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_run(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(home / "inbox", "2018-11/a.csv")

    def growing(stream: BinaryIO) -> tuple[str, int]:
        digest = digest_of(stream)
        with file.open("ab") as other:
            other.write(b"3,4\n")
        return digest

    monkeypatch.setattr("pipeline.collect.inbox.digest_of", growing)
    (found,) = collect(home / "inbox")
    assert (found.sha256, "正在被改动" in found.fault) == ("", True)
    monkeypatch.undo()
    (found,) = collect(home / "inbox")
    assert found.size == file.stat().st_size
    with file.open("ab") as other:
        other.write(b"5,6\n")
    with pytest.raises(Changed, match="改动"):
        whole(found, (), LIMITS)


def lying_zip(method: int, content: bytes, declared: int) -> bytes:
    """An archive whose one member says it is smaller than it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a.csv", content)
    honest = len(content).to_bytes(4, "little")
    return out.getvalue().replace(honest, declared.to_bytes(4, "little"))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_no_method_unpacks_to_more_than_it_may_whatever_is_declared(
    home: Path, method: int
) -> None:
    zeros = bytes(48 * 1024 * 1024)
    for content in (zipped(("a.csv", CSV)), lying_zip(method, CSV * 9, 9 * len(CSV))):
        assert [f for _, _, f in taken(home, "a.zip", content)] == [""]
    lying = lying_zip(method, zeros, 100)
    tracemalloc.start()
    ((_, content, fault),) = taken(home, "a.zip", lying)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert content == b""
    assert "损坏" in fault or "庞大" in fault
    assert peak < len(zeros) / 2


def test_a_damaged_member_costs_that_member_alone(home: Path) -> None:
    archive = zipped(("a.csv", CSV * 50), ("b.csv", CSV))
    broken = bytearray(archive)
    broken[38] ^= 0xFF
    assert [(p, bool(f)) for p, _, f in taken(home, "a.zip", bytes(broken))] == [
        ("a.csv", True),
        ("b.csv", False),
    ]


@pytest.mark.parametrize("name", ["2018年11月", "201811", "2018.11", "2018-11", "２０１８年１１月"])
def test_folders_of_a_period_are_known_however_they_are_named(home: Path, name: str) -> None:
    put(home / "inbox", f"{name}/里/a.csv")
    put(home / "inbox", "2018-1/b.csv")
    found = {f.path[-5:]: f.folder_period for f in collect(home / "inbox")}
    assert found == {"a.csv": "2018-11", "b.csv": "2018-01"}
    assert [f.path[-5:] for f in collect(home / "inbox", "2018-10")] == ["b.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such things in folders")
def test_pipes_sockets_and_endless_folders_hold_nobody(home: Path) -> None:
    inbox = home / "inbox"
    put(inbox, "2018-11/a.csv")
    os.mkfifo(inbox / "密码.txt")
    os.mkfifo(inbox / "2018-11" / "管道.xlsx")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(inbox, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{here}/s.csv" if sys.platform == "linux" else str(inbox / "s"))
        os.close(here)
    found = {f.path.rpartition("/")[2]: f.fault for f in collect(inbox)}
    assert kept_passwords(inbox) == ()
    assert found.pop("a.csv") == ""
    assert len(found) == 3
    assert all("不是文件" in fault for fault in found.values())


def test_a_list_of_passwords_is_known_in_either_case_and_told_where_it_cannot_be_read(
    home: Path,
) -> None:
    inbox = home / "inbox"
    put(inbox, "密码.TXT", "一\n二".encode("utf-16"))
    put(inbox, "甲/密码.txt", bytes(range(256)))
    put(inbox, "乙/密码.txt", b"x\n" * 600_000)
    put(inbox, "丙/密码.txt/a.csv")
    assert kept_passwords(inbox) == ("一", "二")
    found = collect(inbox)
    assert [f.path for f in found] == ["丙/密码.txt", "乙/密码.txt", "甲/密码.txt"]
    assert all("里面读不出密码" in f.fault for f in found)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other limits")
def test_a_path_too_long_for_the_system_is_told_in_words(home: Path) -> None:
    folder = os.open(home / "inbox", os.O_RDONLY)
    for _ in range(20):
        os.mkdir("长" * 80, dir_fd=folder)
        inner = os.open("长" * 80, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    (found,) = collect(home / "inbox")
    assert "名字连起来太长" in found.fault


def test_of_files_that_cannot_be_opened_each_says_why(programme: Programme) -> None:
    """They have no content to be the same as another's."""
    broken, sound = b"PK\x03\x04" + bytes(50), "姓名,身份证号\n王秀英,1\n".encode()
    locked = zipped(("a.xlsx", broken), ("b.xlsx", broken))
    files = {
        "a.xlsx": broken,
        "b.xlsx": broken,
        "c.csv": b"",
        "d.csv": b"",
        "e.csv": sound,
        "f.csv": sound,
        "g.zip": locked,
    }
    _, read = claimed({f"2018-11/{n}": c for n, c in files.items()}, programme, "2018-11")
    status = {
        str(p)[8:]: str(s)
        for p, s in zip(read["inputs"]["path"], read["inputs"]["status"], strict=True)
    }
    assert status.pop("e.csv") != status.pop("f.csv") == "same_content"
    assert set(status.values()) == {"unreadable"}
    assert len(status) == 6


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no folders as deep")
def test_a_folder_in_a_folder_1200_times_is_one_line(home: Path) -> None:
    levels = [os.open(home / "inbox", os.O_RDONLY)]
    for _ in range(1200):
        os.mkdir("层", dir_fd=levels[-1])
        if len(levels) == 2:
            os.close(levels.pop(0))
        levels.append(os.open("层", os.O_RDONLY, dir_fd=levels[-1]))
    try:
        put(home / "inbox", "2018-11/a.csv")
        file, deep = collect(home / "inbox")
        assert "层以上" in deep.fault
        assert (file.path, file.fault) == ("2018-11/a.csv", "")
    finally:  # no library removes such a tree
        for handle in levels:
            os.close(handle)
        _remove_from_within(home / "inbox")


def _remove_from_within(folder: Path) -> None:
    """Removes nested folders 层, without paths that grow."""
    handles = [os.open(folder, os.O_RDONLY)]
    with contextlib.suppress(FileNotFoundError):
        while True:
            handles.append(os.open("层", os.O_RDONLY, dir_fd=handles[-1]))
    while len(handles) > 1:
        os.close(handles.pop())
        os.rmdir("层", dir_fd=handles[-1])
    os.close(handles.pop())


def test_an_inbox_that_is_missing_or_may_not_be_opened_is_said(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Stop, match="找不到收件夹"):
        collect(home / "nirgends")
    with pytest.raises(Stop, match="不是文件夹"):
        collect(put(home, "file.csv"))

    def denied(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", denied)  # root may open everything
    with pytest.raises(Stop, match="打不开"):
        collect(home / "inbox")


def test_a_header_of_a_hundred_thousand_quotes_takes_no_time(home: Path) -> None:
    long = bytes(mail_with("x.csv")).replace(b'"x.csv"', b'"' + b'\\"";' * 100_000 + b'"')
    start = time.process_time()
    ((_, content, _),) = taken(home, "a.eml", long)
    assert content == CSV
    assert time.process_time() - start < 2


def test_a_name_said_to_be_gb2312_that_only_gbk_can_spell(home: Path) -> None:
    name = base64.b64encode("朱镕花名册.csv".encode("gbk")).decode()
    for coded in (f'"=?gb2312?B?{name}?="', f"=?GB2312?B?{name}?="):
        raw = bytes(mail_with("x.csv")).replace(b'"x.csv"', coded.encode())
        assert taken(home, "a.eml", raw) == [("朱镕花名册.csv", CSV, "")]


@pytest.mark.parametrize("label", ["gb2312", "iso-8859-1", "utf-8"])
def test_a_name_in_percents_is_read_whatever_it_is_labelled(home: Path, label: str) -> None:
    percents = "".join(f"%{byte:02X}" for byte in "朱镕花名册.csv".encode("gbk"))
    coded = f"filename*={label}''{percents}".encode()
    raw = bytes(mail_with("x.csv")).replace(b'filename="x.csv"', coded)
    assert taken(home, "a.eml", raw) == [("朱镕花名册.csv", CSV, "")]


def test_the_bytes_of_an_input_are_found_again_under_its_path(home: Path) -> None:
    inbox = home / "inbox"
    put(inbox, "2018-11/a.zip", zipped(("x.csv", b"1,2"), ("../x.csv", b"3,4")))
    put(inbox, "2018-11/注意!.csv", b"5,6")
    put(inbox, "2018-11/一\n二.csv", b"7,8")
    put(inbox, "2018-11/一_二.csv", b"9,0")
    assert len(inputs(inbox)) == 5
    for one in inputs(inbox):
        assert content_of(inbox, one.path, (), LIMITS) == one.content
    with pytest.raises(Changed):
        content_of(inbox, "2018-11/fort.csv", (), LIMITS)
