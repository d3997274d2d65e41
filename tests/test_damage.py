"""Damaged files of every format: each is read or named, by a fixed number of bounded rounds."""

from __future__ import annotations

import re
from email.message import EmailMessage
from functools import partial

import pytest
from raw_packages import damaged, edited, word, xlsb, zipped
from test_reading import FORMATS, page_of

from pipeline.collect.archives import members
from pipeline.limits import Limits
from pipeline.model import Submission
from pipeline.office.read import Unreadable, read_grids
from pipeline.sample.workbooks import write
from pipeline.workers import Apart, Died

# a reading, the rule of an issue, or a limit that the worker ran into: never a fault of our own
CLEAR = re.compile(r"\d+ sheets|F0[125]|文件内容异常.*|读取时内存超过.*|超过 \d+ 秒.*")
# or what collect says of an archive or a mail: a sentence of its own for each member
CLEAR_MEMBERS = re.compile(rf"(?:(?:{CLEAR.pattern}|(?:压缩|邮件|是一封邮件)[^;]*)(?:; |$))*")


def grids_or_fault(content: bytes) -> str:
    """Run in a worker: a reading, or the rule of a clear issue."""
    try:
        return f"{len(read_grids(content))} sheets"
    except Unreadable as fault:
        return fault.code


def grids_of_members(content: bytes) -> str:
    """Run in a worker: an archive or a mail taken apart, and each member read."""
    whole = Submission("a.bin", "0" * 64, "", content)
    outcomes = [m.fault or grids_or_fault(m.content) for m in members(whole, (), Limits())]
    return "; ".join(outcomes)


BIG = {(r, c): f"单元格{r}{c}" for r in range(1, 30) for c in range(1, 9)}
PARTS = {
    "xlsx": "xl/worksheets/sheet1.xml",
    "ods": "content.xml",
    "xlsb": "xl/worksheets/sheet1.bin",
    "docx": "word/document.xml",
}


def valid(suffix: str) -> bytes:
    """A sound file of a format."""
    if suffix in FORMATS:
        return write([page_of(BIG)], suffix)
    if suffix == "xlsb":
        return xlsb(BIG, hidden_rows=[3], hidden_column=2)
    if suffix == "docx":
        return word([[BIG[r, c] for c in range(1, 9)] for r in range(1, 30)])
    lines = ["".join(f"<td>{BIG[r, c]}</td>" for c in range(1, 9)) for r in range(1, 30)]
    if suffix == "html":
        return f"<html><table>{''.join(f'<tr>{x}</tr>' for x in lines)}</table></html>".encode()
    if suffix == "xml":
        cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
        body = "".join(
            f"<Row>{''.join(cell.format(BIG[r, c]) for c in range(1, 9))}</Row>"
            for r in range(1, 30)
        )
        name = "urn:schemas-microsoft-com:office:spreadsheet"
        return (
            f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet '
            f'ss:Name="表"><Table>{body}</Table></Worksheet></Workbook>'
        ).encode()
    inner = write([page_of(BIG)], "csv")
    if suffix == "zip":
        return zipped({"农安.csv": inner, "里/就业.csv": inner})
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "报表", "a@example.org", "b@example.org"
    mail.set_content("请查收")
    mail.add_attachment(inner, maintype="application", subtype="x-csv", filename="农安.csv")
    return bytes(mail)


@pytest.mark.parametrize("rounds", [30, pytest.param(90, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("suffix", [*FORMATS, "xlsb", "docx", "html", "xml", "zip", "eml"])
def test_damaged_files_are_read_or_named(suffix: str, rounds: int) -> None:
    whole, part = valid(suffix), PARTS.get(suffix, "")
    packed = suffix in ("zip", "eml")
    task = grids_of_members if packed else grids_or_fault
    # a package's checksums catch damage to its bytes: its parts are damaged as well, behind them
    files = [
        edited(whole, part, partial(damaged, round_=n)) if part and n % 2 else damaged(whole, n)
        for n in range(rounds)
    ]
    with Apart(task, Limits(seconds=10, memory_mb=768), workers=2) as apart:
        outcomes = [o.reason if isinstance(o, Died) else o for _, o in apart([whole, *files])]
    assert len(outcomes) == rounds + 1
    unclear = [t for t in outcomes if not (CLEAR_MEMBERS if packed else CLEAR).fullmatch(t)]
    assert unclear == []
    # a text with damage here and there is read, and the damage shows in its cells
    assert len(set(outcomes)) > 1 or suffix in ("csv", "html"), "some are read, some are refused"
    with Apart(task, Limits(), workers=1) as apart:
        assert [o for _, o in apart([whole])] == [
            "1 sheets; 1 sheets" if suffix == "zip" else "1 sheets"
        ]
