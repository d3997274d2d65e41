"""The leak gate over a name list of so many rows, set against bare calamine reading its cells:
python benchmarks/leaks.py [rows]."""

from __future__ import annotations

import io
import sys
import time

import xlsxwriter
from python_calamine import CalamineWorkbook

from pipeline.gate import Known, search
from pipeline.numbers import check_digit
from pipeline.send.sealing import sealed

KEY = b"a key of enough length"


def number(n: int) -> str:
    first = f"220122{19500101 + n % 28 + 10_000 * (n // 1000 % 50)}{n % 1000:03d}"
    return first + check_digit(first)


def people(rows: int) -> list[tuple[str, ...]]:
    return [
        (
            chr(0x4E00 + n % 5000) + chr(0x5E00 + n % 4999) + chr(0x6E00 + n % 997), number(n),
            f"138{n:08d}", "女", "汉族", "农安县", f"农安县合隆镇陈家店村{n % 300}组", "满族刺绣",
            "集中办班", "2018-09-01", "2018-09-10",
        )
        for n in range(rows)
    ]  # fmt: skip


def workbook(rows: list[tuple[str, ...]], masked: bool) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            first = (row[0][0] + "*", row[1][:3] + "***********" + row[1][14:], row[2][:3] + "****")
            sheet.write_row(at, 0, (*first, *row[3:]) if masked else row)
    return out.getvalue()


def main() -> None:
    rows = people(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    known = Known(*(frozenset(row[n] for row in rows) for n in range(3)))
    clean, full = workbook(rows, masked=True), workbook(rows, masked=False)
    begun = time.process_time()
    CalamineWorkbook.from_filelike(io.BytesIO(full)).get_sheet_by_index(0).to_python()
    floor = time.process_time() - begun
    sys.stdout.write(f"calamine alone: {len(rows)} rows, {len(full) / 1e6:.1f} MB, {floor:.1f} s\n")
    tries = {
        "masked, nothing allowed": (clean, ()),
        "whole, nothing allowed": (full, ()),
        "whole, all allowed": (full, ("id", "name", "phone")),
        "whole, locked": (sealed([("a.xlsx", full)], KEY), ("id", "name", "phone")),
    }
    for what, (content, may_hold) in tries.items():
        begun = time.process_time()
        leaks = search("a.xlsx", content, known, may_hold=may_hold, keys=[KEY])
        seconds = time.process_time() - begun
        sys.stdout.write(
            f"{what}: {len(content) / 1e6:.1f} MB, {seconds:.1f} s, {seconds / floor:.1f} times calamine, "
            f"{len(leaks)} places named\n"
        )


main()
