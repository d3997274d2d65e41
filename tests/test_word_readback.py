"""Word papers read back: a wrong number, direction or name anywhere stops the delivery and is named."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from delivered import csv_of
from drawing import drop

import pipeline.run as job
from pipeline.cli import cli
from pipeline.home import Home, built_in, open_home
from pipeline.readback.facts_found import facts_of
from pipeline.readback.month_facts import Facts, Standing
from pipeline.readback.seen import SeenPaper, SeenTable, see
from pipeline.readback.sentences import faults_in
from pipeline.readback.word_papers import faults_of

PERIOD = "2018-11"
HELD = re.compile(r"\d+(?:\.\d+)?(?=[%人个处行对类])")
OTHER_WAY = {
    "高于序": "低于序",
    "低于序": "高于序",
    "较上月增加": "较上月减少",
    "完成率提高": "完成率下降",
}


class Captured(Exception):
    """Carries the facts out of a run that delivers nothing."""


@pytest.fixture(scope="module")
def both_facts(delivered: Home) -> tuple[Facts, Facts]:
    """The facts of the made-up province's November, and of the same without anybody's accounts."""

    def capture(month: Any, claims: Any, history: Any, figures: Any, *others: Any) -> None:
        silent = replace(figures, themes=())
        raise Captured(*(facts_of(each, claims, programme) for each in (figures, silent)))

    programme = delivered.programme()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job, "render", capture)
        with pytest.raises(Captured) as captured:
            job.run(delivered, PERIOD, programme)
    facts, silent = captured.value.args
    assert isinstance(facts, Facts)
    assert isinstance(silent, Facts)
    return facts, silent


@pytest.fixture(scope="module")
def facts(both_facts: tuple[Facts, Facts]) -> Facts:
    """What the read-back of the made-up province's November is held against."""
    return both_facts[0]


@pytest.fixture(scope="module")
def paper(delivered: Home) -> SeenPaper:
    return see(delivered.outbox / PERIOD / "情况报告.docx")


def test_the_report_as_delivered_agrees_with_the_figures(paper: SeenPaper, facts: Facts) -> None:
    assert list(faults_of(paper, facts)) == []
    assert sum(len(HELD.findall(p.text)) for p in paper.paragraphs) > 100
    assert len(paper.charts) == 2


def changed_numbers(paper: SeenPaper) -> Iterator[str]:
    """Every paragraph once for each of its figures, that figure off by one (or a tenth)."""
    for paragraph in paper.paragraphs:
        for match in HELD.finditer(paragraph.text):
            for step in (1, -1):
                old = match[0]
                new = f"{float(old) + step / 10:.1f}" if "." in old else str(int(old) + step)
                yield paragraph.text[: match.start()] + new + paragraph.text[match.end() :]


def test_hardly_any_figure_can_be_off_by_one(paper: SeenPaper, facts: Facts) -> None:
    """What is missed is a count that happens to be another one of the same things."""
    changed = list(changed_numbers(paper))
    noticed = sum(any(faults_in(text, facts)) for text in changed)
    assert len(changed) > 200
    assert noticed / len(changed) > 0.95


def test_no_direction_can_be_turned_round(paper: SeenPaper, facts: Facts) -> None:
    turned = [
        paragraph.text[: match.start()] + opposite + paragraph.text[match.end() :]
        for paragraph in paper.paragraphs
        for word, opposite in OTHER_WAY.items()
        for match in re.finditer(word, paragraph.text)
        if "以上" not in paragraph.text[match.start() : match.start() + 14]
    ]
    assert len(turned) >= 6
    assert [text for text in turned if not any(faults_in(text, facts))] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("除四平市（86.1%）外均达到序时进度", "四平市的完成率应为"),
        ("除北京市（65.2%）外均达到序时进度", "不是本项目的单位"),
        ("舒兰市、伊通满族自治县3个单位未报", "列了2个，写成了3个"),
        ("培训较上月持平，与上月持平", "“与上月持平”与数据不符"),
        ("截至2018年10月31日", "不是报告期"),
        ("2019—2021年累计", "不是项目的年度"),
        ("有的县反映“每人补贴9999元”", "与各地所写不符"),
    ],
)
def test_a_fault_is_said_in_plain_words(text: str, fault: str, facts: Facts) -> None:
    assert fault in "；".join(faults_in(text, facts))


