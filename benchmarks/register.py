"""Keeping the register of 120,000 people, each in two returns, against reading the same rows."""

from __future__ import annotations

import io
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter

from pipeline.collect import collect
from pipeline.deduplicate import deduplicate
from pipeline.home import open_home
from pipeline.ingest import ingest
from pipeline.model import Reading
from pipeline.numbers import check_digit
from pipeline.programme import Programme
from pipeline.register import register
from pipeline.validate import validate
from pipeline.values import month_end

PEOPLE, PERIODS, PERIOD = 120_000, ("2018-10", "2018-11"), "2018-11"
HEADER = ("姓名", "性别", "民族", "身份证号", "残疾人证号", "文化程度", "是否建档立卡", "户籍地址",
          "联系电话", "培训项目", "开班时间", "结业时间")  # fmt: skip
LEAVES, MENDED, RINGS = 97, 89, 11  # one in so many left, had her number mended, has a new phone


def number(n: int) -> str:
    """An ID number of a made-up woman."""
    first17 = f"2201{n // 20_000:02d}19{50 + n % 40}{1 + n // 40 % 12:02d}{1 + n // 480 % 28:02d}{n % 499:02d}"
    first17 = f"{first17[:14]}{(n // 13_440) % 50:02d}{n % 5 * 2}"
    return first17 + check_digit(first17)


def line(n: int, unit: str, period: str) -> list[str] | None:
    """One row of a roster; nothing once she has left."""
    last = period == PERIODS[-1]
    if last and n % LEAVES == 0:
        return None
    own = number(n)
    typed = own if last or n % MENDED else own[:16] + str((int(own[16]) + 2) % 10)
    typed = typed if typed == own else typed[:17] + check_digit(typed[:17])
    phone = f"138{n:08d}" if last and n % RINGS == 0 else f"139{n:08d}"
    name = "王李张刘陈杨赵黄"[n % 8] + chr(0x4E00 + n % 4000) + chr(0x4E00 + n // 4000)
    return [name, "女", "汉族", typed, f"{typed}43", "初中", "是", f"吉林省{unit}平安乡", phone, "编织",
            "2018-09-03", "2018-09-07"]  # fmt: skip


def workbook(unit: str, period: str, people: range) -> bytes:
    """One unit's roster of a period."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "in_memory": True})
    sheet = book.add_worksheet("培训")
    sheet.write_row(0, 0, [f"填报单位：{unit}残联", f"填报日期：{period[:4]}年{period[5:]}月26日"])
    sheet.write_row(1, 0, HEADER)
    rows = (told for n in people if (told := line(n, unit, period)))
    for row, told in enumerate(rows, 2):
        sheet.write_row(row, 0, told)
    book.close()
    return stream.getvalue()


def readings_of(
    programme: Programme, inbox: Path, people: int
) -> tuple[tuple[Reading, ...], float]:
    """The province's returns, read; and how long the reading alone took."""
    counties = programme.gazetteer.counties(month_end(PERIOD))
    each = people // len(counties) + 1
    for period in PERIODS:
        (inbox / period).mkdir(parents=True)
        for nth, unit in enumerate(counties):
            own = range(nth * each, min((nth + 1) * each, people))
            (inbox / period / f"{unit.code}.xlsx").write_bytes(workbook(unit.name, period, own))
    start = time.perf_counter()
    readings = ingest(collect(inbox, PERIOD), programme)
    return readings, time.perf_counter() - start


def main() -> None:
    """Prints seconds of each step, and the register's ratio to reading."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with tempfile.TemporaryDirectory() as folder:
        home = open_home(Path(folder))
        programme = home.programme()
        readings, read = readings_of(programme, home.inbox, people)
        steps = {"ingest": read}
        start = time.perf_counter()
        records = validate(readings, programme)
        steps["validate"] = time.perf_counter() - start
        start = time.perf_counter()
        claims = deduplicate(records, readings, programme, PERIOD)
        steps["deduplicate"] = time.perf_counter() - start
        start = time.perf_counter()
        kept = register(claims, readings, programme, PERIOD).register
        steps["register"] = time.perf_counter() - start
    assert kept is not None
    rows = len(records.frame)
    sys.stdout.write(f"{people} people, {rows} rows, {len(kept.people)} in the register, ")
    sys.stdout.write(f"{len(kept.events)} events, {len(kept.dropped)} departures\n")
    for name, seconds in steps.items():
        sys.stdout.write(f"{name:12}{seconds:8.1f} s   {seconds / read:5.2f} of reading\n")


if __name__ == "__main__":
    main()
