"""溯源: a cell lists as many persons as it prints, each at a real cell of a real file; a row its figures."""

from __future__ import annotations

import json
import re
import zipfile
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from delivered import MONTHS, SUMMARY, csv_of, parquet_of, summary_of
from months import inputs
from openpyxl import load_workbook

from pipeline.ask import Lineage, Tracer, fates_in, lineage, made_of_rows, newest
from pipeline.cli import cli
from pipeline.home import Home
from pipeline.model import Grid
from pipeline.numbers import compact_no
from pipeline.office.places import column_number
from pipeline.office.read import Unreadable, read_grids
from pipeline.programme import Programme

LAST = MONTHS[-1]


@cache
def grids(inbox: Path) -> dict[tuple[str, str], Grid]:
    """Every sheet of every file that can be read, by path below the inbox and name."""
    found: dict[tuple[str, str], Grid] = {}
    for file in inputs(inbox, LAST):
        try:
            found |= {(file.path, grid.name): grid for grid in read_grids(file.content)}
        except Unreadable:  # gives no rows
            continue
    return found


@pytest.fixture(scope="module")
def tracer(delivered: Home, programme: Programme) -> Tracer:
    """The last month, opened once for all questions."""
    return Tracer(newest(delivered.outbox, LAST), programme)


def assert_each_lies_in_its_file(found: Lineage, sheets: dict[tuple[str, str], Grid]) -> None:
    """Each row is a row of a real file, and the cell named is the one that says who she is."""
    for row in found.rows:
        grid = sheets[row["file"], row["sheet"]]
        if row["number_at"] and row["number"]:
            shown = grid.cells[row["row"], column_number(row["number_at"])].text
            assert compact_no(shown).startswith(row["number"]), (row["file"], row["row"])
        else:
            assert any(at == row["row"] for at, _ in grid.cells), (row["file"], row["row"])


DRAWN = pytest.mark.parametrize("draws", [60, pytest.param(300, marks=pytest.mark.thorough)])


@DRAWN
def test_random_cells_list_as_many_persons_as_they_print(
    draws: int, delivered: Home, tracer: Tracer
) -> None:
    cells = csv_of(delivered, LAST, "cells.csv")
    by_rows = cells[
        (cells["file"] == SUMMARY)
        & cells["measure"].map(
            lambda m: (
                made_of_rows(m) and m != "rate" and not m.endswith(":share") and m[:6] != "amount"
            )
        )
    ]
    workbook, sheets = summary_of(delivered, LAST), grids(delivered.inbox)
    chosen = Random(14).sample(range(len(by_rows)), draws)
    for _, cell in by_rows.iloc[chosen].iterrows():
        printed = workbook[cell["sheet"]][cell["cell"]].value
        place = f"{SUMMARY}!{cell['sheet']}!{cell['cell']}"
        found = tracer.lineage((place,))
        assert len(found.rows) == abs(printed), place
        assert_each_lies_in_its_file(found, sheets)


def test_every_number_of_the_summary_is_a_figure_that_can_be_asked(delivered: Home) -> None:
    workbook = summary_of(delivered, LAST)
    cells = csv_of(delivered, LAST, "cells.csv")
    known = set(zip(cells["sheet"], cells["cell"], strict=True))
    for sheet in ("汇总表", "差异桥", "报送情况"):
        numbers = [c for row in workbook[sheet].iter_rows(min_row=4) for c in row if isinstance(c.value, int | float)]  # fmt: skip
        assert len(numbers) > 500
        assert [c.coordinate for c in numbers if (sheet, c.coordinate) not in known] == []


def test_what_is_left_out_and_what_counts_are_all_rows_of_the_unit(
    delivered: Home, programme: Programme
) -> None:
    found = lineage(delivered.outbox, ("延吉市", "培训", "2018"), LAST, programme)
    rows = parquet_of(delivered, LAST, "rows.parquet")
    own = rows[(rows["entity"] == "222401") & (rows["indicator"] == "training") & (rows["begun"] == "2018") & (rows["fate"] != "superseded")]  # fmt: skip
    assert {r["place"] for r in (*found.rows, *found.left)} == set(own["place"])


