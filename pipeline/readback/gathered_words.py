"""Dates, sorts of fault and themes in a paragraph: the period's end, so many places in so many units."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.readback.month_facts import Facts
from pipeline.readback.others_words import quotations

_DATE = re.compile(r"(?:(?P<year>\d{4})年(?:度)?)?(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?")
_YEARS = re.compile(r"(\d{4})[—–-](\d{4})年")
_KINDS = re.compile(r"(做法|困难)(\d+)类")
_TOPICS = ("做法", "困难")  # as TOPICS has them


def date_faults(text: str, facts: Facts) -> Iterator[str]:
    """截至 so and so is the period's end; 2018—2020年 are the programme's years."""
    for match in _YEARS.finditer(text):
        years = facts.years[0], facts.years[-1]
        if text.startswith("累计", match.end()) and (int(match[1]), int(match[2])) != years:
            yield f"“{match[1]}—{match[2]}年”不是项目的年度"
    for match in re.finditer(r"截[至止]到?" + _DATE.pattern, _YEARS.sub("", text)):
        written = match["year"], match["month"], match["day"]
        right = facts.year, facts.month, facts.day
        if any(part and int(part) != day for part, day in zip(written, right, strict=True)):
            yield f"“{match[0]}”不是报告期末"


def without_dates(text: str) -> str:
    """The text with its dates blanked out, as long as before."""
    for pattern in (_YEARS, _DATE):
        text = pattern.sub(lambda m: "·" * len(m[0]), text)
    return text


def concern_before(clause: str, facts: Facts) -> str:
    """The sort of fault whose name a clause ends with: the longest."""
    return max((name for name in facts.concerns if clause.endswith(name)), key=len, default="")


def gathered_faults(text: str, facts: Facts) -> Iterator[str]:
    """So many places of a sort of fault, in so many units; so many other themes."""
    for match in re.finditer(r"(\d+)处(?:（(\d+)个单位）)?", text):
        name = concern_before(text[: match.start()], facts)
        if name:
            places, units = facts.concerns[name]
            if int(match[1]) != places or int(match[2] or units) != units:
                yield f"{name}是{units}个单位{places}处，写成了“{name}{match[0]}”"
    quoted = quotations(text)
    for match in _KINDS.finditer(text):
        if quoted and int(match[2]) != facts.topics[_TOPICS.index(match[1])] - quoted:
            yield f"“{match[0]}”与数据不符"
