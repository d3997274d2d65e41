"""What lies in the inbox under strange names, in archives and mails, half copied or linked elsewhere."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from drawing import workbook
from test_layouts import HEADER, ROW, TITLE, A

from pipeline.collect import collect, kept_passwords
from pipeline.ingest import reading_here
from pipeline.limits import Limits
from pipeline.programme import Programme
from pipeline.run import run


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


def paths(inbox: Path, limits: Limits | None = None) -> list[str]:
    return [s.path for s in collect(inbox, "", limits or Limits())]


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
    assert [(s.path, s.content) for s in found] == [
        ("2018-11/folder", b""),
        ("2018-11/link.csv", b""),
    ]
    assert all("链接" in s.fault for s in found)


def test_a_file_that_vanishes_or_is_too_large_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home / "inbox", "2018-11/a.csv")
    put(home / "inbox", "2018-11/b.csv", b"x" * (1024 * 1024 + 1))
    read_bytes = Path.read_bytes

    def vanishing(path: Path) -> bytes:
        if path.name == "a.csv":
            raise FileNotFoundError(2, "gone", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", vanishing)
    faults = [s.fault for s in collect(home / "inbox", "", Limits(file_mb=1))]
    assert faults == ["文件在读取时被移走了。请放回后重新运行", "文件超过 1 MB"]


def test_bombs_are_refused_before_they_unpack(home: Path) -> None:
    put(home / "inbox", "2018-11/零.zip", zipped(("a.csv", b"0" * 30_000_000)))
    nested = zipped(("a.csv", os.urandom(10_000)))
    for _ in range(6):
        nested = zipped(("x.zip", nested))
    put(home / "inbox", "2018-11/套.zip", nested)
    many = zipped(*((f"{n}.csv", b"1,2") for n in range(30)))
    put(home / "inbox", "2018-11/多.zip", many)
    found = {s.path: s.fault for s in collect(home / "inbox", "", Limits(members=20))}
    assert "异常庞大" in found["2018-11/零.zip"]
    assert any("层数太多" in fault for path, fault in found.items() if "套.zip" in path)
    assert "超过 20 个文件" in found["2018-11/多.zip"]


def test_kept_passwords_open_locked_workbooks_and_are_never_shown(
    home: Path, programme: Programme, templates: Path
) -> None:
    import msoffcrypto

    locked = io.BytesIO()
    book = workbook("\n".join([TITLE, HEADER, "1 | 王秀英 | " + ROW.format(A)]))
    msoffcrypto.OfficeFile(io.BytesIO(book)).encrypt("密码-9f3a", locked)
    put(home / "inbox", "2018-11/锁.xlsx", locked.getvalue())
    first = run(home / "inbox", home / "outbox", "2018-11", programme, templates)[0]
    assert [(i.status, i.counted) for i in first.inputs] == [("unreadable", 0)]
    put(home / "inbox", "密码.txt", "第一个\r\n密码-9f3a\r\n".encode("gb18030"))
    assert kept_passwords(home / "inbox") == ("第一个", "密码-9f3a")
    read = reading_here(programme, kept_passwords(home / "inbox"))
    figures, receipt = run(home / "inbox", home / "outbox", "2018-11", programme, templates, read)
    assert [(i.status, i.counted) for i in figures.inputs] == [("accepted", 1)]
    for file in receipt.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any("密码-9f3a".encode(c) in content for c in ("utf-8", "gb18030"))
