"""index.html and 发送情况.html: every link leads somewhere, nobody's number, nothing typed becomes a tag."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

import lxml.html
import pytest
from browser import Opened, chromium, needs_chromium, opened
from delivered import MONTHS
from drawing import drop, text_of_word, workbook
from playwright.sync_api import Browser
from pypdf import PdfReader

from pipeline.gate import LEAKS, known_of, search
from pipeline.home import Home, open_home
from pipeline.render.page.rate_bars import bars
from pipeline.run import run
from pipeline.send import write_sent_page
from pipeline.values import month_end

LAST = MONTHS[-1]
SENT = "发送情况.html"
PHONE = 390


def page_of(home: Home, period: str = LAST) -> Path:
    return home.outbox / period / "index.html"


def tree(file: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(file.read_text(encoding="utf-8"))


def links(file: Path) -> list[str]:
    return [str(link) for link in tree(file).xpath("//@href|//@src")]


def dead(file: Path) -> list[str]:
    """The links that lead nowhere, be it a file, a folder or a place within a page."""
    places: dict[Path, set[str]] = {}
    found = []
    for link in dict.fromkeys(links(file)):
        path, _, place = link.partition("#")
        target = file.parent / unquote(path, errors="surrogateescape") if path else file
        if not target.exists() or (path.endswith("/") and not target.is_dir()):
            found.append(link)
        elif place:
            if target not in places:
                places[target] = set(map(str, tree(target).xpath("//@id")))
            found += [link] * (unquote(place) not in places[target])
    return found


def test_every_link_leads_somewhere(delivered: Home) -> None:
    for period in MONTHS:
        file = page_of(delivered, period)
        assert dead(file) == []
        kinds = {unquote(link).split("/")[0] for link in links(file)}
        assert {"..", "退回", "催报", "报送", "全省汇总表.xlsx", "待裁定.xlsx"} <= kinds
    assert dead(delivered.outbox / SENT) == []


def test_every_paper_and_every_file_is_linked(delivered: Home) -> None:
    """What lies in the outbox for people, and what was filed for it."""
    linked = {unquote(link) for link in links(page_of(delivered))}
    folder = delivered.outbox / LAST
    papers = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {p for p in papers if not p.startswith("data/")} - linked == {"index.html"}
    filed = {p.relative_to(delivered.inbox).as_posix() for p in delivered.inbox.rglob("*.xls*")}
    assert {f"../../inbox/{path}" for path in filed} <= linked


def test_nothing_is_asked_of_a_network(delivered: Home) -> None:
    for file in (page_of(delivered), delivered.outbox / SENT):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?:|//[a-z]+\.|@import|url\(|\ssrc=|<link|<iframe", text)


def test_the_page_tells_nobody_and_stays_moderate(delivered: Home) -> None:
    file = page_of(delivered)
    assert file.stat().st_size < 1_500_000
    programme = delivered.programme()
    known = known_of([file.parent / "data" / "rows.parquet"], programme)
    assert search(file.name, file.read_bytes(), known) == []
    assert "index.html" not in (file.parent / LEAKS).read_text(encoding="utf-8-sig")
    assert file.stat().st_mode & 0o044 == 0o044


def test_a_card_for_every_county(delivered: Home) -> None:
    page = tree(page_of(delivered))
    cards = {card.get("id"): card for card in page.xpath("//details[@class='county']")}
    counties = {u.code for u in delivered.programme().gazetteer.counties(month_end(LAST))}
    assert {f"u{code}" for code in counties} <= cards.keys()
    late = {c.get("id") for c in cards.values() if "late" in c.get("data-states").split()}
    assert late == {"u220283", "u220323"}
    missing = cards["u220283"]
    assert "催报通知.docx" in missing.text_content()
    assert "沿用 2018-10 的名单" in missing.text_content()
    months = missing.xpath(".//table[caption[contains(., '逐月')]]/tbody/tr")
    assert [m.xpath("string(td[1])").split("，")[0].strip() for m in months] == ["2 个文件", "未报"]


def test_the_months_add_up_to_the_figure(delivered: Home) -> None:
    page = tree(page_of(delivered))
    done = [int(t.strip()) for t in page.xpath("//div[@class='big']/text()[1]")][:2]
    sums = []
    for table in page.xpath("//section[@aria-labelledby='trend']//table"):
        new, total = ([int(c) for c in row.xpath("td/text()")] for row in table.xpath("tbody/tr"))
        assert total[-1] == sum(new)
        sums.append(total[-1])
    assert sums == done


def test_the_axis_of_bars_is_honest() -> None:
    drawn = bars([{"rate": 1.2}, {"rate": 0.6}, {"rate": 9.0}, {"rate": "—"}], 0.75)
    assert drawn["track"] == pytest.approx(100 / 1.5, abs=0.01)
    assert [line["width"] for line in drawn["lines"]] == [80.0, 40.0, 100.0, 0.0]
    assert [line["cut"] for line in drawn["lines"]] == [False, False, True, False]
    assert bars([{"rate": 1.0}], 0.75)["track"] == 100  # 100 % fills it where nobody is beyond


ROSTER = """
== {{ 7+7 }}<b>
填报单位：南关区残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | <22010219780305002> | <22010219780305002+43> | 是 | 2018-09-20 | 2018-09-10
"""
ODD = "=1+1 &lt;<img src=x onerror=alert(1)>{{ 7+7 }}'\"%41#1.xlsx"


TASKS = """
全省任务分解表
地区 | 培训任务 | 就业任务
 | 2018年 | 2018年
