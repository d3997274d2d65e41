"""Returns of 60 made-up counties, as many rows each as wanted: what the month's benchmark is run on.

One workbook a county, a training and an employment roster in it, laid out as the province's form; a
task table beside them. Three rows in a hundred are faulty, one in two hundred is claimed by the next
county as well. The same size and seed give the same people.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from pipeline.home import built_in
from pipeline.numbers import check_digit
from pipeline.programme import Programme, load_programme
from pipeline.sample import prose
from pipeline.sample.tasks import make_tasks, task_table
from pipeline.values import month_end

PERIOD, COUNTIES, FAULTY, TRAINED = "2018-11", 60, 0.03, 0.6
SIZES = {"S": 50, "M": 2_000, "L": 20_000}  # rows a county
_SURNAMES = prose.SURNAMES
_CATEGORIES, _GRADES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重"), "一二三四"
_EMPLOYERS = ("手工合作社", "扶贫车间", "编织工坊", "工艺品店")
_GIVEN = "英兰梅芳玲华秀桂珍红丽艳霞敏静云香凤玉淑莲春琴娟芹萍燕杰荣芝彩霜娜洁琳慧莉晶雪颖佳瑞清凡宁岩冬月波青昕美善花贞仙顺姬子福爱锦蓉"
_PERSON = (("序号",), ("姓名", "残疾人姓名"), ("性别",), ("民族",), ("出生日期", "出生年月"), ("身份证号", "身份证号码"),
           ("残疾人证号", "残疾证号"), ("残疾类别", "残疾类型"), ("残疾等级", "残疾级别"), ("文化程度", "学历"), ("是否建档立卡",),
           ("户籍地址", "户口所在地"), ("联系电话", "手机号"))  # fmt: skip
_OWN = {
    "培训": (("培训项目", "培训内容"), ("培训形式", "培训方式"), ("培训机构",), ("开班时间", "培训开始时间"), ("结业时间", "培训结束时间")),
    "就业": (("就业形式", "就业方式"), ("就业单位", "工作单位"), ("从事手工种类", "手工种类"), ("就业时间", "上岗时间"), ("月收入（元）", "月收入")),
}  # fmt: skip
_DAYS: tuple[Callable[[date], object], ...] = (
    date.isoformat,
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: d,
    lambda d: f"{d:%Y/%m/%d}",
)


@dataclass(frozen=True)
class Line:
    """One row of a roster as it is typed."""

    name: str
    id_no: str
    cert_no: str
    category: int
    grade: int
    address: str
    phone: str
    begun: date
    ended: date
    activity: str
    gender: str = "女"
    ethnic: str = "汉族"
    poor: str = "是"
    begun_as: str = ""  # what is typed instead of the day


def _new_id(rng: Random, county: str, taken: set[str]) -> str:
    while True:
        born = date(1961, 1, 1) + timedelta(days=rng.randrange(13_800))
        first17 = f"{county}{born:%Y%m%d}{rng.randrange(100):02d}{rng.choice('02468')}"
        number = first17 + check_digit(first17)
        if number not in taken:
            taken.add(number)
            return number


def _woman(rng: Random, county: str, place: str, taken: set[str]) -> Line:
    number = _new_id(rng, county, taken)
    category, grade = int(rng.choice(prose.CATEGORY_DRAW)), rng.choice((1, 2, 2, 3, 3, 4))
    begun = date(2018, 1, 5) + timedelta(days=rng.randrange(285))
    return Line(
        rng.choice(_SURNAMES) + rng.choice(_GIVEN) + rng.choice(_GIVEN),
        number,
        f"{number}{category}{grade}",
        category,
        grade,
        f"{place}{rng.choice(prose.TOWNSHIPS)}{rng.choice(prose.VILLAGES)}",
        f"1{rng.choice('35789')}{rng.randrange(10**9):09d}",
        begun,
        begun + timedelta(days=rng.randint(2, 9)),
        rng.choice(prose.COURSES),
        ethnic=str(rng.choice(prose.ANSWERS["民族"])),
    )


def _mistyped(line: Line) -> Line:
    other = line.id_no[:17] + ("0" if line.id_no[17] != "0" else "1")
    return replace(line, id_no=other)


SLIPS: tuple[Callable[[Line], Line], ...] = (
    _mistyped,
    lambda x: replace(x, cert_no=""),
    lambda x: replace(x, id_no=x.id_no[:8] + x.id_no[9:]),
    lambda x: replace(x, cert_no=f"{x.id_no}8{x.grade}"),
    lambda x: replace(x, ended=x.begun - timedelta(days=3)),
    lambda x: replace(x, poor="否"),
    lambda x: replace(x, begun_as="九月份"),
    lambda x: replace(x, phone="1384321"),  # from here on warnings only
    lambda x: replace(x, ethnic="关东族"),
    lambda x: replace(x, category=x.category % 7 + 1),
    lambda x: replace(x, poor=""),
)


def _shared(rng: Random, n: int, line: Line, place: str) -> Line:
    """The same woman as the next county files her: her address decides, or the start, or the code."""
    own = f"{place}{rng.choice(prose.TOWNSHIPS)}{rng.choice(prose.VILLAGES)}"
    if n % 3 == 0:
        return replace(line, begun=line.begun - timedelta(days=1))
    return replace(
        line, address=own, begun=line.begun + timedelta(days=n % 3 - 1), ended=line.ended
    )


def county_lines(
    rng: Random, county: str, place: str, rows: int, before: list[Line], taken: set[str]
) -> tuple[list[Line], list[Line]]:
    """A county's trained and employed women, of whom the first few are the last county's too."""
    trained = [_shared(rng, n, line, place) for n, line in enumerate(before)]
    trained += [
        _woman(rng, county, place, taken) for _ in range(round(rows * TRAINED) - len(trained))
    ]
    employed = []
    for n in range(rows - len(trained)):
        known = trained[n + len(before)] if n % 10 < 7 and n + len(before) < len(trained) else None
        line = known or _woman(rng, county, place, taken)
        begun = line.begun + timedelta(days=rng.randint(5, 30))
        employer = f"{place[-4:]}{rng.choice(_EMPLOYERS)}"
        employed.append(replace(line, begun=begun, ended=begun, activity=employer))
    for lines in (trained, employed):
        for at in rng.sample(range(len(before), len(lines)), max(1, round(len(lines) * FAULTY))):
            slip = rng.choice([s for n, s in enumerate(SLIPS) if lines is trained or n != 4])
            lines[at] = slip(lines[at])
    return trained, employed


def _cells(n: int, line: Line, kind: str, hand: int, rng: Random) -> Iterator[object]:
    day = _DAYS[hand]
    born = line.cert_no[6:14] or line.id_no[6:14]
    yield from (n, line.name, line.gender, line.ethnic)
    yield f"{born[:4]}-{born[4:6]}-{born[6:]}" if hand % 2 else f"{born[:4]}年{int(born[4:6])}月"
    yield from (line.id_no, line.cert_no, f"{_CATEGORIES[line.category - 1]}残疾")
    yield f"{_GRADES[line.grade - 1]}级"
    yield from (rng.choice(prose.ANSWERS["文化程度"]), line.poor, line.address, line.phone)
    begun = line.begun_as or day(line.begun)
    if kind == "培训":
        yield from (
            line.activity,
            rng.choice(prose.ANSWERS["培训形式"]),
            rng.choice(prose.ANSWERS["培训机构"]),
        )
        yield from (begun, day(line.ended))
    else:
        yield from (rng.choice(prose.ANSWERS["就业形式"]), line.activity, rng.choice(prose.COURSES))
        yield from (begun, rng.randrange(8, 31) * 50)


def write_county(file: Path, place: str, nth: int, rosters: dict[str, list[Line]]) -> None:
    """One county's workbook, as Excel keeps it: shared strings, dates as dates where typed so."""
    rng = Random(nth)
    book = xlsxwriter.Workbook(str(file))
    book.set_properties({"created": datetime(2018, 12, 1)})  # noqa: DTZ001 - Excel knows no zones
    boxed = book.add_format({"border": 1, "font_name": "宋体", "font_size": 10})
    as_day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    for kind, lines in rosters.items():
        sheet = book.add_worksheet(f"{kind}人员花名册")
        heads = [h[nth % len(h)] for h in (*_PERSON, *_OWN[kind])]
        sheet.merge_range(
            0, 0, 0, len(heads) - 1, f"2018年{place}贫困残疾妇女手工制作{kind}人员花名册"
        )
        sheet.write_string(1, 0, f"填报单位：{place}残联")
        sheet.write_string(1, 10, "填报日期：2018年11月26日")
        sheet.write_row(2, 0, heads, boxed)
        for n, line in enumerate(lines, 1):
            for column, value in enumerate(_cells(n, line, kind, nth % len(_DAYS), rng)):
                if isinstance(value, str):
                    sheet.write_string(n + 2, column, value, boxed)
                elif isinstance(value, date):
                    sheet.write_datetime(n + 2, column, datetime.combine(value, time.min), as_day)
                else:
                    sheet.write_number(n + 2, column, float(str(value)), boxed)
        sheet.write_string(len(lines) + 3, 0, "合计")
        sheet.write_string(len(lines) + 3, 1, f"{len(lines)}人")
        sheet.write_string(len(lines) + 4, 0, "填表人：        审核人：        联系电话：")
    book.close()


