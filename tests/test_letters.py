"""The letters of one month: which fits whom, what each says, and what none ever says."""

from __future__ import annotations

import io
import re
from pathlib import Path

import lxml.html
import openpyxl
import pytest
from click.testing import CliRunner
from drawing import drop, id_no, text_of_word
from office import converted, needs_office

from pipeline.cli import cli

HEADER = "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间"
HEAD = "== 培训\n填报单位：{unit} | | 填报日期：2018年{month}月26日\n"
TASKS = """
全省任务分解表
地区 | 培训任务 | 就业任务
 | 2018年 | 2018年
全省合计 | #20 | #0
长春市 | #20 | #0
南关区 | #4 | #0
宽城区 | #8 | #0
农安县 | #8 | #0
"""
LONG, TOWN = "前郭尔罗斯蒙古族自治县", "贫困残疾妇女手工制作培训人员花名册第{}乡镇"


def her(n: int, *, gender: str = "女", end: str = "2018-09-10", poor: str = "是") -> str:
    number = id_no(f"22012219{78 + n // 36}{1 + n % 12:02d}{10 + n % 18:02d}002")
    return f"王秀英 | {gender} | {number} | {number}43 | {poor} | 2018-09-01 | {end}"


def roster(unit: str, *rows: str, month: int = 11) -> str:
    return "\n".join([HEAD.format(unit=unit, month=month) + HEADER, *rows])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """农安县 filed for October alone; 南关区 has rows returned, one of a man; 宽城区 only questions;
    德惠市 nothing to be said of; 榆树市 and 朝阳区 stand in a bundle of 长春市; 九台区 sent an empty form,
    吉林市 a roster of its own; 双阳区 has filed again, mended; 前郭 sent six townships' files with long names,
    the ineligible among them, and the contact takes two lines."""
    home = tmp_path_factory.mktemp("home")
    inbox = home / "inbox"
    drop(inbox, "全省任务分解表.xlsx", TASKS)
    drop(
        inbox, "2018-10/农安旧表.xlsx", roster("农安县", her(1), her(2, end="2018-08-01"), month=10)
    )
    wrong = her(4, end="2018-08-01")
    drop(inbox, "2018-11/南关.xlsx", roster("南关区", her(3), wrong, her(5, gender="男")))
    drop(inbox, "2018-11/宽城.xlsx", roster("宽城区", her(6), her(7, poor="")))
    drop(inbox, "2018-11/德惠.xlsx", roster("德惠市", her(8)))
    drop(inbox, "2018-11/九台.xlsx", roster("九台区"))
    drop(inbox, "2018-11/吉林市本级.xlsx", roster("吉林市", her(11)))
    drop(inbox, "2018-11/双阳.xlsx", roster("双阳区", her(12), her(13, end="2018-08-01")))
    drop(inbox, "2018-11/双阳（修改后）.xlsx", roster("双阳区", her(12), her(13)))
    faults = ("2018-09-10", "2018-08-01", "待定")
    for nth in range(6):
        rows = [her(20 + nth * 6 + n, end=faults[n % 3]) for n in range(3)]
        rows += [her(20 + nth * 6 + 3 + n, gender="男") for n in range(3)]
        drop(inbox, f"2018-11/{LONG}{TOWN.format(nth)}.xlsx", roster(LONG, *rows))
    bundle = ["== 培训", "填报单位：长春市 | | 填报日期：2018年11月26日", f"县(市、区) | {HEADER}"]
    bundle += [f"榆树市 | {her(9, end='2018-08-01')}", f"朝阳区 | {her(10)}"]
    drop(inbox, "2018-11/长春汇总.xlsx", "\n".join(bundle))
    contact = 'name = "欧阳某某某"\nphone = "0431-80000000转8001"\nsend_to = "funvbaozhang@example.gov.cn"'
    (home / "pipeline.toml").write_text(f"[contact]\n{contact}\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["run", "2018-11", "--home", str(home)])
    assert result.exit_code == 1, result.output
    return home / "outbox" / "2018-11"


def letter(folder: Path, path: str) -> str:
    return text_of_word((folder / path).read_bytes())


def test_each_unit_gets_the_letter_that_fits(folder: Path) -> None:
    papers = {p.relative_to(folder).as_posix() for p in folder.glob("退回/*/*")}
    assert papers == {
        "退回/220100_长春市/长春汇总.xlsx", "退回/220100_长春市/退回通知.docx",
        "退回/220102_南关区/南关.xlsx", "退回/220102_南关区/退回通知.docx",
        "退回/220103_宽城区/宽城.xlsx", "退回/220103_宽城区/核实通知.docx",
        "退回/220182_榆树市/退回通知.docx",
        f"退回/220721_{LONG}/退回通知.docx",
        *(f"退回/220721_{LONG}/{LONG}{TOWN.format(nth)}.xlsx" for nth in range(6)),
    }  # fmt: skip
    assert (folder / "催报/220122_农安县/催报通知.docx").is_file()
    assert not list(folder.glob("催报/*南关区"))


def test_who_filed_nothing_is_urged_and_told_what_stands(folder: Path) -> None:
    text = letter(folder, "催报/220122_农安县/催报通知.docx")
    assert "农安县残疾人联合会：" in text
    assert "尚未收到你单位2018年11月" in text
    assert "收到本通知后3个工作日内" in text
    assert "2018年10月报表" in text
    assert "其中有1行" in text
    assert "联系人：欧阳某某某　　联系电话：0431-80000000转8001" in text
    assert "已核对" not in text
    assert ".xlsx" not in text


def test_who_sent_an_empty_form_is_urged_and_told_what_came(folder: Path) -> None:
    text = letter(folder, "催报/220113_九台区/催报通知.docx")
    assert "收到你单位报送的《九台》，但表中没有人员" in text
    assert "尚未收到" not in text
    assert not list(folder.glob("退回/220113*"))


def test_a_letter_names_no_file_that_does_not_go_along(folder: Path) -> None:
    for file in [*folder.glob("退回/*/*.docx"), *folder.glob("催报/*/*.docx")]:
        text = text_of_word(file.read_bytes())
        named = set(re.findall(r"[\w（）]+\.(?:xlsx|xls|csv|docx)", text))
        assert named <= {p.name for p in file.parent.iterdir()}, file.parent.name


def test_who_does_not_belong_is_to_be_verified_and_never_to_be_mended(folder: Path) -> None:
    text = letter(folder, "退回/220102_南关区/退回通知.docx")
    findings, apart = text.split("须核实资格的人员")
    assert "结业时间早于开班时间" in findings
    assert "不是女性" not in findings
    assert "不是女性" in apart
    assert "所填属实的不要改动" in apart
    book = openpyxl.load_workbook(io.BytesIO((folder / "优先更正清单.xlsx").read_bytes()))
    listed = [str(c.value) for row in book.worksheets[0].iter_rows() for c in row if c.value]
    assert any("结业时间早于开班时间" in text for text in listed)
    assert not any("不是女性" in text for text in listed)
    front = openpyxl.load_workbook(folder / "退回/220102_南关区/南关.xlsx")["核对结果"]
    words = [row[3] for row in front.iter_rows(values_only=True)]
    assert words[-1] == "资格核实"


def test_a_county_in_a_bundle_answers_to_the_office_that_filed_it(folder: Path) -> None:
    text = letter(folder, "退回/220182_榆树市/退回通知.docx")
    assert "榆树市残疾人联合会：" in text
    assert "长春市残疾人联合会报送的贫困残疾妇女手工制作培训就业名单中，你单位的部分已核对" in text
    assert "把改正内容报长春市残疾人联合会" in text
    assert "长春汇总" not in text


def test_figures_stand_against_the_task(folder: Path) -> None:
    text = re.sub(r"<[^>]+>", " ", letter(folder, "退回/220102_南关区/退回通知.docx"))
    assert re.search(r"培训\s+4\s+1\s+25\.0%\s+91\.7%\s+欠进度\s+2\s*行", " ".join(text.split()))


def test_a_finding_of_a_replaced_file_is_open_no_more(folder: Path) -> None:
    assert not list(folder.glob("退回/*双阳区"))
    page = (folder / "index.html").read_text(encoding="utf-8")
    cards = {card.get("id"): card.text_content() for card in lxml.html.fromstring(page).xpath("//details")}  # fmt: skip
    assert "结业时间早于开班时间" in cards["u220102"]
    assert "结业时间早于开班时间" not in cards["u220112"]
    assert not re.search(r"(?<!\d)0 ?个单位", page)


@needs_office
def test_a_letter_is_one_page_however_many_files_and_however_long_their_names(
    folder: Path, tmp_path: Path
) -> None:
    (notice,) = folder.glob(f"退回/*{LONG}/退回通知.docx")
    text = text_of_word(notice.read_bytes())
    assert "等6个文件" in text
    assert "其余" in text
    assert (
        len(re.findall(rb"/Type\s*/Page[^s]", converted(notice, tmp_path, "pdf").read_bytes())) == 1
    )