全省合计 | #500 | #300
延边州 | #40 | #20
延吉市 | #10 | #5
"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A month whose files bear names that mean something to a page, a template, a link or a table."""
    folder = tmp_path_factory.mktemp("odd")
    home = open_home(folder)
    drop(folder / "inbox", f"2018-11/{ODD}", ROSTER)
    drop(folder / "inbox", "2018-11/退 回?#/</script><script>alert(2)</script>".replace("/s", "∕s") + ".xlsx", ROSTER.replace("南关", "宽城").replace("<220102", "<220103"))  # fmt: skip
    drop(folder / "inbox", "2018-11/e\u0301.xlsx", ROSTER.replace("南关", "朝阳").replace("<220102", "<220104"))  # fmt: skip
    drop(folder / "inbox", "2018-11/长春市.xlsx", ROSTER.replace("南关区", "长春市").replace("<220102", "<220106"))  # fmt: skip
    with_member = folder / "inbox" / "2018-11" / "各县.zip"
    with zipfile.ZipFile(with_member, "w") as archive:
        archive.writestr(
            "内/二道区.xlsx",
            workbook(ROSTER.replace("南关", "二道").replace("<220102", "<220105")),
        )
    run(home, "2018-11", home.programme())
    write_sent_page(home, home.programme())
    return home


def test_links_to_files_of_any_name_lead_there(odd: Home) -> None:
    file = page_of(odd)
    assert dead(file) == []
    lying = {unquote_to_bytes(link) for link in links(file) if "inbox" in link}
    assert f"../../inbox/2018-11/{ODD}".encode() in lying
    assert "../../inbox/2018-11/e\u0301.xlsx".encode() in lying  # as it lies, not as it is shown
    assert "../../inbox/2018-11/各县.zip".encode() in lying


def test_a_prefecture_that_files_for_itself_is_no_county_that_files(odd: Home) -> None:
    report = text_of_word((odd.outbox / "2018-11" / "情况报告.docx").read_bytes())
    assert "应报县级单位61个，已报4个" in report
    assert "4 / 61 个县级单位已报" in " ".join(tree(page_of(odd)).text_content().split())


def test_what_was_typed_is_text(odd: Home) -> None:
    page = tree(page_of(odd))
    assert len(page.xpath("//script")) == 1
    assert page.xpath("//img|//b[not(ancestor::*[@class='map'])]") == []
    assert f">{ODD[:6]}" in page_of(odd).read_text(encoding="utf-8")
    assert ODD in page.text_content()
    assert "14<" not in page.xpath("string(//section[@aria-labelledby='counties'])")


