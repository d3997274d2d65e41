"""专项检查: a sample anybody can draw again, its workbooks, and its results dropped back into the inbox."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from delivered import MONTHS, csv_of, parquet_of
from drawing import id_no
from hypothesis import given, settings
from hypothesis import strategies as st
from months import month
from office import converted, needs_office
from openpyxl import load_workbook
from supervising import (
    EMPLOYED,
    PATH,
    PERIOD,
    TRAINED,
    employed,
    person,
    roster,
    supervised,
    trained,
)

from pipeline.ask import draw, inspection_papers
from pipeline.ask.sample_size import allotted, sample_size
from pipeline.cli import cli
from pipeline.home import Home, open_home
from pipeline.programme import Programme
from pipeline.run import run

LAST = MONTHS[-1]
PEOPLE = [person(n) for n in range(12)]
CRAFTS = ("刺绣", "剪纸")


def files_of_a_month(unit: str = "农安县") -> dict[str, bytes]:
    days, amounts = ("2018-09-01", "2018-10-08", "2018-10-22"), ("1100", "1250", "1400")
    named = [f"甲{chr(0x4E00 + n)}" for n in range(len(PEOPLE))]
    lists = {
        "培训": roster(unit, "培训", TRAINED, [(n, *r[1:4], CRAFTS[at // 7], *r[5:]) for at, (n, r) in enumerate(zip(named, trained(PEOPLE), strict=True))]),
        "就业": roster(unit, "就业", EMPLOYED, [(n, *r[1:]) for n, r in zip(named, employed(PEOPLE[:5], days, amounts), strict=False)]),
    }  # fmt: skip
    return {PATH.format(unit=unit, kind=kind): content for kind, content in lists.items()}


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one small month delivered; not to be changed."""
    folder = tmp_path_factory.mktemp("inspected")
    for path, content in files_of_a_month().items():
        file = folder / "inbox" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    run(open_home(folder), PERIOD, open_home(folder).programme())
    return folder


def called(home: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), *words])


def filled_in(content: bytes, answers: dict[str, dict[str, str]]) -> bytes:
    """A workbook of a sample with what an inspector chose: sheet -> header -> word, for every row."""
    book = load_workbook(io.BytesIO(content))
    for name, answer in answers.items():
        sheet = book[name]
        columns = {str(cell.value): n for n, cell in enumerate(sheet[3], 1)}
        for row in range(4, sheet.max_row + 1):
            for header, word in answer.items():
                cell = sheet.cell(row, columns[header])
                if cell.value != "不适用":
                    cell.value = word
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@settings(max_examples=100)
@given(st.integers(1, 10**6), st.integers(50, 99), st.integers(1, 49))
def test_a_sample_is_never_larger_than_its_population_and_grows_with_what_is_asked(
    population: int, confidence: int, margin: int
) -> None:
    size = sample_size(population, confidence, margin)
    assert 1 <= size <= population
    assert sample_size(population + 1, confidence, margin) >= size
    assert sample_size(population, confidence, min(margin + 1, 49)) <= size


@settings(max_examples=100)
@given(st.dictionaries(st.text(max_size=3), st.integers(0, 400), max_size=9), st.integers(0, 900), st.integers(0, 3))  # fmt: skip
def test_allotting_adds_up_and_takes_nobody_twice(
    counts: dict[str, int], total: int, least: int
) -> None:
    found = allotted(total, counts, least)
    first = sum(min(least, count) for count in counts.values())
    assert sum(found.values()) == min(max(total, first), sum(counts.values()))
    assert all(min(least, counts[key]) <= n <= counts[key] for key, n in found.items())


def test_the_sample_is_of_counted_persons_in_proportion(
    delivered: Home, programme: Programme
) -> None:
    sample = draw(delivered.outbox, LAST, 14, "", programme)
    figures = csv_of(delivered, LAST, "figures.csv")
    top = figures[(figures["level"] == "province") & (figures["scope"] == "year")]
    for indicator, counted in zip(top["indicator"], top["counted"], strict=True):
        own = [c for (name, _, _), c in sample.strata.items() if name == indicator]
        assert sum(persons for persons, _ in own) == counted
        assert sum(drawn for _, drawn in own) == max(sample_size(counted, 95, 5), len({u for n, u, _ in sample.strata if n == indicator}))  # fmt: skip
    rows = parquet_of(delivered, LAST, "rows.parquet").set_index("place")
    fates = rows.loc[[one.row["place"] for one in sample.persons], ["fate", "begun"]]
    assert set(map(tuple, fates.to_numpy())) == {("counted", LAST[:4])}
    who = Counter((one.row["indicator"], one.row["person"]) for one in sample.persons)
    assert max(who.values()) == 1