@pytest.mark.parametrize(
    "text",
    [
        "联系电话0431-88888888，于收到本通知后3个工作日内报送附件2",
        "按照第12条，每班20至60课时",
        "图1、表1",
        "每个县至少建1个示范基地，抓好3个环节，做到4对1帮扶",
        "其中肢体残疾占全部完成人数的45.2%",
        "按3年一轮、每轮7处的要求抽查",
        "培训完成情况（见第2页，共12页）",
        "有9类补贴、8行填表说明，合格率（98.5%）",
        "比去年同期增加{other}人",
        "推行“3+1”模式，吉林省10个市（州）力争完成率达到95%以上，确保培训再增加1500人",
        "重点县（88.8%）和所属县（7人）由各市包保",
    ],
)
def test_numbers_that_are_no_figures_are_left_alone(text: str, facts: Facts) -> None:
    other = max(facts.others)
    assert list(faults_in(text.format(other=other), facts)) == []


def test_units_are_known_by_any_of_their_names(facts: Facts) -> None:
    """A long name, and a short one that two units share."""
    long, short = "积石山保安族东乡族撒拉族自治县", "铁"
    named = replace(
        facts,
        standings={
            **facts.standings,
            (long, "training", "year"): (Standing(10, 7, 7, 0.9, None),),
            ("铁西", "training", "year"): (Standing(10, 6, 6, 0.9, None),),
            ("铁东", "training", "year"): (Standing(10, 5, 5, 0.9, None),),
        },
        names={**facts.names, long: (long,), short: ("铁西", "铁东")},
    )
    right = f"培训进度慢的有{long}（70.0%）、{short}（60.0%）、{short}（50.0%）"
    assert list(faults_in(right, named)) == []
    assert any(faults_in(right.replace("70.0", "70.1"), named))
    assert any(faults_in(right.replace("60.0", "70.0"), named))


def test_a_share_is_counted_in_per_cent(facts: Facts) -> None:
    (own,) = facts.of("四平市", ["training"], "year")
    shares = replace(facts, unit_words=frozenset({"%"}))
    text = f"培训缺口：四平市（{own.short}%）"
    assert list(faults_in(text, shares)) == []
    assert any(faults_in(text.replace(f"{own.short}%", f"{own.short + 1}%"), shares))


def test_sorts_of_fault_are_told_apart_by_their_whole_name(facts: Facts) -> None:
    named = replace(facts, concerns={"时间不准": (5, 2), "开班时间不准": (3, 1)})
    text = "退回和待核实：一是时间不准5处（2个单位）；二是开班时间不准3处（1个单位）"
    assert list(faults_in(text, named)) == []
    assert any(faults_in(text.replace("准3处", "准5处"), named))


ACCOUNTS = (
    "依托“某某巧姐”基地（300㎡），“每人补贴100元”，培训230人次、受益12人，完成率96.5%。",
    "3人",
    "截至2018年9月30日，长春市（24人）等3个县（市、区）开班，较上月增加5人",
)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_what_a_county_wrote_is_hers(account: str, facts: Facts) -> None:
    written = replace(
        facts, accounts=frozenset(ACCOUNTS), sayings=tuple((text, 2) for text in ACCOUNTS)
    )
    inner = account.translate(str.maketrans("“”", "‘’")).rstrip("。")
    for text in (account, f"{account}（其他单位所写相近）", f"2个县（市、区）反映“{inner}。”"):
        assert list(faults_in(text, written)) == [], text
    assert any(faults_in(f"3个县（市、区）反映“{inner}。”", written))
    assert any(faults_in(f"2个县（市、区）反映“{inner.replace('3', '4')}12。”", written))


def test_cells_and_bars_are_held_too(paper: SeenPaper, facts: Facts) -> None:
    table = next(t for t in paper.tables if any("长春市" in row for row in t.rows))
    rows = tuple(
        tuple("99" if row[0] == "长春市" and n == 2 else c for n, c in enumerate(row))
        for row in table.rows
    )
    (fault,) = faults_of(SeenPaper((), (SeenTable(1, rows),), ()), facts)
    assert fault.startswith("表格 1 第 4 行：长春市“培训完成”写成了99")
    chart = paper.charts[0]
    one = chart.series[0]
    moved = replace(one, points=((one.points[0][0], 0.5), *one.points[1:]))
    wrong = replace(chart, series=(moved, *chart.series[1:]))
    assert list(faults_of(SeenPaper((), (), (wrong,)), facts)) == ["图 1：长春市的“培训”画成了0.5"]


