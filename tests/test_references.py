"""Reference lists in the inbox: recognised by content, held against the rosters, nobody uncounted by them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from drawing import id_no, workbook
from months import Worked, filed, month, submissions, worked

from pipeline.home import built_in, open_home
from pipeline.model import Issue, Submission
from pipeline.month import newest_period
from pipeline.programme import Programme, ProgrammeFault, load_programme
from pipeline.read.part import part_of
from pipeline.run import run

WANG, LI, ZHAO, SUN = (id_no(f"220102197803{n:02d}002") for n in range(1, 5))
ROSTER = f"""
== 培训花名册
填报单位：南关区残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | {WANG} | {WANG}43 | 是 | 2018-09-03 | 2018-09-07
李桂兰 | 女 | {LI} | {LI}31 | 是 | 2018-09-03 | 2018-09-07
赵玉梅 | 女 | {ZHAO} | {ZHAO}42B1 | 是 | 2018-09-03 | 2018-09-07
"""
STATES = f"""
吉林省残疾人证状态名单
制表日期：2018年11月20日
序号 | 姓名 | 残疾人证号 | 残疾类别 | 证件状态 | 状态日期
1 | 王秀英 | {WANG}43 | 肢体 | 死亡 | 2018-08-01
2 | 李桂兰 | {LI}31 | 听力 | 注销 | 2018-10-15
3 | 赵玉梅 | {ZHAO}42 | 肢体 | 迁出 |
4 | 孙丽华 | {SUN}42 | 肢体 | 正常 | 2016-01-01
5 | 某某 | 22010219780 | 肢体 | 正常 |
"""
POOR = f"""
省 | 市 | 县 | 户编号 | 姓名 | 证件号码 | 与户主关系 | 致贫原因
吉林省 | 长春市 | 南关区 | 1001 | 王秀英 | {WANG}43 | 户主 | 因残
吉林省 | 长春市 | 南关区 | 1002 | 李桂兰 | {LI} | 配偶 | 因病
"""


def worked_with(files: dict[str, str], programme: Programme) -> Worked:
    """The month of the roster with these lists beside it; made once for all that ask for the same."""
    key = tuple(files.items())
    if key not in _WORKED:
        pictures = {"2018-11/南关.xlsx": ROSTER} | files
        whole = {path: workbook(picture) for path, picture in pictures.items()}
        with filed(submissions(whole, "2018-11"), programme) as parts:
            _WORKED[key] = worked(parts, programme, "2018-11", with_tables=False)
    return _WORKED[key]


_WORKED: dict[tuple[tuple[str, str], ...], Worked] = {}


def issues(files: dict[str, str], programme: Programme) -> list[Issue]:
    lists = {r.unlisted for r in programme.references}
    lists |= {m.rule for r in programme.references for m in r.meanings}
    return [i for i in worked_with(files, programme).claims.issues if i.rule in lists]


def found_by(files: dict[str, str], programme: Programme) -> list[tuple[str, str]]:
    return [(i.rule, i.cell) for i in issues(files, programme)]


def reason(files: dict[str, str], programme: Programme, path: str) -> tuple[str, str]:
    inputs = worked_with(files, programme).figures.inputs
    (entry,) = [i for i in inputs if i.path == path]
    return entry.status, entry.reason


def test_who_died_before_the_course_is_doubtful_who_lost_it_later_is_not(
    programme: Programme,
) -> None:
    """李桂兰's certificate was cancelled after she had finished; 赵玉梅's list gives no date."""
    found = issues({"残联名单.xlsx": STATES}, programme)
    assert [(i.rule, i.cell, i.severity) for i in found] == [
        ("U20", "D3", "warning"),
        ("U22", "D5", "warning"),
    ]
    assert "死亡" in found[0].message
    assert "2018-08-01" in found[0].message
    assert "名单未写日期" in found[1].message


def test_a_list_uncounts_nobody(programme: Programme) -> None:
    table = worked_with({"残联名单.xlsx": STATES}, programme).figures.table
    assert set(table.loc[table["level"] == "province", "counted"]) == {3, 0}


def test_a_list_is_said_to_be_what_it_is_with_what_it_came_to(programme: Programme) -> None:
    status, why = reason({"残联名单.xlsx": STATES}, programme, "残联名单.xlsx")
    assert status == "not_a_return"
    assert why == (
        "参考名单：残疾人证状态名单，4 人，与花名册匹配 3 人，其中须核实 2 人，另有 1 行证号读不出"
    )


def test_a_list_sets_no_period_and_is_no_return(programme: Programme) -> None:
    files = {"2018-11/南关.xlsx": workbook(ROSTER), "2019-03/2019年3月名单.xlsx": workbook(STATES)}
    with filed(submissions(files), programme) as parts:
        assert newest_period(parts) == "2018-11"


@pytest.mark.parametrize("title", ["2018年死亡残疾人名单", "南关区死亡注销残疾人证名册"])
def test_a_status_in_the_title_holds_for_all(title: str, programme: Programme) -> None:
    listed = f"{title}\n姓名 | 残疾人证号\n王秀英 | {WANG}43"
    assert found_by({"名单.xlsx": listed}, programme) == [("U20", "D3")]


def test_who_is_not_on_the_poor_list_is_named_the_others_are_verified(programme: Programme) -> None:
    assert found_by({"扶贫办.xlsx": POOR}, programme) == [("U21", "C5")]
    (found,) = worked_with({"扶贫办.xlsx": POOR}, programme).claims.register.compared
    assert (found.matched, found.unlisted, dict(found.verified)) == (2, 1, {"training": 2})


def test_a_list_of_another_county_says_nothing_of_ours(programme: Programme) -> None:
    strangers = f"敦化市建档立卡贫困人口名单\n姓名 | 身份证号 | 户编号\n孙丽华 | {SUN} | 1"
    assert found_by({"名单.xlsx": strangers}, programme) == []


def test_the_newest_list_stands(programme: Programme) -> None:
    newer = STATES.replace("死亡", "正常").replace("2018年11月20日", "2018年11月25日")
    assert found_by({"a.xlsx": newer, "b.xlsx": STATES}, programme) == [("U22", "D5")]
    assert (
        "已由较新的 a.xlsx 替代"
        in reason({"a.xlsx": newer, "b.xlsx": STATES}, programme, "b.xlsx")[1]
    )


def test_lists_of_different_statuses_stand_side_by_side(programme: Programme) -> None:
    dead = f"死亡残疾人名单\n姓名 | 残疾人证号\n王秀英 | {WANG}43"
    gone = f"迁出残疾人名单\n姓名 | 残疾人证号\n李桂兰 | {LI}31"
    assert found_by({"a.xlsx": dead, "b.xlsx": gone}, programme) == [("U20", "D3"), ("U22", "D4")]


def test_of_two_lines_about_one_person_the_later_holds(programme: Programme) -> None:
    renewed = STATES + f"6 | 王秀英 | {WANG}43 | 肢体 | 换领 | 2018-08-20"
    assert found_by({"名单.xlsx": renewed}, programme) == [("U22", "D5")]


def read_from(picture: str, programme: Programme) -> Mapping[str, pa.Table]:
    """The part of a county's workbook."""
    file = Submission("2018-11/南关.xlsx", "0", "2018-11", workbook(picture))
    return part_of(file, programme)