def make_returns(inbox: Path, programme: Programme, rows: int, seed: int = 20181201) -> None:
    """Write inbox/ with the returns of 60 counties, `rows` lines each, and the task table."""
    (inbox / PERIOD).mkdir(parents=True)
    day = month_end(PERIOD)
    gazetteer = programme.gazetteer
    tasks = make_tasks(programme, day, Random(seed))
    (inbox / "全省任务分解表.xlsx").write_bytes(task_table(programme, day, tasks))
    before: list[Line] = []
    taken: set[str] = set()
    for nth, unit in enumerate(gazetteer.counties(day)[:COUNTIES]):
        above = gazetteer.name(unit.parent) if unit.parent != gazetteer.top else ""
        place = f"{above}{unit.name}"
        trained, employed = county_lines(
            Random(f"{seed} {unit.code}"), unit.code, place, rows, before, taken
        )
        write_county(
            inbox / PERIOD / f"{place}报表.xlsx", place, nth, {"培训": trained, "就业": employed}
        )
        before = trained[-max(1, rows // 200) :]
        taken = set()  # numbers begin with the county's code: no other county can draw them


def home_of(folder: Path, size: str) -> Path:
    """A home folder with the returns of that size, made once and then kept."""
    home = folder / size
    if not (home / "made").exists():
        make_returns(home / "inbox", load_programme(built_in("schemas"), "handcraft"), SIZES[size])
        (home / "made").touch()
    return home


if __name__ == "__main__":
    home_of(Path(sys.argv[1]), sys.argv[2])
