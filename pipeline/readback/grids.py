"""Tables and charts held against the facts: each cell by its row's unit and its column's heading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.readback.month_facts import Facts, Standing
from pipeline.readback.seen import SeenChart, SeenTable

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?")
_IN_LETTER = re.compile(rf"(?:{_NUMBER.pattern})行?")
_MONTH = re.compile(r"(\d{1,2})月")
_EXPECTED = "序时进度"
_SAME = 6e-5  # charts hold rates to four places, rounded either way


def table_faults(table: SeenTable, facts: Facts) -> Iterator[tuple[int, str]]:
    """The row, and what it says that the facts do not. A table without units in front has none."""
    headings: list[list[str]] = []
    for number, row in enumerate(table.rows, 1):
        if not row or row[0] not in facts.names:
            headings.append(list(row))
            continue
        for column, text in enumerate(row[1:], 1):
            over = "".join(dict.fromkeys(h[column] for h in headings if column < len(h)))
            over = over.replace(" ", "")
            if _NUMBER.fullmatch(text) and not _holds(text, row[0], over, facts):
                yield number, f"{row[0]}“{over}”写成了{text}"


def is_of_units(table: SeenTable, facts: Facts) -> bool:
    """Whether units stand in front of its rows."""
    return any(row and row[0] in facts.names for row in table.rows)


def _holds(text: str, name: str, over: str, facts: Facts) -> bool:
    indicators = [i for label, i in facts.labels.items() if label in over]
    scope = "cumulative" if "累计" in over or "总任务" in over else "year"
    own = facts.of(name, indicators or facts.labels.values(), scope)
    number = float(text.rstrip("%"))
    return any(_is_measure(number, text, over, s) for s in own)


def _is_measure(number: float, text: str, over: str, standing: Standing) -> bool:
    if text.endswith("%") or "率" in over:
        places = len(text.rstrip("%").partition(".")[2])
        return standing.rate is not None and f"{standing.rate * 100:.{places}f}" == text.rstrip("%")
    if "较上月" in over:
        return standing.more == number
    if "人次" in over:
        return standing.attendances == number
    if "任务" in over and "完成" not in over:
        return standing.target == number
    if "完成" in over:
        return standing.done == number
    return number in (standing.target, standing.done, standing.attendances, standing.short)


def letter_faults(table: SeenTable, name: str, facts: Facts) -> Iterator[str]:
    """What a letter's table of the unit's own figures says otherwise: a row an indicator."""
    heads = table.rows[0] if table.rows else ()
    for row in table.rows[1:]:
        own = facts.of(name, [facts.labels[row[0]]], "year") if row[0] in facts.labels else []
        for head, text in zip(heads[1:], row[1:], strict=False):
            if (
                own
                and _IN_LETTER.fullmatch(text)
                and not any(_in_letter(text, head, s) for s in own)
            ):
                yield f"{name}{row[0]}“{head}”写成了{text}"


def _in_letter(text: str, head: str, standing: Standing) -> bool:
    stated = {
        "年度任务": f"{standing.target}",
        "已计入": f"{standing.done}",
        "完成率": "" if standing.rate is None else f"{standing.rate * 100:.1f}%",
        "序时进度": f"{standing.expected * 100:.1f}%",
        "退回未计入": f"{standing.returned}行",
    }
    return stated.get(head, text) == text


def chart_faults(chart: SeenChart, facts: Facts) -> Iterator[str]:
    """What a chart draws, and the workbook behind it holds, that the facts do not say."""
    for series in chart.series:
        for category, value in series.points:
            yield from _point_faults(series.name, category, value, facts)
    if chart.rows:
        heads = chart.rows[0]
        for row in chart.rows[1:]:
            for head, behind in zip(heads[1:], row[1:], strict=False):
                if isinstance(behind, float):
                    yield from _point_faults(str(head), str(row[0]), behind, facts)
        drawn = sum(value is not None for s in chart.series for _, value in s.points)
        kept = sum(isinstance(v, float) for row in chart.rows[1:] for v in row[1:])
        if drawn != kept:
            yield f"图上有{drawn}个点，图的数据表里有{kept}个"


def _point_faults(series: str, category: str, value: float | None, facts: Facts) -> Iterator[str]:
    if value is None:
        return
    indicator = facts.labels.get(series)
    month = _MONTH.fullmatch(category)
    if month:
        months = {m for (i, n), m in facts.months.items() if n == int(month[1]) and indicator in (i, None)}  # fmt: skip
        ok = value in months
    elif category in facts.names:
        own = facts.of(category, [indicator] if indicator else facts.labels.values(), "year")
        if series == _EXPECTED:
            ok = any(abs(s.expected - value) < _SAME for s in own)
        else:
            ok = any(
                value in (s.done, s.target) or (s.rate is not None and abs(s.rate - value) < _SAME)
                for s in own
            )
    else:
        ok = True  # a chart of an office's own: neither units nor months
    if not ok:
        yield f"{category}的“{series}”画成了{value:g}"
