"""更正说明: a month, then a corrected month; exactly the causes planted are named, against what was sent last."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from docx import Document as Letter
from docx.oxml.ns import qn
from drawing import drop, id_no
from openpyxl import load_workbook

from pipeline.ask import correction_papers, delivered_before, newest, restatement
from pipeline.ask.restated_figures import Restated
from pipeline.cli import cli
from pipeline.home import built_in, open_home
from pipeline.model.stop import Stop
from pipeline.programme import Programme
from pipeline.readback import Disagreement
from pipeline.run import run
from pipeline.send import held_ledger, keep_sent
from pipeline.send.ledger import ACCEPTED, Line

PERIOD = "2018-11"
STAYS, MENDED, GONE, NEW, NEWEST, BOTH, WAIVED, LATE, BACK, LOST, MORE, EARLY, ALSO_WAIVED = (
    id_no(f"22012219{78 + n // 13}{n % 12 + 1:02d}{n + 9:02d}024") for n in range(1, 14)
)
TWIN = id_no("22012219800101004")
OTHER_TWIN = id_no("22012219800101044")
NAMES = {STAYS: "甲英", MENDED: "乙兰", GONE: "丙梅", NEW: "丁丽", TWIN: "戊琴", OTHER_TWIN: "戊琴",
         BOTH: "己凤", WAIVED: "庚洁", LATE: "辛玉", NEWEST: "壬霞", BACK: "癸荣", LOST: "子芬", MORE: "卯秋",
         EARLY: "丑琳", ALSO_WAIVED: "寅香"}  # fmt: skip
TASKS = "任务分解表\n地区 | 2018年培训任务\n长春市 | #{n}\n农安县 | #{n}"
WAIVER = """
[[waivers]]
rule = "R21"
person = "{number}"
reason = "县扶贫办复核同意"
approver = "张主任"
until = 2018-12-31
"""


def roster(
    home: Path,
    unit: str,
    day: int,
    *women: str,
    broken: str = "",
    file: str = "",
    started: str = "",
) -> None:
    """The county's whole return, later than any before; `broken`: a number filed without its last digit."""
    lines = [
        f"填报单位：{unit}残联 | | 填报日期：2018年11月{day}日",
        "姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间",
    ]
    for w in women:
        filed = w[:-1] if w == broken else w
        poor = "否" if w in (WAIVED, ALSO_WAIVED) else "是"
        start = started or ("2018-09-01" if unit == "农安县" else "2018-09-10")
        lines.append(f"{NAMES[w]} | {filed} | {w}43 | {poor} | {start} | 2018-09-15")
    drop(home / "inbox", f"{PERIOD}/{file or unit}.xlsx", "\n".join(lines))


def deliver(home: Path) -> None:
    opened = open_home(home)
    run(opened, PERIOD, opened.programme())


def sent_to_agencies(home: Path, day: str = "2018-11-28") -> None:
    """As `pipeline send` leaves it: the version kept, and the ledger's word that it arrived."""
    month = newest(home / "outbox", PERIOD)
    keep_sent(home / "outbox", month)
    papers = {
        e["path"]: e["sha256"] for e in month.receipt["outputs"] if e["path"].startswith("报送/")
    }
    with held_ledger(home / "outbox", lambda: f"{day}T09:00:00+08:00") as ledger:
        for agency in ("省残联", "省妇联"):
            own = {p: sha for p, sha in papers.items() if f"/{agency}/" in p}
            assert own
            ledger.append(Line(ACCEPTED, PERIOD, agency, f"{agency}@gov.cn", 1, own))


def restate(home: Path) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), "restate", PERIOD])


def of_county(found: list[Restated], unit: str, measure: str, scope: str = "year") -> Restated:
    (one,) = [r for r in found if (r.unit, r.measure, r.scope) == (unit, measure, scope)]
    return one


