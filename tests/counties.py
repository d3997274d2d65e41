"""Counties that fill in a roster each in her own way: layouts nobody drew by hand, rows all known.

What a county does to the form is chosen by a Random, so that hypothesis can choose it and shrink it.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from drawing import id_no

from pipeline.programme import Programme
from pipeline.sample.pages import Page
from pipeline.sample.workbooks import write
from pipeline.values import column_letters

Day = Callable[[date], object]
TEXT_DAYS: tuple[Day, ...] = (
    date.isoformat,
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d:%Y/%m/%d}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year} 年 {d.month:02d} 月 {d.day:02d} 日",
    lambda d: f"{d.year % 100}.{d.month}.{d.day}",
    lambda d: f"{d.year}。{d.month}。{d.day}",
    lambda d: f"{d:%Y-%m-%d} 00:00:00",
)
SPANS: tuple[Callable[[date, date], str], ...] = (
    lambda a, b: f"{a.isoformat()}至{b.isoformat()}",
    lambda a, b: f"{a.year}.{a.month}.{a.day}-{b.month}.{b.day}",
    lambda a, b: f"{a.year}年{a.month}月{a.day}日－{b.year}年{b.month}月{b.day}日",
    lambda a, b: f"{a:%Y/%m/%d}～{b:%Y/%m/%d}",
    lambda a, b: f"{a.year}.{a.month}.{a.day}——{b.year}.{b.month}.{b.day}",
    lambda a, b: f"{a.isoformat()}\n到{b.isoformat()}",
)
NUMBERS: tuple[Callable[[str], str], ...] = (
    str,
    str.lower,
    lambda n: f"'{n}",
    lambda n: f" {n[:6]} {n[6:14]} {n[14:]}\u00a0",
    lambda n: n.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"}),
    lambda n: f"{n}\u200b",
)
HEADERS: tuple[Callable[[str], str], ...] = (
    str,
    lambda h: f"*{h}",
    lambda h: f"{h}（必填）",
    lambda h: f" {h[:1]}\u3000{h[1:]}",
    lambda h: f"{h[:2]}\n{h[2:]}",
    lambda h: f"{h}：",
)
NAMES = ("王秀英", "李桂兰", "张凤芝", "刘淑贤", "金 花", "阿依古丽·买买提", "欧阳玉珍", "于　芳")
TOWNSHIPS = ("农安镇", "伏龙泉镇", "哈拉海镇")
FILING = (
    "填报单位：{unit}残联",
    "填报单位（盖章）：{unit}残疾人联合会",
    "填表单位(公章): {unit}残联        填报日期：2018年11月20日",
    "上报单位：{unit}",
)
FOOTERS = (
    "填表人：张三        审核人：李四        联系电话：0431-88888888",
    "单位负责人（签字）：王五",
    "注：本表一式两份，一份留存",
    "说明：1.本表由县级残联填写；2.人数按实名统计",
)
FORMATS = ("xlsx", "xls", "ods", "csv", "html")


@dataclass(frozen=True)
class Person:
    """One line as it is meant."""

    name: str
    id_no: str
    start: date
    finish: date
    township: str


@dataclass
class Filed:
    """A return with what must be read of it: by Excel row, who she is and what she did."""

    name: str
    content: bytes
    kind: str
    unit: str
    rows: dict[int, Person] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)  # Excel letters of every field filed
    dittos: int = 0  # cells that say 同上


def file_return(dice: Random, programme: Programme) -> Filed:
    """A roster of some county, laid out as she likes."""
    kind = dice.choice(["training", "employment"])
    unit = dice.choice(["220122", "220183", "220281", "222424"])
    suffix = dice.choice(FORMATS)
    page = Page("名单")
    filed = Filed(f"花名册.{suffix}", b"", kind, unit)
    form = _Form(dice, programme, kind, page, filed)
    form.draw()
    filed.content = as_file(page, suffix, dice)
    return filed


def as_file(page: Page, suffix: str, dice: Random) -> bytes:
    """The page in one of the formats; text and web pages in one of their encodings."""
    if suffix == "csv":
        text = write([page], "csv").decode("gb18030")
        delimiter = dice.choice(",\t;")
        if delimiter != ",":
            import csv

            out = io.StringIO(newline="")
            csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(text)))
            text = out.getvalue()
        return text.encode(dice.choice(["gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"]))
    if suffix == "html":
        return _web_page(page).encode(dice.choice(["gb18030", "utf-8"]))
    return write([page], suffix)


def _web_page(page: Page) -> str:
    spans = {(t, x): (b - t + 1, r - x + 1) for t, x, b, r in page.merges}
    covered = {
        (row, column)
        for t, x, b, r in page.merges
        for row in range(t, b + 1)
        for column in range(x, r + 1)
    } - set(spans)
    rows = []
    for row in range(1, page.last_row + 1):
        cells = ""
        for column in range(1, page.last_column + 1):
            if (row, column) in covered:
                continue
            tall, wide = spans.get((row, column), (1, 1))
            text = html.escape(str(page.cells.get((row, column), "")))
            cells += f"<td rowspan={tall} colspan={wide}>{text}</td>"
        rows.append(f"<tr>{cells}</tr>")
    return f"<html><body><table border=1>{''.join(rows)}</table></body></html>"


class _Form:
    """One roster on its way to paper."""

    def __init__(
        self, dice: Random, programme: Programme, kind: str, page: Page, filed: Filed
    ) -> None:
        self.dice, self.programme, self.kind, self.page, self.filed = (
            dice, programme, kind, page, filed,
        )  # fmt: skip
        self.typed_days = not filed.name.endswith(("csv", "html"))
        self.day = dice.choice(TEXT_DAYS)
        self.as_days = self.typed_days and dice.random() < 0.4
        self.span = dice.choice(SPANS)
        self.number = dice.choice(NUMBERS)
        self.dress = dice.choice(HEADERS)
        self.left = dice.randrange(3)
        self.row = dice.randrange(4)
        self.under_one = False
        self.printed: list[tuple[int, object]] = []
        self.columns = self._columns()

    def maybe(self, chance: float = 0.5) -> bool:
        return self.dice.random() < chance

    def _columns(self) -> list[str]:
        """The fields of the form, in the county's order."""
        pick = self.maybe
        who = ["name", "cert_no", *(["id_no"] if pick(0.8) else [])]
        beside = [f for f in ("gender", "ethnic", "birth", "education", "poor", "township",
                              "registered_address", "phone", "phone_2") if pick()]  # fmt: skip
        grade = self.dice.choice([[], ["category", "grade"], ["category_grade"]])
        if self.kind == "training":
            own = self.dice.choice([["started_on", "finished_on"], ["training_time"]])
            self.under_one = len(own) == 2 and pick(0.3)  # 培训时间, and 起 and 止 below it
            own += [f for f in ("training_item", "training_org", "training_days") if pick()]
            own = own if set(own) != {"training_time"} else [*own, "training_item"]
        else:
            own = ["employed_on", "employer", *(["income_yuan"] if pick() else [])]
        person = who + beside + grade
        if pick(0.4):
            self.dice.shuffle(person)
        return [*(["seq"] if pick(0.9) else []), *person, *own, *(["remark"] if pick() else [])]

    def put(self, place: int, value: object) -> None:
        """A value in the current row; places count from 1 within the table."""
        self.page.put(self.row, self.left + place, value)  # type: ignore[arg-type]

    def draw(self) -> None:
        wide = len(self.columns)
        unit = self.programme.gazetteer.name(self.filed.unit)
        filing_line = self.maybe(0.8)
        label = {"training": "培训", "employment": "就业"}[self.kind]
        if self.maybe(0.3):
            self.row += 1
            self.put(1, "附件2")
        if not filing_line or self.maybe(0.8):
            self.row += 1
            self.put(1, f"{'' if filing_line and self.maybe() else unit}2018年{label}人员花名册")
            if self.maybe():
                self.page.merge(self.row, self.left + 1, self.row, self.left + wide)
        if filing_line:
            self.row += 1
            self.put(1, self.dice.choice(FILING).format(unit=unit))
            if self.maybe():
                self.put(max(3, wide - 1), "填报日期：2018年11月20日")
        self.header()
        self.body()

    def header(self) -> None:
        """One row, or two with groups above; then perhaps a row of numbers."""
        if self.under_one:
            self.header_with_dates_under_one()
            return
        grouped = self.maybe(0.4)
        top = self.row + 1
        self.row = top + grouped
        starts = self.dice.randrange(2, max(3, len(self.columns) - 2))
        for place, name in enumerate(self.columns, 1):
            self.put(place, self.dress(self.spelled(name)))
            if grouped and place < starts:
                value = self.page.cells.pop((self.row, self.left + place))
                self.page.cells[top, self.left + place] = value
                self.page.merge(top, self.left + place, self.row, self.left + place)
        if grouped:
            self.page.put(top, self.left + starts, "基本情况")
            self.page.merge(top, self.left + starts, top, self.left + len(self.columns))
        self.filed.columns |= {
            name: column_letters(self.left + place) for place, name in enumerate(self.columns, 1)
        }
        self.printed = [
            (place, self.page.cells[self.row, self.left + place])
            for place in range(1, len(self.columns) + 1)
            if (self.row, self.left + place) in self.page.cells
        ]
        if self.maybe(0.3):
            self.row += 1
            for place in range(1, len(self.columns) + 1):
                self.put(place, "甲" if place == 1 else place - 1)

    def header_with_dates_under_one(self) -> None:
        """Two rows, all merged downwards but 培训时间, which stands over 起 and 止."""
        top, self.row = self.row + 1, self.row + 2
        below = self.dice.choice([("起", "止"), ("开始", "结束"), ("开始时间", "结束时间")])
        for place, name in enumerate(self.columns, 1):
            at = self.left + place
            self.filed.columns[name] = column_letters(at)
            if name in ("started_on", "finished_on"):
                self.put(place, below[name == "finished_on"])
                continue
            self.page.put(top, at, self.dress(self.spelled(name)))
            self.page.merge(top, at, self.row, at)
        first = self.left + self.columns.index("started_on") + 1
        self.page.put(top, first, "培训时间")
        self.page.merge(top, first, top, first + 1)

    def spelled(self, name: str) -> str:
        """One of the spellings the programme knows for a column."""
        known = self.programme.field[name]
        return self.dice.choice([known.label, *known.headers])

    def body(self) -> None:
        count = self.dice.randrange(1, 9)
        if self.maybe(0.15):
            self.total(count)
        since = 0
        for n in range(1, count + 1):
            self.row += 1 + (self.maybe(0.1))
            if n > 1 and len(self.printed) == len(self.columns) and self.maybe(0.1):
                for place, text in self.printed:  # the header again, as on every printed page
                    self.put(place, text)
                self.row += 1
            self.person(n)
            since += 1
            if self.maybe(0.1):
                self.row += 1
                self.put(1, f"{TOWNSHIPS[0]}小计")
                self.put(3, f"{since}人")
                since = 0
        if self.maybe():
            self.total(count)
        for n in range(count + 1, count + 1 + self.dice.choice([0, 0, 3])):
            self.row += 1
            if "seq" in self.columns:
                self.put(1, n)
        for footer in self.dice.sample(FOOTERS, self.dice.randrange(3)):
            self.row += 1
            self.put(self.dice.choice([1, 1, 2]), footer)

    def total(self, count: int) -> None:
        self.row += 1
        self.put(1, self.dice.choice(["合计", "合  计", "总计"]))
        self.put(3, self.dice.choice([count, f"{count}人"]))

    def person(self, n: int) -> None:
        dice = self.dice
        born = date(1962, 1, 1) + timedelta(days=dice.randrange(13_000))
        number = id_no(f"220122{born:%Y%m%d}{len(self.filed.rows):02d}{dice.choice('02468')}")
        start = date(2018, 1, 3) + timedelta(days=dice.randrange(250))
        finish = start + timedelta(days=dice.randrange(1, 12))
        who = Person(dice.choice(NAMES), number, start, finish, dice.choice(TOWNSHIPS))
        self.filed.rows[self.row] = who
        values = self.values(n, who, born)
        for place, name in enumerate(self.columns, 1):
            same = n > 1 and name in ("training_item", "employer", "township") and self.maybe(0.2)
            self.filed.dittos += same
            self.put(place, dice.choice(["同上", "〃"]) if same else values[name])

    def values(self, n: int, who: Person, born: date) -> dict[str, object]:
        grade = 1 + n % 4
        return {
            "seq": n, "name": who.name, "gender": "女", "ethnic": "汉族", "birth": self.on(born),
            "id_no": self.number(who.id_no), "cert_no": self.number(f"{who.id_no}4{grade}"),
            "category": "肢体", "grade": f"{'一二三四'[grade - 1]}级",
            "category_grade": f"肢体{'一二三四'[grade - 1]}级", "education": "小学", "poor": "是",
            "township": who.township, "registered_address": f"农安县{who.township}一组",
            "phone": f"138{n:08d}", "phone_2": "0431-88888888", "remark": "",
            "training_item": "草编", "training_org": "县残联培训基地", "training_days": 5,
            "training_time": self.span(who.start, who.finish), "started_on": self.on(who.start),
            "finished_on": self.on(who.finish), "employed_on": self.on(who.start),
            "employer": "巧手编织合作社", "income_yuan": 1200,
        }  # fmt: skip

    def on(self, day: date) -> object:
        return day if self.as_days else self.day(day)


def rows_of(filed: Filed) -> Sequence[tuple[int, str, str]]:
    """(Excel row, name as compared, ID) of everybody the county filed."""
    return [(row, "".join(p.name.split()), p.id_no) for row, p in sorted(filed.rows.items())]
