"""The forms counties use: which columns under which headers, and how each types a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.programme import Field, Kind, Programme
from pipeline.programme.derivations import derivation_order
from pipeline.sample.entries import Entry, Typed
from pipeline.values import fold

Headers = tuple[tuple[str, str], ...]  # field, header


@dataclass(frozen=True)
class Form:
    """One roster form in headers: the person's columns, then those of a kind, by its title word."""

    person: tuple[str, ...]
    own: Mapping[str, tuple[str, ...]]
    grouped: bool = False  # a second header row above: 残疾人基本情况 | 培训情况
    numbered: bool = False  # a row 甲 1 2 3 … below the header

    def own_headers(self, kind: Kind) -> tuple[str, ...]:
        """The headers that only this kind of roster has."""
        return next((self.own[word] for word in kind.title_words if word in self.own), ())

    def headers(self, kind: Kind, programme: Programme) -> tuple[Headers, Headers]:
        """The columns between 序号 and 备注, the person's and the kind's own.

        A header the programme does not know is left out; a column it requires and the form has
        not, nor anything that tells it, is put in under its label.
        """
        known = {fold(h): f for f in programme.fields_of(kind.name) for h in (f.label, *f.headers)}
        person = [(known[fold(h)], h) for h in self.person if fold(h) in known]
        own = [(known[fold(h)], h) for h in self.own_headers(kind) if fold(h) in known]
        known_fields = {name for f, _ in (*person, *own) for name in (f.name, *f.fills)}
        for field in _needed(kind, programme):
            if field.name not in known_fields and not (
                field.derive and field.derive.source in known_fields
            ):
                (own if field.on else person).append((field, field.label))
        return _named(person), _named(own)


def _needed(kind: Kind, programme: Programme) -> Iterator[Field]:
    played = set(kind.roles.values()) - {kind.role("home"), kind.role("residence")}
    for field in programme.fields_of(kind.name):
        if not field.fills and (field.required or field.name in played):
            yield field


def _named(columns: Iterable[tuple[Field, str]]) -> Headers:
    return tuple((field.name, header) for field, header in columns)


_FULL = Form(
    person=("姓名", "性别", "民族", "出生年月", "身份证号", "残疾人证号", "残疾类别", "残疾等级", "文化程度",
            "是否建档立卡", "户籍地址", "联系电话"),
    own={
        "培训": ("培训项目", "培训形式", "培训机构", "开班时间", "结业时间", "培训天数", "是否取得证书"),
        "就业": ("就业形式", "就业单位", "从事手工种类", "就业时间", "月收入（元）", "是否签订合同"),
    },
    grouped=True,
)  # fmt: skip
_PLAIN = Form(
    person=("残疾人姓名", "性 别", "名族", "身份证号码", "残疾证号", "残疾类别及等级", "文化程度",
            "是否建档立卡贫困户", "户口所在地", "手机号"),
    own={
        "培训": ("培训内容", "培训方式", "培训基地", "培训起止时间"),
        "就业": ("就业方式", "工作单位", "手工种类", "上岗时间", "月收入"),
    },
)  # fmt: skip
_NUMBERED = Form(
    person=("姓  名", "性别", "民族", "出生日期", "公民身份号码", "残疾人证号码", "残疾类型", "残疾级别", "学历",
            "建档立卡贫困户", "家庭住址", "联系方式"),
    own={
        "培训": ("培训工种", "培训形式", "培训开始时间", "培训结束时间", "是否取证"),
        "就业": ("就业途径", "带动单位", "从事手工项目", "就业日期", "月均收入（元）"),
    },
    numbered=True,
)  # fmt: skip
# no ID column: the certificate's first 18 characters tell it
_SHORT = Form(
    person=(
        "乡镇",
        "姓名",
        "民族",
        "第二代残疾人证号",
        "文化程度",
        "是否建档立卡",
        "户籍地址",
        "电话",
    ),
    own={"培训": ("培训项目", "培训时间"), "就业": ("就业形式", "就业单位", "就业时间")},
)
FORMS = {"full": _FULL, "plain": _PLAIN, "numbered": _NUMBERED, "short": _SHORT}