def test_the_same_seed_and_month_give_the_same_bytes_another_seed_others(
    inspected: Path, programme: Programme, templates: Path
) -> None:
    def papers(seed: int) -> dict[str, bytes]:
        sample = draw(inspected / "outbox", "", seed, "6", programme)
        return {p.path: p.content for p in inspection_papers(sample, programme, templates)}

    assert papers(1) == papers(1)
    assert papers(1) != papers(2)


def test_everybody_has_her_chance_whatever_her_craft(inspected: Path, programme: Programme) -> None:
    drawn = Counter(
        one.row["place"]
        for seed in range(60)
        for one in draw(inspected / "outbox", "", seed, "3", programme).persons
        if one.row["indicator"] == "training"
    )
    assert len(drawn) == len(PEOPLE)
    assert sum(drawn.values()) == 60 * 3
    assert 5 < min(drawn.values()) <= max(drawn.values()) < 30  # 15 each


def test_the_workbooks_hold_no_whole_number_and_can_be_chosen_in(
    inspected: Path, tmp_path: Path
) -> None:
    result = called(inspected, "inspect", PERIOD, "--seed", "3", "--size", "50%", "--to", str(tmp_path))  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "培训已计入 12 人，应抽 6 人，实抽 6 人" in result.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["220122_农安县_专项检查表.xlsx", "抽样说明.xlsx"]  # fmt: skip
    book = load_workbook(tmp_path / "220122_农安县_专项检查表.xlsx")
    texts = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]
    assert not {id_no(first) for first, _ in PEOPLE} & set(texts)
    assert [c.value for c in book["现场检查"][3]][9:14] == ["签到表", "现场照片", "培训证书", "劳动合同或协议", "工资（报酬）发放表"]  # fmt: skip
    chosen = {str(v.sqref): v.formula1 for v in book["现场检查"].data_validations.dataValidation}
    last = book["现场检查"].max_row
    assert chosen[f"J4:J{last}"] == '"有,不全,无,不适用"'
    assert (tmp_path / "220122_农安县_专项检查表.xlsx").stat().st_mode & 0o077 == 0
    again = called(inspected, "inspect", PERIOD, "--seed", "3", "--size", "50%", "--to", str(tmp_path))  # fmt: skip
    assert again.exit_code == 0, again.output
    other = called(inspected, "inspect", PERIOD, "--seed", "4", "--size", "50%", "--to", str(tmp_path))  # fmt: skip
    assert other.exit_code == 2
    assert "可能有人填过" in other.output


PHONE = {"接通情况": "本人接听", "电话核查结论": "属实", "检查人": "赵某", "检查日期": "2018-12-06"}
SPOT = {"签到表": "有", "现场照片": "不全", "劳动合同或协议": "有", "现场检查结论": "不属实", "说明": "没有参加过", "检查日期": "2018年12月7日"}  # fmt: skip


def results_of(home: Path, programme: Programme, templates: Path) -> bytes:
    sample = draw(home / "outbox", PERIOD, 5, "4", programme)
    (sheet, _) = inspection_papers(sample, programme, templates)
    return filled_in(sheet.content, {"电话核查": PHONE, "现场检查": SPOT})


def test_results_dropped_back_are_joined_to_persons(
    inspected: Path, tmp_path: Path, programme: Programme, templates: Path
) -> None:
    before = csv_of(Home(inspected), PERIOD, "figures.csv")
    shutil.copytree(inspected, tmp_path, dirs_exist_ok=True)
    results = tmp_path / "inbox" / "随便叫什么.xlsx"
    results.write_bytes(results_of(inspected, programme, templates))
    figures, _ = run(open_home(tmp_path), PERIOD, programme)
    (entry,) = [i for i in figures.inputs if i.path == "随便叫什么.xlsx"]
    assert entry.status == "inspections"
    home = Home(tmp_path)
    found = csv_of(home, PERIOD, "inspections.csv")
    assert Counter(zip(found["indicator"], found["way"], found["verdict"], strict=True)) == {
        (indicator, way, verdict): 4
        for indicator in ("training", "employment")
        for way, verdict in (("phone", "sound"), ("on_site", "unsound"))
    }
    assert set(found["state"]) == {"counted"}
    assert set(found["day"]) == {"2018-12-06", "2018-12-07"}
    trained_on_site = found[(found["way"] == "on_site") & (found["indicator"] == "training")]
    assert set(trained_on_site["archives"]) == {"sign_in=有;photographs=不全"}
    rows = parquet_of(home, PERIOD, "rows.parquet")
    listed = ["listed_file", "listed_sheet", "listed_row"]
    at = found.merge(rows, left_on=listed, right_on=["file", "sheet", "row"])
    assert list(at["id_no"].astype(str)) == list(at["number"])
    assert len(at) == len(found)
    own = csv_of(home, PERIOD, "performance.csv").query("unit == '220122' and part == 'inspected'")
    assert own["why"].item() == "查了 8 人，属实 0 人"
    pd.testing.assert_frame_equal(before, csv_of(home, PERIOD, "figures.csv"))
    page = (home.outbox / PERIOD / "index.html").read_text(encoding="utf-8")
    assert "专项检查查出不属实 8 条" in page
    sheet = load_workbook(home.outbox / PERIOD / "绩效评价.xlsx")["专项检查"]
    assert sheet.max_row == 3 + len(found)