@DRAWN
def test_random_rows_say_what_the_books_say(
    draws: int, delivered: Home, programme: Programme, tracer: Tracer
) -> None:
    rows = parquet_of(delivered, LAST, "rows.parquet").set_index("place", drop=False)
    rows = rows[rows["sheet"] != ""]
    for place in Random(14).sample(sorted(rows["place"]), draws):
        row = rows.loc[place]
        where = f"{row['file']}!{row['sheet']}!{row['row']}"
        (fate,) = [f for f in fates_in(tracer, where) if f.row["place"] == place]
        assert fate.row["fate"] == row["fate"]
        yearly = [c for c in fate.cells if c.scope == "year"]
        assert bool(yearly) == (row["fate"] == "counted" and row["begun"] == LAST[:4])
        if yearly and programme.gazetteer.is_county(row["entity"]):
            assert {c.unit for c in yearly} >= {row["entity"], programme.gazetteer.top}
        if row["fate"] == "returned" and not fate.why:
            assert row["file"].startswith(MONTHS[0])
        for cell in fate.cells:
            assert place in {r["place"] for r in tracer.lineage((cell.place,)).rows}, cell.place


def test_the_sheet_of_sources_points_at_the_figure_and_at_its_persons(delivered: Home) -> None:
    folder = delivered.outbox / LAST
    lists = pd.read_excel(folder / "完成名单.xlsx", sheet_name=None, header=None, engine="calamine")
    calamine: Any = {"header": None, "engine": "calamine"}
    sheet = pd.read_excel(folder / SUMMARY, sheet_name="溯源", **calamine).iloc[5:-1]
    summary = pd.read_excel(folder / SUMMARY, sheet_name="汇总表", **calamine)
    formulas = load_workbook(folder / SUMMARY)["溯源"]
    pointed = 0
    for at, line in sheet.iterrows():
        for counted, figure, people in ((1, "C", "培训人员名单"), (6, "K", "就业人员名单")):
            row = int(str(at))
            assert f"汇总表'!{figure}\"&ROW()" in str(formulas.cell(row + 1, counted + 2).value)
            assert summary.loc[row, 0] == line[0]
            assert summary.loc[row, 2 if figure == "C" else 10] == line[counted]
            if pd.notna(line[counted + 2]):
                units = lists[people].loc[line[counted + 2] - 1 : line[counted + 3] - 1, 2]
                assert len(units) == line[counted]
                pointed += set(units) == {line[0]}
    assert pointed > 100


def test_what_agencies_are_sent_leads_nowhere_they_may_not_go(delivered: Home) -> None:
    """No link to rows of the full list, no formula without its value, no command or table of ours."""
    sent = sorted((delivered.outbox / LAST / "报送").glob("*/附件1*.xlsx"))
    assert len(sent) == 3
    book = load_workbook(sent[0])
    assert [*book.sheetnames, "溯源"] == load_workbook(delivered.outbox / LAST / SUMMARY).sheetnames
    assert book["汇总表"].print_title_rows == "$1:$5"
    with zipfile.ZipFile(sent[0]) as package:
        texts = "".join(package.read(n).decode() for n in package.namelist() if n.endswith("xml"))
        types = package.read("[Content_Types].xml").decode()
    # Excel calls a package damaged in which a part has no type
    assert {"rels", "xml"} <= set(re.findall(r'<Default Extension="(\w+)"', types))
    assert "溯源" not in texts
    for sheet in book.worksheets:
        for cell in (c for row in sheet.iter_rows() for c in row if isinstance(c.value, str)):
            assert cell.data_type != "f", (sheet.title, cell.coordinate)
            assert not any(ours in cell.value for ours in ("pipeline", "data/", ".xlsx")), (  # type: ignore[operator]
                cell.value
            )
    assert len({file.read_bytes() for file in sent}) == 1


def test_explain_masks_numbers(delivered: Home) -> None:
    runner = CliRunner()
    home = ["--home", str(delivered.outbox.parent)]
    shown = runner.invoke(cli, [*home, "explain", f"{SUMMARY}!C6"])
    assert shown.exit_code == 0, shown.output
    numbers = set(parquet_of(delivered, LAST, "rows.parquet")["number"]) - {""}
    assert not any(number in shown.output for number in numbers)
    as_json = json.loads(runner.invoke(cli, [*home, "explain", "吉林省", "培训", "--json"]).output)
    assert as_json["count"] == len(as_json["rows"])


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("全省汇总表.xlsx!A1",), "不是能溯源的数"),
        (("延吉市", "培训", "胡说"), "不是单位"),
        (("延吉市", "2018"), "要写单位和指标"),
    ],
)
def test_what_cannot_be_asked_is_said(delivered: Home, words: tuple[str, ...], shown: str) -> None:
    result = CliRunner().invoke(cli, ["--home", str(delivered.outbox.parent), "explain", *words])
    assert result.exit_code == 2
    assert shown in result.output