@pytest.mark.parametrize("lost", ["开班时间", "结业时间"])
def test_a_roster_with_a_column_without_a_name_stays_a_roster(
    lost: str, programme: Programme
) -> None:
    titled = ROSTER.replace("填报单位", "南关区建档立卡贫困残疾妇女培训花名册\n填报单位")
    read = read_from(titled.replace(lost, "甲"), programme)
    # the days tell the column without a name
    assert [i["kinds"] for i in read["inputs"].to_pylist()] == ["training"]
    assert (len(read["rows"]), len(read["references"])) == (3, 0)


def test_a_list_beside_a_roster_in_one_workbook_hides_no_roster(programme: Programme) -> None:
    both = ROSTER + "== 死亡名单\n姓名 | 残疾人证号\n某某 | " + SUN + "42"
    assert len(read_from(both, programme)["rows"]) == 3


def test_a_meaning_must_name_a_rule_that_is_there(tmp_path: Path) -> None:
    schemas = tmp_path / "schemas"
    for file in built_in("schemas").rglob("*"):
        if file.is_file():
            copy = schemas / file.relative_to(built_in("schemas"))
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    toml = schemas / "handcraft" / "programme.toml"
    text = toml.read_text(encoding="utf-8").replace('rule = "U22"', 'rule = "U99"')
    toml.write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeFault, match=r"programme\.toml 第 \d+ 行：.*没有规则 U99"):
        load_programme(schemas, "handcraft")


def test_the_page_says_what_the_lists_came_to(home: Path, programme: Programme) -> None:
    for path, picture in {
        "2018-11/南关.xlsx": ROSTER,
        "名单.xlsx": STATES,
        "贫.xlsx": POOR,
    }.items():
        file = home / "inbox" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(workbook(picture))
    _, receipt = run(open_home(home), "", programme)
    page = (receipt.folder / "index.html").read_text(encoding="utf-8")
    assert "残疾人证状态名单" in page
    assert "建档立卡名单" in page
    assert WANG not in page


def test_a_list_of_a_province_is_read_whole(programme: Programme) -> None:
    """Tens of thousands of lines: as many persons, whatever order they stand in."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    sheet.append(["残疾人证状态名单"])
    sheet.append(["姓名", "残疾人证号", "证件状态", "状态日期"])
    for n in range(20_000):
        number = id_no(
            f"2202{n % 90 + 10:02d}19{n % 60 + 40:02d}0{n % 9 + 1}{n % 28 + 1:02d}{n % 999:03d}"
        )
        sheet.append(["某某", f"{number}43", "正常", "2016-01-01"])
    sheet.append(["王秀英", f"{WANG}43", "死亡", "2018-08-01"])
    out = io.BytesIO()
    book.save(out)
    files = {"2018-11/南关.xlsx": workbook(ROSTER), "名单.xlsx": out.getvalue()}
    entry = next(i for i in month(files, programme, "2018-11").inputs if i.path == "名单.xlsx")
    assert entry.reason.startswith("参考名单：残疾人证状态名单，20001 人，与花名册匹配 1 人")


def test_a_unit_of_which_a_list_names_nobody_is_not_verified_and_no_more(
    programme: Programme,
) -> None:
    """As where one county's list says nowhere whose it is."""
    other = ROSTER.replace("南关区", "敦化市").replace(WANG, SUN).replace(LI, ZHAO)
    files = {"扶贫办.xlsx": POOR, "2018-11/敦化.xlsx": other}
    assert [i.unit for i in issues(files, programme)] == ["220102"]
