"""The forms counties use: which columns under which headers, and how each types a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.sample import words
from pipeline.sample.entries import EMPLOYMENT, TRAINING, Entry, Typed

Headers = tuple[tuple[str, str], ...]  # field, header


@dataclass(frozen=True)
class Form:
    """One roster form: the person's columns, then those of the kind of roster."""

    person: Headers
    own: Mapping[str, Headers]
    grouped: bool = False  # a second header row above: 残疾人基本情况 | 培训情况
    numbered: bool = False  # a row 甲 1 2 3 … below the header

    def headers(self, kind: str) -> Headers:
        """All columns of one kind of roster between 序号 and 备注."""
        return (*self.person, *self.own[kind])


_FULL = Form(
    person=(
        ("name", "姓名"), ("gender", "性别"), ("ethnic", "民族"), ("birth", "出生年月"),
        ("id_no", "身份证号"), ("cert_no", "残疾人证号"), ("category", "残疾类别"),
        ("grade", "残疾等级"), ("education", "文化程度"), ("poor", "是否建档立卡"),
        ("registered_address", "户籍地址"), ("phone", "联系电话"),
    ),
    own={
        TRAINING: (
            ("training_item", "培训项目"), ("training_form", "培训形式"),
            ("training_org", "培训机构"), ("started_on", "开班时间"),
            ("finished_on", "结业时间"), ("training_days", "培训天数"),
            ("certified", "是否取得证书"),
        ),
        EMPLOYMENT: (
            ("job_form", "就业形式"), ("employer", "就业单位"), ("craft", "从事手工种类"),
            ("employed_on", "就业时间"), ("income_yuan", "月收入（元）"),
            ("contract", "是否签订合同"),
        ),
    },
    grouped=True,
)  # fmt: skip
_PLAIN = Form(
    person=(
        ("name", "残疾人姓名"), ("gender", "性 别"), ("ethnic", "名族"), ("id_no", "身份证号码"),
        ("cert_no", "残疾证号"), ("category_grade", "残疾类别及等级"), ("education", "文化程度"),
        ("poor", "是否建档立卡贫困户"), ("registered_address", "户口所在地"), ("phone", "手机号"),
    ),
    own={
        TRAINING: (
            ("training_item", "培训内容"), ("training_form", "培训方式"),
            ("training_org", "培训基地"), ("training_time", "培训起止时间"),
        ),
        EMPLOYMENT: (
            ("job_form", "就业方式"), ("employer", "工作单位"), ("craft", "手工种类"),
            ("employed_on", "上岗时间"), ("income_yuan", "月收入"),
        ),
    },
)  # fmt: skip
_NUMBERED = Form(
    person=(
        ("name", "姓  名"), ("gender", "性别"), ("ethnic", "民族"), ("birth", "出生日期"),
        ("id_no", "公民身份号码"), ("cert_no", "残疾人证号码"), ("category", "残疾类型"),
        ("grade", "残疾级别"), ("education", "学历"), ("poor", "建档立卡贫困户"),
        ("home_address", "家庭住址"), ("phone", "联系方式"),
    ),
    own={
        TRAINING: (
            ("training_item", "培训工种"), ("training_form", "培训形式"),
            ("started_on", "培训开始时间"), ("finished_on", "培训结束时间"),
            ("certified", "是否取证"),
        ),
        EMPLOYMENT: (
            ("job_form", "就业途径"), ("employer", "带动单位"), ("craft", "从事手工项目"),
            ("employed_on", "就业日期"), ("income_yuan", "月均收入（元）"),
        ),
    },
    numbered=True,
)  # fmt: skip
# no ID column: the certificate's first 18 characters tell it
_SHORT = Form(
    person=(
        ("township", "乡镇"), ("name", "姓名"), ("ethnic", "民族"),
        ("cert_no", "第二代残疾人证号"), ("education", "文化程度"), ("poor", "是否建档立卡"),
        ("registered_address", "户籍地址"), ("phone", "电话"),
    ),
    own={
        TRAINING: (("training_item", "培训项目"), ("training_time", "培训时间")),
        EMPLOYMENT: (
            ("job_form", "就业形式"), ("employer", "就业单位"), ("employed_on", "就业时间"),
        ),
    },
)  # fmt: skip
FORMS = {"full": _FULL, "plain": _PLAIN, "numbered": _NUMBERED, "short": _SHORT}


