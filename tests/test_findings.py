"""No rule of reading, of units or of time without a month that shows it: each code has its inbox here."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from functools import cache, partial

import openpyxl
import pytest
from as_if_alone import Case, Cases, Drawn
from drawing import id_no, workbook
from months import month
from msoffcrypto.format.ooxml import OOXMLFile
from raw_packages import edited, zipped

from pipeline.home import built_in
from pipeline.model import Issue, Severity
from pipeline.programme import Programme, load_programme

TITLE = "填报单位：南关区残联 | | 填报日期：2018年11月26日"
HEADER = "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 联系电话 | 开班时间 | 结业时间"
A, B, C = (id_no(f"22010219780{n}05002") for n in (1, 2, 3))


def her(number: str = A, name: str = "王秀英", **other: str) -> str:
    words = {
        "poor": "是",
        "phone": "13800138001",
        "start": "2018-09-01",
        "finish": "2018-09-10",
    } | other
    return f"{name} | 女 | {number} | {number}43 | {words['poor']} | {words['phone']} | {words['start']} | {words['finish']}"


def sheet(*rows: str, title: str = TITLE, header: str = HEADER) -> str:
    return "\n".join(["== 培训花名册", title, header, *rows])


def locked(content: bytes) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt("天知地知", out)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = {n: package.read(n) for n in package.namelist()}
    return zipped({**members, name: b""})


def dated(day: str, unit: str = "南关区") -> str:
    return f"填报单位：{unit}残联 | | 填报日期：2018年11月{day}日"


PAIR = "== 疑似重复\n疑似重复人员（2018年11月）\n姓名甲 | 身份证号甲 | 姓名乙 | 身份证号乙 | 裁定 | 理由 | 裁定人\n"
TASKS = "== 任务\n全省任务分解表\n地区 | 培训任务\n | 2018年\n全省合计 | #9\n长春市 | #9\n南关区 | #{n}\n{other}"
SOUND = sheet(her(), her(B, "李桂兰"), her(C, "张淑芬"))


def with_hidden_row(content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0].row_dimensions[4].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


STATES = f"吉林省残疾人证状态名单\n姓名 | 残疾人证号 | 证件状态 | 状态日期\n王秀英 | {A}43 | 过期 | 2018-08-01"
CASES: dict[str, Drawn] = {
    "F01": {"2018-11/a.xlsx": (SOUND, lambda _: b"PK\x03\x04 cut short")},
    "F02": {"2018-11/a.xlsx": (SOUND, locked)},
    "F03": {"2018-11/a.xlsx": ("== 表\n会议通知\n请按时参加")},
    "F04": {"2018-11/a.xlsx": sheet(her(), title="培训花名册")},
    "F05": {"2018-11/a.xlsx": (SOUND, lambda _: zipped({"xl/workbook.xml": b"0" * 30_000_000, "[Content_Types].xml": b""}))},
    "F06": {"2018-11/a.xlsx": (SOUND, partial(with_part, "xl/vbaProject.bin"))},
    "F07": {"2018-11/a.xlsx": (SOUND, partial(with_part, "xl/externalLinks/externalLink1.xml"))},
    "F08": {"2018-11/a.xlsx": SOUND, "2018-11/b.xlsx": SOUND},
    "F09": {"a.xlsx": sheet(her(), title="填报单位：南关区残联"), "2018-11/b.xlsx": sheet(her(), title=dated("26", "宽城区"))},
    "S01": {"2018-11/a.xlsx": sheet("王秀英 | 女 | 是", header="姓名 | 性别 | 开班时间 | 结业时间")},
    "S02": {"2018-11/a.xlsx": sheet(f"{her()} | 2018-08-01", f"{her(B)} | 2018-08-02", header=HEADER + " | 开班日期")},
    "S03": {"2018-11/a.xlsx": sheet(her() + " | 甲", header=HEADER + " | 是否重复")},
    "S22": {"2018-11/a.xlsx": sheet(her(phone="2018-09-01"), her(B, "李桂兰", phone="2018-09-01"))},
    "S04": {"2018-11/a.xlsx": (SOUND, with_hidden_row)},
    "U23": {"2018-11/a.xlsx": SOUND, "名单.xlsx": (STATES)},
    "S05": {"2018-11/a.xlsx": sheet(her(), "合计 | #5")},
    "S06": {"2018-11/a.xlsx": ("\n".join(["== 培训花名册", TITLE, HEADER, her(), "== 汇总表", "指标 | 累计完成", "培训人数 | #7"]))},
    "S07": {"2018-11/a.xlsx": sheet(her() + " | 沈阳县", her(B) + " | 南关区", title="长春市汇总", header=HEADER + " | 县(市、区)")},
    "S23": {"2018-11/a.xlsx": sheet(her(), title="填报单位：南关区残联 | | 填报日期：2018年11月31日")},
    "S24": {"2018-11/南关区.xlsx": sheet(f"{her()} | 南关区某街", title=dated("26", "宽城区"), header=HEADER + " | 户籍地址")},
    "S25": {"2018-11/南关区.xlsx": sheet(f"{her()} | 农安县某街", title=dated("26", "宽城区"), header=HEADER + " | 户籍地址")},
    "S26": {"2018-11/a.xlsx": sheet(her() + " | 舒兰市", her(B) + " | 南关区", title="长春市汇总", header=HEADER + " | 县(市、区)")},
    "S27": {"2018-11/a.xlsx": sheet(her(), title="2018年10月名单 | 填报单位：南关区残联")},
    "S28": {"t.xlsx": (TASKS.format(n=8, other="宽城区 | #0")), "t修订.xlsx": (TASKS.format(n=6, other="宽城区 | #2")), "2018-11/a.xlsx": SOUND},
    "F12": {"2018-10/a.xlsx": SOUND, "2018-11/a.xlsx": SOUND},
    "S08": {"t.xlsx": (TASKS.format(n=8, other="宽城区 | #0")), "2018-11/a.xlsx": SOUND},
    "S09": {"t.xlsx": (TASKS.format(n=9, other="大连市 | #3")), "2018-11/a.xlsx": SOUND},
    "S36": {"t.xlsx": (TASKS.format(n=9, other="宽城区 | 若干")), "2018-11/a.xlsx": SOUND},
    "S37": {"t.xlsx": (TASKS.format(n=9, other="南关区 | #7")), "2018-11/a.xlsx": SOUND},
    "S20": {"2018-11/a.xlsx": sheet(her().replace(" | 是", ""), header=HEADER.replace(" | 是否建档立卡", ""))},
    "U01": {"2018-11/a.xlsx": sheet(her()), "2018-11/b.xlsx": sheet(her(name="王秀瑛"), title=dated("26", "宽城区"))},
    "U03": {"2018-11/a.xlsx": sheet(her()), "2018-11/b.xlsx": sheet(her(), title=dated("26", "宽城区"))},
    "U04": {"2018-11/a.xlsx": SOUND, "2018-11/b.xlsx": sheet(her(), her(B, "李桂兰"))},
    "U05": {"2018-11/a.xlsx": SOUND, "b.xlsx": (f"{PAIR}甲 | {A} | 乙 | {B} | 同一人 | 查验 | 王某"),
            "c.xlsx": (f"{PAIR}甲 | {A} | 乙 | {B} | 不同人 | 查验 | 王某")},
    "U11": {"2018-11/a.xlsx": SOUND, "b.xlsx": (f"{PAIR}甲 | {A} | 乙 | {B} | 同一人")},
    "U06": {"2018-11/a.xlsx": sheet(her()), "b.xlsx": (f"{PAIR}甲 | {A} | 乙 | {B} | 同一人 | 查验 | 王某")},
    "U07": {"2018-11/a.xlsx": SOUND, "b.xlsx": (f"{PAIR}甲 | {A} | 乙 | {B} | 大概是")},
    "T20": {"2018-10/a.xlsx": SOUND, "2018-11/a.xlsx": sheet(her(), her(B, "李桂兰"))},
    "T22": {"2018-10/a.xlsx": SOUND, "2018-11/a.xlsx": sheet(her(), her(B, "李桂兰")),
            "2018-11/b.xlsx": sheet(her(C, "张淑芬"), title=dated("26", "宽城区"))},
    "C01": {"2018-11/a.xlsx": (sheet(her(start="不可除")), partial(edited, part="xl/worksheets/sheet1.xml", change=lambda xml: re.sub(
        rb'<c r="G3"[^>]*>.*?</c>', b'<c r="G3" t="e"><f>1/0</f><v>#DIV/0!</v></c>', xml)))},
}  # fmt: skip


# what they lay beside the period's returns holds for the province: each has a month of its own
ALONE = ("F09", "S08", "S09", "S28", "S36", "S37", "U23")
cases = Cases()


@cache
def handcraft() -> Programme:
    return load_programme(built_in("schemas"), "handcraft")


def shows(code: str, issues: Iterable[Issue], programme: Programme) -> None:
    shown = {i.rule: i for i in issues}
    assert code in shown, sorted(shown)
    assert shown[code].severity == programme.rule[code].severity
    assert "{" not in shown[code].message


@cases([code for code in CASES if code not in ALONE])
def the_rule_shows(code: str) -> Case:
    seen = yield CASES[code]
    shows(code, seen.issues, handcraft())


@pytest.fixture(scope="module")
def faults(programme: Programme) -> dict[str, Exception | None]:
    return cases.faults(programme, "2018-11")


@pytest.mark.parametrize("name", cases)
def test_the_month_that_shows_a_rule(name: str, faults: dict[str, Exception | None]) -> None:
    if fault := faults[name]:
        raise fault


@pytest.mark.parametrize("code", ALONE)
def test_the_month_of_its_own_that_shows_a_rule(code: str, programme: Programme) -> None:
    files = {path: workbook(str(picture)) for path, picture in CASES[code].items()}
    shows(code, month(files, programme, "2018-11").issues, programme)


# each of these has its month in the test named beside it
ELSEWHERE = {
    "F10": "test_layouts", "F11": "test_filer", "S10": "test_layouts",
    "S11": "test_layouts", "S12": "test_layouts", "S13": "test_layouts", "S14": "test_layouts",
    "S15": "test_layouts", "S16": "test_layouts", "S17": "test_layouts", "S18": "test_layouts",
    "S19": "test_layouts", "S21": "test_forms", "C02": "test_layouts", "U08": "test_waivers",
    "U09": "test_waivers", "U10": "test_judgements", "T21": "test_register", "T23": "test_register",
    "U20": "test_references", "U21": "test_references", "U22": "test_references",
    "S30": "test_as_seen", "S31": "test_as_seen", "S32": "test_as_seen", "S33": "test_as_seen",
    "S34": "test_as_seen",
    "S35": "test_as_seen", "S38": "test_careless", "S39": "test_careless", "S40": "test_careless", "S41": "test_not_one_each", "S42": "test_not_one_each", "S43": "test_not_one_each", "S44": "test_versions", "S45": "test_versions", "S46": "test_not_one_each", "S47": "test_not_one_each", "S48": "test_careless", "F13": "test_versions", "C03": "test_as_seen", "C04": "test_careless", "U12": "test_inspection",
}  # fmt: skip


def test_no_rule_without_a_month(programme: Programme) -> None:
    from pathlib import Path

    unchecked = {r.code for r in programme.rules if not r.check}
    assert unchecked == set(CASES) | set(ELSEWHERE)
    for code, name in ELSEWHERE.items():
        source = (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")
        assert f'"{code}"' in source, (code, name)
    assert all(programme.rule[code].severity in list(Severity) for code in unchecked)