@dataclass(frozen=True)
class Hand:
    """How one county types: one spelling of dates, words and lower-case x throughout."""

    day: Callable[[date], Typed]
    birth: Callable[[date], str]
    word: Callable[[str], Typed] = str
    small_x: bool = False


def _dotted(day: date) -> str:
    return f"{day.year}.{day.month}.{day.day}"


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _slashed(day: date) -> str:
    return f"{day:%Y/%m/%d}"


def _as_date(day: date) -> Typed:
    return day


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"


def _shortened(word: str) -> str:
    return word.removesuffix("残疾").translate(str.maketrans("一二三四", "1234"))


def _as_number(word: str) -> Typed:
    short = _shortened(word).removesuffix("级")
    return int(short) if short.isdigit() else word


HANDS = (
    Hand(date.isoformat, date.isoformat),
    Hand(_dotted, lambda d: f"{d:%Y.%m}", _shortened),
    Hand(_chinese, _month, _as_number, small_x=True),
    Hand(_as_date, date.isoformat),
    Hand(_slashed, _month, lambda word: word.removesuffix("残疾")),
)


def typed(
    entry: Entry, hand: Hand, period: str, version: int, programme: Programme
) -> dict[str, Typed]:
    """What the county's return of that period says of an entry, by field."""
    kind = programme.kind[entry.kind]
    slip = entry.slip_in(period, version)
    values = truth(entry, programme) | dict(slip.cells if slip else {})
    plain = dict(values)
    for field in programme.fields_of(entry.kind):
        value = values.get(field.name, "")
        if isinstance(value, date):
            values[field.name] = hand.birth(value) if field.kind == "birth" else hand.day(value)
        elif field.derive and field.codes and isinstance(value, str):
            values[field.name] = hand.word(value)
    for field in programme.fields_of(entry.kind):
        if field.fills and field.kind == "span":
            start, finish = (plain[name] for name in field.fills)
            values[field.name] = _span(start, finish, hand)
        elif field.fills:
            values[field.name] = "".join(str(plain.get(name, "")) for name in field.fills)
    if hand.small_x:
        numbers = filter(None, (kind.role("person"), kind.role("certificate")))
        values |= {name: _small(values[name]) for name in numbers}
    return values


def truth(entry: Entry, programme: Programme) -> dict[str, Typed]:
    """What is so of an entry, by field: days as dates, codes as the labels of their lists."""
    kind, person = programme.kind[entry.kind], entry.person
    parts: dict[str, Typed] = {
        "person": person.number, "certificate": person.certificate, "name": person.name,
        "residence": person.address, "home": person.address, "phone": person.phone,
        "start": entry.start, "finish": entry.finish, "activity": entry.activity,
    }  # fmt: skip
    values = {kind.role(role): value for role, value in parts.items() if kind.role(role)}
    values = {**person.answers, **entry.others, **values}
    derived = {f.name: f.derive for f in programme.fields_of(entry.kind) if f.derive}
    for name in derivation_order(derived):
        if name not in values:
            field = programme.field[name]
            text = derived[name].apply(str(values.get(derived[name].source, "")))
            values[name] = _read(field, text, programme)
    return values


def _read(field: Field, text: str, programme: Programme) -> Typed:
    """What a derivation tells: a day of birth, the label of a code, else the text itself."""
    if field.kind == "birth" and text:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    return programme.code_labels.get(field.codes, {}).get(text, text)


def _small(value: Typed) -> Typed:
    return value.lower() if isinstance(value, str) else value


def _span(start: Typed, finish: Typed, hand: Hand) -> str:
    """Start and finish in one cell; a clerk who remembers no day writes what she remembers."""
    if not isinstance(start, date) or not isinstance(finish, date):
        return str(finish if isinstance(start, date) else start)
    first, last = (
        str(shown) if not isinstance(shown := hand.day(d), date) else _dotted(d)
        for d in (start, finish)
    )
    return f"{first}{'至' if '年' in first or '-' in first else '-'}{last}"