class Corrected(NamedTuple):
    """A home of a corrected month, and what was said of the month before anything had changed."""

    home: Path
    delivered_once: str
    after_sending: str


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Corrected:
    """A month sent, delivered once more with one more person, and then corrected in every way there is."""
    home = tmp_path_factory.mktemp("restated")
    roster(home, "农安县", 20, STAYS, MENDED, GONE, TWIN, OTHER_TWIN, BOTH, WAIVED, broken=MENDED)
    roster(home, "德惠市", 20, BOTH)
    roster(home, "榆树市", 20, ALSO_WAIVED)  # its return stays, a rule does not
    roster(home, "舒兰市", 20, BACK, LOST, broken=LOST)
    roster(home, "舒兰市", 25, BACK, LOST, MORE, file="改后")  # will be taken back
    roster(home, "磐石市", 20, EARLY, started="2017-12-25")  # will be put right
    drop(home / "inbox", "任务分解表.xlsx", TASKS.format(n=10))
    deliver(home)
    with pytest.raises(Stop) as only_once:
        delivered_before(home / "outbox", PERIOD)
    sent_to_agencies(home)
    after_sending = restate(home).output
    first = (STAYS, MENDED, GONE, TWIN, OTHER_TWIN, BOTH, WAIVED)
    roster(home, "农安县", 22, *first, NEW, broken=MENDED)
    deliver(home)  # never sent: nobody is told of it
    kept = (STAYS, MENDED, TWIN, OTHER_TWIN, BOTH, WAIVED, NEW, LATE, NEWEST)
    roster(home, "农安县", 25, *kept, broken=STAYS)
    waivers = "".join(WAIVER.format(number=number) for number in (WAIVED, ALSO_WAIVED))
    (home / "waivers.toml").write_text(waivers, encoding="utf-8")
    (home / "inbox" / PERIOD / "改后.xlsx").unlink()
    roster(home, "磐石市", 20, EARLY, started="2018-01-05")
    pair = f"姓名甲 | 身份证号甲 | 姓名乙 | 身份证号乙 | 裁定 | 理由 | 裁定人\n戊琴 | {TWIN} | 戊琴 | {OTHER_TWIN} | 同一人 | 查验 | 王某"
    drop(home / "inbox", "裁定.xlsx", pair)
    keeper = f"姓名 | 身份证号 | 现计入 | 改计入单位 | 理由 | 裁定人\n己凤 | {BOTH} | 农安县 | 德惠市 | 查验 | 王某"
    drop(home / "inbox", "归属.xlsx", keeper)
    drop(home / "inbox", "任务分解表.xlsx", TASKS.format(n=12))
    deliver(home)
    return Corrected(home, str(only_once.value), after_sending)


@pytest.fixture
def corrected(deliveries: Corrected) -> Path:
    return deliveries.home


@pytest.fixture
def found(corrected: Path, programme: Programme) -> list[Restated]:
    from pipeline.send import last_sent

    sent = last_sent(corrected / "outbox", PERIOD, programme)
    assert sent is not None
    assert sent.month is not None
    assert (sent.recipients, sent.day) == (("省妇联", "省残联"), "2018-11-28")
    return restatement(newest(corrected / "outbox", PERIOD), sent.month, programme)


def test_it_names_exactly_the_causes_planted(found: list[Restated]) -> None:
    file = f"{PERIOD}/农安县.xlsx"
    one = of_county(found, "220122", "完成数")
    assert (one.old, one.new) == ("5", "6")
    assert dict(one.causes) == {
        f"现退回（C32 身份证号不是 18 位，{file}）": -1,
        f"原退回（C32 身份证号不是 18 位），现已计入（{file}）": 1,
        f"原在 {file}，现名单中已没有": -1,
        f"新列入名单（{file}）": 3,
        f"裁定为同一人，合并计算（{file}）": -1,
        f"由农安县改计入德惠市（按裁定，{PERIOD}/德惠市.xlsx）": -1,
        f"原退回（R21 填明不是建档立卡贫困户），现已计入（{file}）": 1,
    }
    other = of_county(found, "220183", "完成数")
    assert dict(other.causes) == {f"由农安县改计入德惠市（按裁定，{PERIOD}/德惠市.xlsx）": 1}


def test_the_causes_add_up_for_every_figure(found: list[Restated]) -> None:
    counted = [one for one in found if one.measure == "完成数"]
    assert {one.level for one in counted} == {"county", "prefecture", "province"}
    assert {one.scope for one in counted} == {"year", "cumulative"}
    for one in counted:
        assert sum(count for _, count in one.causes) == int(one.new) - int(one.old), one


def test_a_task_names_the_cell_that_says_it(found: list[Restated]) -> None:
    one = of_county(found, "220122", "任务数")
    assert (one.old, one.new) == ("10", "12")
    assert one.causes == (
        ("任务分解表：农安县2018年由 10 改为 12（任务分解表.xlsx Sheet1 B4）", 0),
    )