@pytest.fixture(scope="module")
def prefecture(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A prefecture's month: eight counties, one of which filed, every month, with a row to be mended."""
    folder = tmp_path_factory.mktemp("prefecture")
    (folder / "pipeline.toml").write_text('filer = "222400"\n', encoding="utf-8")
    home = open_home(folder)
    roster = ROSTER.replace("南关区", "延吉市").replace("<220102", "<222401")
    drop(folder / "inbox", "2018-11/延吉市.xlsx", roster)
    for month in range(1, 11):
        earlier = roster.replace("11月", f"{month}月").replace("2018-09", "2018-01")
        drop(folder / "inbox", f"2018-{month:02d}/延吉市.xlsx", earlier.replace("-20 |", "-05 |"))
    drop(folder / "inbox", "全省任务分解表.xlsx", TASKS)
    run(home, "2018-11", home.programme())
    write_sent_page(home, home.programme())
    return home


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def shown(one: Opened) -> list[str]:
    ids: list[str] = one.page.locator("details.county:visible").evaluate_all(
        "cards => cards.map(card => card.id)"
    )
    return ids


@needs_chromium
def test_a_clerk_finds_a_county_and_opens_it(delivered: Home, browser: Browser) -> None:
    with opened(browser, page_of(delivered)) as one:
        page = one.page
        everybody = shown(one)
        page.get_by_role("searchbox").fill("ngq")  # by the first letters of its sound
        assert shown(one) == ["u220102"]
        page.get_by_role("searchbox").fill("２２０１０３")
        assert shown(one) == ["u220103"]
        page.get_by_role("searchbox").fill("没有的")
        assert page.get_by_role("status").inner_text() == "没有符合条件的单位"
        page.get_by_role("searchbox").fill("")
        page.get_by_role("radio", name=re.compile("^未报")).check()
        assert shown(one) == ["u220283", "u220323"]
        assert page.get_by_role("status").inner_text() == "列出 2 个单位"
        page.locator("#u220283 summary").first.press("Enter")
        letter = page.locator("#u220283").get_by_role("link", name="催报通知.docx")
        assert letter.is_visible()
        page.locator(".map a[href='#u220103']").first.click()  # hidden by the filter: it goes
        page.locator("#u220103 .inside").wait_for()  # its script hears of the address later
        assert shown(one) == everybody
        page.locator("#u220103").get_by_role("link", name="发送情况").click()
        assert "发送情况" in page.title()
        assert page.locator("[id='2018-11-220103']").is_visible()
        assert one.faults == []


@needs_chromium
def test_the_whole_page_is_read_by_everybody(delivered: Home, browser: Browser) -> None:
    for file in (page_of(delivered), delivered.outbox / SENT):
        with opened(browser, file) as one:
            assert one.serious() == []
            assert one.faults == []


@needs_chromium
@pytest.mark.parametrize(
    ("width", "dark"),
    [(1280, True), (PHONE, False), pytest.param(PHONE, True, marks=pytest.mark.thorough)],
)
def test_it_is_read_in_the_dark_and_on_a_phone(
    prefecture: Home, browser: Browser, width: int, dark: bool
) -> None:
    for file in (page_of(prefecture), prefecture.outbox / SENT):
        with opened(browser, file, width=width, dark=dark) as one:
            if file.name == "index.html":
                one.page.locator("#u222401 > summary").click()
            assert one.serious() == []
            assert not one.scrolls_sideways()
            assert one.faults == []


@needs_chromium
def test_it_prints_on_few_pages(delivered: Home, browser: Browser, tmp_path: Path) -> None:
    with opened(browser, page_of(delivered)) as one:
        one.page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    printed = PdfReader(tmp_path / "page.pdf").pages
    assert len(printed) <= 7
    assert [round(float(side) * 25.4 / 72) for side in printed[0].mediabox[2:]] == [210, 297]
    text = "".join(sheet.extract_text() for sheet in printed)
    assert "南关区" in text
    assert "查找" not in text


@needs_chromium
def test_nothing_typed_runs(odd: Home, browser: Browser) -> None:
    with opened(browser, page_of(odd)) as one:
        one.page.locator("#u220102 > summary").click()
        one.page.locator("#u220102").get_by_role("link", name="<img").click()
        assert one.faults == []


@needs_chromium
def test_a_prefectures_page_is_its_own(prefecture: Home, browser: Browser) -> None:
    assert dead(page_of(prefecture)) == []
    with opened(browser, page_of(prefecture)) as one:
        assert one.page.title().startswith("延边朝鲜族自治州2018年11月")
        assert len(shown(one)) == 8
        page_text = one.page.locator("main").inner_text()
        assert "全省" not in re.sub("全省(汇总表|任务分解表)", "", page_text)
