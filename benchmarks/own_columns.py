"""What a county's own columns hold: other people's numbers, days of other events, money, yes and no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

from pipeline.numbers import check_digit
from pipeline.sample import prose
from pipeline.sample.county_forms import Hand
from pipeline.sample.entries import Entry, Typed

_LATIN = "abcdefghijklmnopqrstuvwxyz"


def _number(rng: Random, born: int) -> str:
    first17 = f"2201{rng.randrange(2, 7):02d}{born}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}{rng.randrange(999):03d}"
    return first17 + check_digit(first17)


def _man(rng: Random, _: Entry, __: Hand) -> Typed:
    return (
        rng.choice(prose.SURNAMES) + rng.choice("建国志强永军福海德山") + rng.choice("民伟平林生")
    )


def _days(first: date, last: date) -> Callable[[Random, Entry, Hand], Typed]:
    def made(rng: Random, _: Entry, hand: Hand) -> Typed:
        return hand.day(first + timedelta(days=rng.randrange((last - first).days)))

    return made


def _beside(of: str, least: int, most: int) -> Callable[[Random, Entry, Hand], Typed]:
    def made(rng: Random, entry: Entry, hand: Hand) -> Typed:
        return hand.day(getattr(entry, of) + timedelta(days=rng.randint(least, most)))

    return made


def _one_of(*choice: Typed) -> Callable[[Random, Entry, Hand], Typed]:
    return lambda rng, _, __: rng.choice(choice)


def _digits(head: str, many: int) -> Callable[[Random, Entry, Hand], Typed]:
    return lambda rng, _, __: head + "".join(rng.choice("0123456789") for _ in range(many))


MAKERS: Mapping[str, Callable[[Random, Entry, Hand], Typed]] = {
    "another_number": lambda rng, _, __: _number(rng, rng.randrange(1945, 1985)),
    "another_certificate": lambda rng, _, __: f"{_number(rng, 1960)}4{rng.randrange(1, 5)}",
    "nation": _one_of("汉族", "满族"),
    "another_name": _man,
    "teacher": _one_of("刘艳华", "刘艳华", "孙丽"),
    "empty": _one_of(""),
    "another_phone": _digits("139", 8),
    "one_phone": _one_of("13944441111"),
    "bank_card": _digits("621728", 13),
    "bank": _one_of("吉林农信", "农业银行"),
    "long_ago": _days(date(2010, 1, 1), date(2016, 12, 31)),
    "far_ahead": _days(date(2020, 1, 1), date(2027, 12, 31)),
    "in_year": _days(date(2018, 3, 1), date(2018, 11, 20)),
    "year": _one_of(2014, 2015, 2016, 2017),
    "before_start": _beside("start", -20, -3),
    "after_finish": _beside("finish", 3, 12),
    "yes_no": _one_of("是", "是", "是", "否"),
    "certificate_of_course": lambda rng, _, __: f"JL2018{rng.randrange(10**5):05d}",
    "digits": _digits("2201", 8),
    "class": _one_of("第一期", "第二期"),
    "money": _one_of(300, 500, 800),
    "small": _one_of(2, 3, 4, 5),
    "score": _one_of(85, 90, 92, 78),
    "men": _one_of("男"),
    "kin": _one_of("夫妻", "本人", "母女", "户主"),
    "married": _one_of("已婚", "已婚", "未婚", "离异"),
    "party": _one_of("群众", "群众", "党员"),
    "cause": _one_of("因病", "因残", "缺劳力"),
    "measures": _one_of("产业扶贫", "低保兜底"),
    "health": _one_of("良好", "残疾", "长期慢性病"),
    "schooling": _one_of("小学", "初中", "文盲"),
    "another_birth": _days(date(1945, 1, 1), date(1985, 12, 31)),
    "postcode": _one_of("130000", "132000"),
    "place": _one_of("县残联三楼", "镇文化站"),
    "office": _one_of("县残联"),
    "wechat": lambda rng, _, __: "".join(rng.choice(_LATIN) for _ in range(8)),
}  # fmt: skip
