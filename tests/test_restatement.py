"""更正说明: a month, then a corrected month; exactly the causes planted are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document as Letter
from openpyxl import Workbook, load_workbook

from pipeline.ask import restatement
from pipeline.cli import cli
from pipeline.home import open_home
from pipeline.model.stop import Stop
from pipeline.run import run

PERIOD = "2018-11"
HEADER = ("姓名", "身份证号", "残疾人证号", "开班时间", "结业时间")


def number(first_17: str) -> str:
    """A made-up number with its check digit."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(first_17, weights, strict=True))
    return first_17 + "10X98765432"[total % 11]


STAYS, MENDED, GONE, NEW = (number(f"220122197803{n}024") for n in ("05", "11", "12", "14"))


def roster(home: Path, people: dict[str, str], day: str) -> None:
    """The county's whole return, later than any before: name -> number as filed."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["农安县2018年11月培训人员花名册"])
    sheet.append(["填报单位：农安县残疾人联合会", "", "", f"填报日期：{day}"])
    sheet.append(list(HEADER))
    for name, id_no in people.items():
        cert = f"{id_no if len(id_no) == 18 else MENDED}43"
        sheet.append([name, id_no, cert, "2018-09-01", "2018-09-15"])
    folder = home / "inbox" / PERIOD
    folder.mkdir(parents=True, exist_ok=True)
    book.save(folder / "农安县培训花名册.xlsx")


@pytest.fixture
def restated(home: Path) -> Path:
    """A month delivered twice: one mended, one gone, one new."""
    programme = open_home(home).programme()
    roster(home, {"甲某": STAYS, "乙某": MENDED[:-1], "丙某": GONE}, "2018-11-20")
    run(open_home(home), PERIOD, programme)
    roster(home, {"甲某": STAYS, "乙某": MENDED, "丁某": NEW}, "2018-11-25")
    run(open_home(home), PERIOD, programme)
    return home


def test_it_names_exactly_the_causes_planted(restated: Path) -> None:
    programme = open_home(restated).programme()
    period, found = restatement(restated / "outbox", "", programme)
    assert period == PERIOD
    own = [one for one in found if one.level == "county"]
    assert {(one.indicator, one.scope, one.old, one.new) for one in own} == {
        ("training", "year", "2", "3"),
        ("training", "cumulative", "2", "3"),
    }
    for one in found:
        assert sum(count for _, count in one.causes) == int(one.new) - int(one.old)
        kinds = sorted((what.partition("（")[0], count) for what, count in one.causes)
        assert kinds == sorted([("原名单已不在", -1), ("原退回", 1), ("新列入名单", 1)])


def test_it_is_written_for_the_agencies(restated: Path) -> None:
    result = CliRunner().invoke(cli, ["--home", str(restated), "restate", PERIOD])
    assert result.exit_code == 0, result.output
    folder = restated / "outbox" / "更正说明" / PERIOD
    words = [c.text for r in Letter(str(folder / "更正说明.docx")).tables[0].rows for c in r.cells]
    assert "农安县" in words
    assert any("新列入名单" in text for text in words)
    sheet = load_workbook(folder / "更正说明.xlsx").active
    assert sheet is not None
    lines = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[1]]
    assert ("农安县", "培训", "本年", "完成数", 2, 3) in [line[:6] for line in lines]
    assert MENDED not in result.output


def test_nothing_is_restated_where_nothing_changed(home: Path) -> None:
    programme = open_home(home).programme()
    roster(home, {"甲某": STAYS}, "2018-11-20")
    run(open_home(home), PERIOD, programme)
    with pytest.raises(Stop, match="只出过一次"):
        restatement(home / "outbox", PERIOD, programme)
    run(open_home(home), PERIOD, programme)
    assert restatement(home / "outbox", PERIOD, programme)[1] == []
