"""Rules over whole returns: an error of theirs sends its rows back before anybody is counted."""

from __future__ import annotations

from datetime import date

import pytest
from drawing import id_no, workbook
from months import Worked, filed, submissions, worked

from pipeline.model import Severity
from pipeline.programme import Programme
from pipeline.programme.rules import read_rule
from pipeline.programme.waivers import Waiver

WOMEN = tuple(id_no(f"220102197803{n:02d}002") for n in range(1, 8))
HEADER = "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 联系电话 | 开班时间 | 结业时间"
PERIOD, SHARED, OTHER = "2018-11", "13844445555", "13944445555"


def roster(*women: str, phone: str = SHARED) -> bytes:
    lines = ["填报单位：南关区残联 | | 填报日期：2018年11月26日", HEADER]
    lines += [
        f"王秀{'英兰芝梅云红霞'[WOMEN.index(w)]} | 女 | {w} | {w}43 | 是 | {phone} | 2018-09-03 | 2018-09-07"
        for w in women
    ]
    return workbook("== 培训\n" + "\n".join(lines))


@pytest.fixture
def strict(programme: Programme) -> Programme:
    """The programme in which a telephone shared by five is an error."""
    return programme.with_severity("R50", Severity.ERROR)


def month(files: dict[str, bytes], programme: Programme, *waivers: Waiver) -> Worked:
    with filed(submissions(files), programme) as parts:
        return worked(parts, programme, PERIOD, waivers, with_tables=False)


def counted(found: Worked) -> int:
    return int((found.claims.rows["fate"] == "counted").sum())


def findings_at(found: Worked) -> list[tuple[str, str, str]]:
    return [(i.severity, i.file, i.cell) for i in found.figures.issues if i.rule == "R50"]


def test_an_error_over_a_whole_return_sends_its_rows_back(strict: Programme) -> None:
    found = month({"2018-11/a.xlsx": roster(*WOMEN[:5])}, strict)
    (entry,) = found.figures.inputs
    assert (entry.rows_read, entry.returned, entry.counted) == (5, 5, 0)
    assert findings_at(found) == [("error", "2018-11/a.xlsx", f"F{row}") for row in range(3, 8)]


def test_a_return_may_lie_in_several_files(strict: Programme) -> None:
    files = {
        "2018-11/a.xlsx": roster(*WOMEN[:3]),
        "2018-11/b.xlsx": roster(*WOMEN[3:5]),
        "2018-11/c.xlsx": roster(*WOMEN[5:], phone=OTHER),
    }
    found = month(files, strict)
    assert counted(found) == 2
    assert len(findings_at(found)) == 5


def test_four_may_share_a_telephone(strict: Programme) -> None:
    found = month({"2018-11/a.xlsx": roster(*WOMEN[:4])}, strict)
    assert (counted(found), findings_at(found)) == (4, [])


def test_what_a_newer_return_no_longer_says_breaks_nothing(strict: Programme) -> None:
    files = {
        "2018-10/a.xlsx": roster(*WOMEN[:5]),
        "2018-11/a.xlsx": roster(*WOMEN[:4]),
    }
    assert counted(month(files, strict)) == 4


def test_a_waiver_reaches_it(strict: Programme) -> None:
    waiver = Waiver("R50", "同一残疾人托养机构", "张主任", date(2018, 12, 31), person=WOMEN[0])
    found = month({"2018-11/a.xlsx": roster(*WOMEN[:5])}, strict, waiver)
    assert counted(found) == 1
    assert [severity for severity, _, _ in findings_at(found)] == ["info", *["error"] * 4]
    assert "U08" not in {i.rule for i in found.figures.issues}


def test_a_warning_counts_and_is_listed(programme: Programme) -> None:
    found = month({"2018-11/a.xlsx": roster(*WOMEN[:5])}, programme)
    assert counted(found) == 5
    assert [severity for severity, _, _ in findings_at(found)] == ["warning"] * 5


def test_what_one_row_shows_is_held_with_the_rows() -> None:
    entry = {
        "code": "R99", "severity": "error", "tier": "return", "check": "begun_in_return_year",
        "field": "started_on", "message": "年度不符", "source": "测试",
        "bad": [{"started_on": "2017-01-01"}],
    }  # fmt: skip
    rule, wrong = read_rule(entry)
    assert rule is not None
    assert (rule.tier, wrong) == ("row", [])