ROSTER = """
== 培训花名册
填报单位：南关区残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | <22010219780305002> | <22010219780305002+43> | 是 | 2018-09-01 | 2018-09-10
李桂兰 | 女 | <22010219811010044> | <22010219811010044+43> | 是 | 2018-10-01 | 2018-10-10
张淑芬 | 女 | <22010219800101004> | <22010219800101004+43> | 是 | 2018-09-01 | 2018-08-10
"""


TASKS = """
== 任务分解表
地区 | 培训任务
 | 2018年
合计 | #1
长春市 | #1
南关区 | #1
"""
WRITTEN = """
== 经验和问题
典型经验 | 依托“吉林巧姐”基地，“每人补贴100元”，受益12人；收入<1万元&销量>3件。
存在问题 | 87%
"""


def test_a_task_more_than_met_and_numbers_in_accounts_stop_no_month(home: Path) -> None:
    drop(home / "inbox", "任务分解表.xlsx", TASKS)
    drop(home / "inbox", "2018-11/南关区.xlsx", ROSTER + WRITTEN)
    ended = CliRunner().invoke(cli, ["run", PERIOD, "--home", str(home)])
    assert ended.exit_code == 1, ended.output
    texts = [c for t in see(home / "outbox" / PERIOD / "各地经验和问题.docx").tables for r in t.rows for c in r]  # fmt: skip
    assert "87%" in texts
    figures = csv_of(open_home(home), PERIOD, "figures.csv")
    (own,) = figures.query("level == 'province' and indicator == 'training' and scope == 'year'").to_dict("records")  # fmt: skip
    assert own["counted"] > own["target"] > 0


# the number broken in a template, and what is said of it
BROKEN = [
    ("情况报告.docx", "i.year.done", r"情况报告\.docx 写出的与数据不符.*第 \d+ 段“（二）培训情况。.*3人与数据不符"),
    ("退回通知.docx", "s.done", r"退回通知\.docx 写出的与数据不符.*表格 1：南关区培训“已计入”写成了3"),
    ("退回通知.docx", "s.returned", r"退回通知\.docx 写出的与数据不符.*表格 1：南关区培训“退回未计入”写成了2行"),
]  # fmt: skip


@pytest.mark.parametrize("template", ["情况报告.docx", "退回通知.docx"])
def test_numbers_broken_in_a_template_stop_the_delivery(template: str, home: Path) -> None:
    drop(home / "inbox", "2018-11/南关区.xlsx", ROSTER)
    templates = home / "templates" / "handcraft"
    shutil.copytree(built_in("templates") / "handcraft", templates)
    broken = [(tag, place) for name, tag, place in BROKEN if name == template]
    for tag, _ in broken:
        rewrite(templates / template, f"{{{{ {tag} }}}}", f"{{{{ {tag} + 1 }}}}")
    result = CliRunner().invoke(cli, ["run", PERIOD, "--home", str(home)])
    assert result.exit_code == 4, result.output
    for _, place in broken:
        assert re.search(place, result.output), result.output
    assert not (home / "outbox" / PERIOD).exists()


def rewrite(file: Path, old: str, new: str) -> None:
    """Changes a text in a Word file, as an official would who edits the template."""
    with zipfile.ZipFile(file) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old.encode() in parts["word/document.xml"]
    parts["word/document.xml"] = parts["word/document.xml"].replace(old.encode(), new.encode())
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_that_nobody_wrote_of_practices_is_said_where_nobody_did(
    both_facts: tuple[Facts, Facts],
) -> None:
    nobody = "本期报送典型经验的县（市、区）0个。"
    facts, silent = (  # that 0 counties are ahead, or behind, bears no such sentence out
        replace(f, counts={key: of - {0} if key[1] else of for key, of in f.counts.items()})
        for f in both_facts
    )
    assert list(faults_in(nobody, silent)) == []
    assert "0个与数据不符" in "；".join(faults_in(nobody, facts))
