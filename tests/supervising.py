"""A month of small drawn lists, and what supervision comes to over it; no paper is written."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl
from drawing import id_no
from months import filed, submissions

from pipeline.aggregate import aggregate
from pipeline.deduplicate import count
from pipeline.engine import Engine
from pipeline.model.supervised import Supervision
from pipeline.month import tables
from pipeline.programme import Programme
from pipeline.register import register
from pipeline.supervise import supervise

PERIOD = "2018-11"
PATH = PERIOD + "/{unit}2018年11月{kind}人员花名册.xlsx"
TRAINED = ("姓名", "身份证号", "残疾人证号", "联系电话", "培训项目", "开班时间", "结业时间")
EMPLOYED = ("姓名", "身份证号", "残疾人证号", "联系电话", "就业时间", "月收入（元）")
Person = tuple[str, str]  # the first 17 digits, phone


def roster(
    unit: str,
    kind: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    day: str = "2018-11-26",
) -> bytes:
    """A county's list: its header in row 3, persons from row 4."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = f"{kind}花名册"
    sheet.append([f"{unit}2018年11月{kind}人员花名册"])
    sheet.append([f"填报单位：{unit}残疾人联合会", "", "", f"填报日期：{day}" if day else ""])
    for row in (header, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def person(n: int, phone: str = "") -> Person:
    """The n-th made-up woman, whose number and phone are like nobody's next to hers."""
    return f"2201221970{n % 12 + 1:02d}{n % 27 + 1:02d}{n % 40:02d}{2 * (n % 5)}", phone or f"1384{n * 9173 % 9973:04d}{n % 7}{n * 31 % 97:02d}"  # fmt: skip


def name(first: str) -> str:
    """What the woman of a number is called."""
    return f"王{'丽芳娟敏静'[int(first[16]) // 2]}{'兰梅英霞'[int(first[11]) % 4]}"


def trained(
    people: Iterable[Person], start: str = "2018-09-01", finish: str = "2018-09-15"
) -> list[tuple[str, ...]]:
    return [
        (name(first), id_no(first), f"{id_no(first)}43", phone, "刺绣", start, finish)
        for first, phone in people
    ]


def employed(
    people: Iterable[Person], days: Sequence[str], amounts: Sequence[str]
) -> list[tuple[str, ...]]:
    return [
        (
            name(first), id_no(first), f"{id_no(first)}43", phone, days[n % len(days)],
            amounts[n % len(amounts)],
        )
        for n, (first, phone) in enumerate(people)
    ]  # fmt: skip


def supervised(files: Mapping[str, bytes], programme: Programme) -> Supervision:
    """What supervision comes to, from files by their path below inbox/."""
    with (
        filed(submissions(files, PERIOD), programme) as parts,
        tempfile.TemporaryDirectory() as folder,
        Engine(Path(folder)) as engine,
    ):
        month = tables(parts, programme, PERIOD, (), engine)
        claims = count(month, programme, engine)
        history = register(month, claims, programme, engine)
        figures = aggregate(month, claims, history, programme, engine)
        return supervise(month, claims, figures, programme, engine)