@dataclass(frozen=True)
class Hand:
    """How one county types: one spelling of dates, grades and lower-case x throughout."""

    day: Callable[[date], Typed]
    birth: Callable[[date], str]
    grade: Callable[[int], Typed]
    category: str = "残疾"
    small_x: bool = False


def _dotted(day: date) -> str:
    return f"{day.year}.{day.month}.{day.day}"


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _slashed(day: date) -> str:
    return f"{day:%Y/%m/%d}"


def _as_date(day: date) -> Typed:
    return day


HANDS = (
    Hand(date.isoformat, date.isoformat, lambda grade: f"{words.GRADES[grade - 1]}级"),
    Hand(_dotted, lambda d: f"{d:%Y.%m}", lambda grade: f"{grade}级", category=""),
    Hand(_chinese, lambda d: f"{d.year}年{d.month}月", lambda grade: grade, small_x=True),
    Hand(_as_date, date.isoformat, lambda grade: f"{words.GRADES[grade - 1]}级"),
    Hand(_slashed, lambda d: f"{d.year}年{d.month}月", lambda grade: grade, category=""),
)


def typed(entry: Entry, hand: Hand, period: str, version: int) -> dict[str, Typed]:
    """What the county's return of that period says of an entry, by field."""
    slip = entry.slip_in(period, version)
    values = _truth(entry) | dict(slip.cells if slip else {})
    grade = int(str(values["grade"]))
    values["category_grade"] = f"{_category(values, hand)}{words.GRADES[grade - 1]}级"
    values["training_time"] = _span(values["started_on"], values["finished_on"], hand)
    values["category"] = _category(values, hand)
    values["grade"] = hand.grade(grade)
    for field in ("started_on", "finished_on", "employed_on"):
        values[field] = _day(values[field], hand)
    if isinstance(birth := values["birth"], date):
        values["birth"] = hand.birth(birth)
    if hand.small_x:
        values |= {f: _small(values[f]) for f in ("id_no", "cert_no")}
    return values


def _truth(entry: Entry) -> dict[str, Typed]:
    person = entry.person
    values: dict[str, Typed] = {
        "name": person.name,
        "gender": "女" if person.woman else "男",
        "ethnic": person.ethnic,
        "birth": person.birth,
        "id_no": person.id_no,
        "cert_no": person.cert_no,
        "category": person.category,
        "grade": person.grade,
        "education": person.education,
        "poor": "是",
        "township": person.township,
        "registered_address": person.address,
        "home_address": person.address,
        "phone": person.phone,
        "training_item": entry.activity,
        "employer": entry.activity,
        "started_on": entry.start,
        "finished_on": entry.finish,
        "employed_on": entry.start,
        "training_days": (entry.finish - entry.start).days + 1,
    }
    return values | dict(entry.others)


def _category(values: Mapping[str, Typed], hand: Hand) -> str:
    return words.CATEGORIES[int(str(values["category"])) - 1] + hand.category


def _small(value: Typed) -> Typed:
    return value.lower() if isinstance(value, str) else value


def _day(value: Typed, hand: Hand) -> Typed:
    return hand.day(value) if isinstance(value, date) else value


def _span(start: Typed, finish: Typed, hand: Hand) -> str:
    """Start and finish in one cell; a clerk who remembers no day writes what she remembers."""
    if not isinstance(start, date) or not isinstance(finish, date):
        return str(start)
    first, last = (
        str(shown) if not isinstance(shown := hand.day(d), date) else _dotted(d)
        for d in (start, finish)
    )
    return f"{first}{'至' if '年' in first or '-' in first else '-'}{last}"
