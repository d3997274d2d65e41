"""Laws of recognition over made-up counties' files: words, order, own columns and containers change no figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import containers
import own_columns
import pytest
import recognition
import zoo

from pipeline.model import Submission
from pipeline.programme import Programme
from pipeline.read.part import part_of
from pipeline.sample.county_forms import HANDS, typed
from pipeline.sample.entries import Entry, Ledger
from pipeline.sample.pages import Page
from pipeline.sample.people import Registry

Columns = list[zoo.Column]
UNIT = "220102"


def columns_of(programme: Programme) -> Columns:
    """A roster of eight persons in plain words: one is not poor, one is said to be a man."""
    rng = Random(7)
    ledger = Ledger(rng, Registry(rng, programme), programme)
    keeper = zoo.Keeper(programme, rng, ledger, UNIT, "training")
    entries = [ledger.entry("training", ledger.woman(UNIT), UNIT, zoo.SEASON, zoo.PERIOD) for _ in range(8)]  # fmt: skip
    values = [typed(e, HANDS[0], zoo.PERIOD, 1, programme) for e in entries]
    for value in values:
        value |= {"poor": "是", "gender": "女"}
    values[2]["poor"], values[5]["gender"] = "否", "男"
    shown = ("seq", "name", "gender", "id_no", "cert_no", "poor", "phone", "started_on", "finished_on")  # fmt: skip
    return [
        zoo.Column(
            name,
            (programme.field[name].label,),
            tuple(
                keeper.cell(name, n, e, v)
                for n, (e, v) in enumerate(zip(entries, values, strict=True), 1)
            ),
        )
        for name in shown
    ]


def page(columns: Columns, rows: slice = slice(None), name: str = "培训花名册") -> Page:
    found = Page(name)
    found.put(1, 1, "填报单位：南关区残联    填报日期：2018年11月26日")
    for at, column in enumerate(columns, 1):
        for row, text in enumerate((column.path[-1], *column.cells[rows]), 2):
            found.put(row, at, text)
    found.header, found.bottom = (2, 2), found.last_row
    return found


def figures(content: bytes, suffix: str, programme: Programme) -> set[tuple[object, ...]]:
    """Who stands with which days, and who is returned."""
    file = Submission(f"2018-11/南关区培训.{suffix}", "", "2018-11", content)
    rows = part_of(file, programme)["rows"].to_pylist()
    return {(r["number"], r["unit"], r["start"], r["finish"], r["fault"]) for r in rows}


def spelt(columns: Columns, rng: Random) -> Columns:
    """Every header in other words."""
    found: Columns = []
    for column in columns:
        taken = {c.path for c in found}
        other = [w for w in zoo.ZOO["fields"][column.field] if (w,) not in taken]
        found.append(zoo.Column(column.field, (rng.choice(other),), column.cells))
    return found


def with_own(columns: Columns, rng: Random) -> Columns:
    """Columns of the county's own between the others."""
    found = list(columns)
    for header in rng.sample(sorted(zoo.ZOO["own"]), 4):
        made = own_columns.MAKERS[zoo.ZOO["own"][header]]
        nobody: Any = None  # what a county keeps for itself is nobody's own
        entry = Entry("training", UNIT, nobody, date(2018, 9, 3), date(2018, 9, 9), "", "")
        cells = tuple(made(rng, entry, HANDS[0]) for _ in columns[0].cells)
        found.insert(rng.randrange(len(found) + 1), zoo.Column("", (header,), cells))
    return found


def moved(columns: Columns, rng: Random) -> Columns:
    return rng.sample(columns, len(columns))


@pytest.mark.parametrize("change", [spelt, with_own, moved])
def test_words_own_columns_and_order_change_no_figure(
    change: Callable[[Columns, Random], Columns], programme: Programme
) -> None:
    columns = columns_of(programme)
    wanted = figures(containers.written([page(columns)], "xlsx", Random(0)), "xlsx", programme)
    assert sum(not line[-1] for line in wanted) == 6
    for seed in range(12):
        changed = change(columns, Random(seed))
        content = containers.written([page(changed)], "xlsx", Random(0))
        headers = [c.path[-1] for c in changed]
        assert figures(content, "xlsx", programme) == wanted, headers


def test_two_sheets_encodings_and_containers_change_no_figure(programme: Programme) -> None:
    columns = columns_of(programme)
    wanted = figures(containers.written([page(columns)], "xlsx", Random(0)), "xlsx", programme)
    halves = [page(columns, slice(0, 3), "培训一"), page(columns, slice(3, 8), "培训二")]
    for suffix in ("xlsx", "xls", "ods"):
        content = containers.written(halves, suffix, Random(0))
        assert figures(content, suffix, programme) == wanted, suffix
        content = containers.written([page(columns)], suffix, Random(0))
        assert figures(content, suffix, programme) == wanted, suffix
    for encoding in containers.ENCODINGS:
        content = containers.csv_of(page(columns), encoding)
        assert figures(content, "csv", programme) == wanted, encoding
    content = containers.written([page(columns)], "html", Random(0))
    assert figures(content, "html", programme) == wanted


def test_a_small_zoo_is_counted_whole_and_nothing_is_wrong_in_silence(programme: Programme) -> None:
    score = recognition.measured(programme, provinces=1, seed=40, units=20)
    assert score.persons["silent"] == 0, score.shown
    assert score.persons["after answers"] == score.persons["persons"] > 100, score.shown
    assert score.share("counted", "persons") >= 0.99, score.shown


def test_words_that_no_programme_was_told_are_asked_about_not_guessed(programme: Programme) -> None:
    score = recognition.measured(programme, provinces=1, seed=41, units=15, words="strange")
    assert score.persons["silent"] == 0, score.shown
    assert score.persons["after answers"] == score.persons["persons"] > 100, score.shown
