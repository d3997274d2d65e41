"""What counties write of their work: in a sheet, in Word, in a text; whose it is, where it ends, and what says nothing."""

from __future__ import annotations

import io

import docx
import pytest
from drawing import workbook
from months import month, submissions

from pipeline.ingest import as_filed
from pipeline.model.as_filed import Filed
from pipeline.programme import Programme

PERIOD = "2018-11"
REPORT = """
农安县残联关于2018年落实情况的报告
一、任务目标完成情况
完成培训5人。
二、主要做法
（一）加强领导。成立小组。
（二）精准培训。
三、存在的突出问题
（一）资金不足。
四、下一步工作打算
继续。
特此报告。
农安县残疾人联合会
2018年11月25日
"""
LAST = "德惠市残联\n典型经验举措：\n送教上门。\n存在问题\n销路窄。\n特此报告。\n德惠市残联\n2018.11.3\n"


def word(text: str) -> bytes:
    document = docx.Document()
    for line in text.strip().split("\n"):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def filed(path: str, content: bytes, programme: Programme) -> Filed:
    (submission,) = submissions({f"{PERIOD}/{path}": content}, PERIOD)
    return as_filed(submission, programme)


@pytest.mark.parametrize("content", [word(REPORT), REPORT.encode(), REPORT.encode("gb18030")])
def test_an_account_in_running_text_is_read_chapter_by_chapter(
    content: bytes, programme: Programme
) -> None:
    account = filed("农安.docx", content, programme)
    assert [(n["unit"], n["topic"], n["text"]) for n in account.lines["narratives"]] == [
        ("220122", "practice", "（一）加强领导。成立小组。\n（二）精准培训。"),
        ("220122", "problem", "（一）资金不足。"),
    ]
    assert not account.issues


def test_how_a_letter_closes_is_no_part_of_its_account(programme: Programme) -> None:
    account = filed("情况.txt", LAST.encode(), programme)
    assert [n["text"] for n in account.lines["narratives"]] == ["送教上门。", "销路窄。"]


@pytest.mark.parametrize("content", [word("通知\n请按时报送。"), "通知\n请按时报送。\n".encode()])
def test_running_text_that_is_no_account_is_said_to_be_no_table(
    content: bytes, programme: Programme
) -> None:
    (issue,) = filed("德惠市.doc", content, programme).issues
    assert issue.rule == "F01"
    assert issue.message.endswith("请报送电子表格")


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (["无", "暂无突出问题。"], []),
        (["目前没有存在的突出问题。", "没有专业师资。"], ["没有专业师资。"]),
        (["销路窄，资金不足。", "销路窄，资金不足。师资少。"], ["销路窄，资金不足。师资少。"]),
        (["销路窄，资金不足。", "学员居住分散。"], ["销路窄，资金不足。 学员居住分散。"]),
    ],
)
def test_of_what_a_unit_writes_in_several_files_nothing_is_lost_and_nothing_is_made_of_none(
    texts: list[str], kept: list[str], programme: Programme
) -> None:
    files = {
        f"{PERIOD}/南关区{n}.xlsx": workbook(
            f"== 情况\n填报单位：南关区残联\n存在突出问题 | {text}"
        )
        for n, text in enumerate(texts)
    }
    roster = "== 培训花名册\n填报单位：南关区残联\n姓名 | 身份证号 | 残疾人证号 | 开班时间\n零报告"
    found = month({**files, f"{PERIOD}/名单.xlsx": workbook(roster)}, programme, PERIOD).accounts
    assert [a.text for a in found] == kept