def test_what_cannot_be_understood_or_joined_is_said(
    inspected: Path, programme: Programme, templates: Path
) -> None:
    book = load_workbook(io.BytesIO(results_of(inspected, programme, templates)))
    sheet = book["电话核查"]
    columns = {str(cell.value): n for n, cell in enumerate(sheet[3], 1)}
    sheet.cell(4, columns["姓名"]).value = "没有这人"
    sheet.cell(5, columns["电话核查结论"]).value = "差不多"
    sheet.cell(6, columns["电话核查结论"]).value = None
    out = io.BytesIO()
    book.save(out)
    files = {**files_of_a_month(), f"{PERIOD}/检查结果.xlsx": out.getvalue()}
    found = supervised(files, programme).inspections.to_pylist()
    by_phone = [line for line in found if line["way"] == "phone"]
    assert Counter(line["state"] for line in by_phone) == {"counted": 5, "unknown": 1}
    (unread,) = [i for i in month(files, programme, PERIOD).issues if i.rule == "U12"]
    assert (unread.file, unread.sheet, unread.row) == (
        f"{PERIOD}/检查结果.xlsx",
        "电话核查",
        5,
    )


def test_a_workbook_that_nobody_filled_in_says_nothing(
    inspected: Path, programme: Programme, templates: Path
) -> None:
    sheet, _ = inspection_papers(draw(inspected / "outbox", PERIOD, 5, "4", programme), programme, templates)  # fmt: skip
    files = {**files_of_a_month(), f"{PERIOD}/检查结果.xlsx": sheet.content}
    assert supervised(files, programme).inspections.num_rows == 0


WRITTEN = {"情况属实。": "sound", " 不 实": "unsound", "联系不上": "open", "待核实": "open"}


def test_what_inspectors_write_by_hand_is_understood(
    inspected: Path, programme: Programme, templates: Path
) -> None:
    sheet, _ = inspection_papers(draw(inspected / "outbox", PERIOD, 5, "4", programme), programme, templates)  # fmt: skip
    book = load_workbook(io.BytesIO(filled_in(sheet.content, {"电话核查": PHONE})))
    calls = book["电话核查"]
    at = {str(cell.value): n for n, cell in enumerate(calls[3], 1)}["电话核查结论"]
    rows = dict(zip(range(4, calls.max_row + 1), WRITTEN, strict=False))
    assert len(rows) == len(WRITTEN)
    for row, word in rows.items():
        calls.cell(row, at).value = word
    out = io.BytesIO()
    book.save(out)
    files = {**files_of_a_month(), f"{PERIOD}/检查.xlsx": out.getvalue()}
    found = supervised(files, programme).inspections.to_pylist()
    verdicts = {line["row"]: line["verdict"] for line in found if line["row"] in rows}
    assert verdicts == {row: WRITTEN[word] for row, word in rows.items()}


@needs_office
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_results_saved_otherwise_are_known_too(
    kind: str, inspected: Path, tmp_path: Path, programme: Programme, templates: Path
) -> None:
    file = tmp_path / "检查.xlsx"
    file.write_bytes(results_of(inspected, programme, templates))
    files = {
        **files_of_a_month(),
        f"{PERIOD}/检查.{kind}": converted(file, tmp_path, kind).read_bytes(),
    }
    found = supervised(files, programme).inspections.to_pylist()
    assert len(found) == 16
    assert {line["state"] for line in found} == {"counted"}


@pytest.mark.parametrize("size", ["0", "101%", "一半", "-3"])
def test_a_size_that_is_none_is_refused(inspected: Path, size: str) -> None:
    result = called(inspected, "inspect", PERIOD, "--seed", "3", f"--size={size}")
    assert result.exit_code == 2
    assert "请写成 200 或 10%" in result.output