def test_it_is_held_against_what_was_sent_and_written_for_the_agencies(corrected: Path) -> None:
    result = restate(corrected)
    assert result.exit_code == 0, result.output
    assert "与2018年11月28日报送省妇联、省残联的相比" in result.output
    folder = corrected / "outbox" / "更正说明" / PERIOD
    letter = Letter(str(folder / "更正说明.docx"))
    assert any("2018年11月28日报送省妇联、省残联以后又有变动" in p.text for p in letter.paragraphs)
    words = [c.text for r in letter.tables[0].rows for c in r.cells]
    assert "农安县" in words
    sheet = load_workbook(folder / "更正说明.xlsx").active
    assert sheet is not None
    lines = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[1]]
    assert ("德惠市", "培训", "本年", "完成数", 0, 1) in [line[:6] for line in lines]
    assert all(number not in result.output for number in NAMES)


@pytest.mark.parametrize(
    ("tag", "broken", "fault"),
    [
        ("{{ s.new }}", "{{ s.new + 1 }}", "两次的数里没有"),
        ("{{ s.old }}", "{{ s.new }}", "两次的数里没有"),
        ("{{ s.name }}", "九台区", "两次的数里没有"),
        ("{{ s.causes }}", "{{ s.causes }}；误报 +1 人", "的原因合计"),
        ("涉及{{ restated|length }}项", "涉及{{ restated|length + 1 }}项", "应为"),
    ],
)
def test_a_restatement_that_says_otherwise_is_not_written(
    tag: str, broken: str, fault: str, corrected: Path, programme: Programme, tmp_path: Path
) -> None:
    templates = tmp_path / "handcraft"
    shutil.copytree(built_in("templates") / "handcraft", templates)
    paper = Letter(str(templates / "更正说明.docx"))
    runs = [r for p in paper.element.body.iter(qn("w:p")) for r in p.iter(qn("w:t"))]
    changed = [r for r in runs if tag in (r.text or "")]
    assert changed
    for run_ in changed:
        run_.text = run_.text.replace(tag, broken)
    paper.save(str(templates / "更正说明.docx"))
    outbox = corrected / "outbox"
    now, before = newest(outbox, PERIOD), delivered_before(outbox, PERIOD)
    found = restatement(now, before, programme)
    with pytest.raises(Disagreement, match=fault):
        correction_papers(now, before, "前一次汇总", found, programme, templates)


def test_without_a_mail_it_is_held_against_the_delivery_before(
    corrected: Path, programme: Programme
) -> None:
    """The second delivery had one more person than what was sent: of her nothing has changed since."""
    outbox = corrected / "outbox"
    before = delivered_before(outbox, PERIOD)
    found = restatement(newest(outbox, PERIOD), before, programme)
    one = of_county(found, "220183", "完成数")
    assert (one.old, one.new) == ("0", "1")
    (one,) = [r for r in found if (r.level, r.measure, r.scope) == ("province", "完成数", "year")]
    assert dict(one.causes)[f"新列入名单（{PERIOD}/农安县.xlsx）"] == 2


def test_nothing_is_restated_where_nothing_changed(deliveries: Corrected) -> None:
    assert "只出过一次" in deliveries.delivered_once
    assert "没有数有变化" in deliveries.after_sending


def test_a_rule_is_named_where_the_return_is_the_same(found: list[Restated]) -> None:
    one = of_county(found, "220182", "完成数")
    ((what, count),) = one.causes
    assert count == 1
    assert "规则、豁免或裁定有变化" in what


def test_a_start_put_right_moves_her_to_another_year(found: list[Restated]) -> None:
    one = of_county(found, "220284", "完成数")
    assert (one.old, one.new) == ("0", "1")
    assert one.causes == ((f"由2017年改计入（{PERIOD}/磐石市.xlsx）", 1),)
    # over all years she counts as before
    assert {r.scope for r in found if r.unit == "220284"} == {"year"}


def test_a_corrected_return_taken_back_is_the_cause_and_no_rule(found: list[Restated]) -> None:
    """What stood before stands again, byte for byte: no rule changed, another file is gone."""
    first, gone = f"{PERIOD}/舒兰市.xlsx", f"{PERIOD}/改后.xlsx"
    assert dict(of_county(found, "220283", "完成数").causes) == {
        f"现退回（C32 身份证号不是 18 位，{first}；原按 {gone}，该文件已撤回）": -1,
        f"原在 {gone}，该文件已撤回": -1,
    }
