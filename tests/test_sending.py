"""Mail to agencies over a real server: whole, locked, once; whatever breaks, nobody twice and none forgotten."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import lxml.html
import openpyxl
import pytest
import pyzipper
from click.testing import CliRunner, Result
from drawing import drop
from killed_sender import RECIPIENTS, HeldSender, Office, killed_at
from office import needs_office, opened_with
from post_office import PASSWORD, USER, Mailbox, mail_server, silent_server
from test_cli import SOUND

from pipeline.cli import cli
from pipeline.home import open_home
from pipeline.model.stop import Stop
from pipeline.programme import ProgrammeFault
from pipeline.run import run
from pipeline.send import (
    LEDGER,
    AddressBook,
    Recipient,
    held_ledger,
    last_of_each,
    last_sent,
    read_addresses,
    read_ledger,
)

KEY = "the key of CL 2018"
AGENCIES = {"省残联": "cl@pc.jl.gov.cn", "省妇联": "fl@pc.jl.gov.cn", "省扶贫办": "fp@pc.jl.gov.cn"}
PERIOD = "2018-11"
BOOK = """
[server]
host = "127.0.0.1"
port = {port}
security = "{security}"
sender = "cc@pc.jl.gov.cn"
user = "{user}"
password_env = "MAIL_PASSWORD"
ca_file = "{ca}"
timeout = 1
domains = ["gov.cn"]
"""


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """长春市's month, in which one row is returned: an office that is none of the three agencies."""
    home = tmp_path_factory.mktemp("home")
    (home / "pipeline.toml").write_text('filer = "220100"\n', encoding="utf-8")
    drop(home / "inbox", "2018-11/南关区.xlsx", SOUND)
    returned = SOUND.replace("2018-09-10", "2018-08-10")
    returned = returned.replace("南关", "宽城").replace("220102", "220103")
    drop(home / "inbox", "2018-11/宽城区.xlsx", returned)
    opened = open_home(home)
    run(opened, PERIOD, opened.programme())
    return home


@pytest.fixture
def home(delivered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copied = tmp_path / "home"
    shutil.copytree(delivered, copied)
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    monkeypatch.setenv("KEY", KEY)
    return copied


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Mailbox]:
    with mail_server(tmp_path) as mailbox:
        yield mailbox


def write_book(home: Path, mailbox: Mailbox, *, more: str = "", ca: str | None = None) -> None:
    file = home.parent / "server.crt" if ca is None else ca
    text = BOOK.format(port=mailbox.port, security=mailbox.security, user=USER, ca=file) + more
    for name, address in AGENCIES.items():
        text += f'[[recipients]]\nname = "{name}"\nto = ["{address}"]\nkey_env = "KEY"\n'
    (home / "addresses.toml").write_text(text, encoding="utf-8")


def send(home: Path, *words: str, answer: str = "") -> Result:
    return CliRunner().invoke(
        cli, ["--home", str(home), "send", PERIOD, *(words or ("--yes",))], input=answer
    )


def states(home: Path) -> dict[str, str]:
    return {line.recipient: line.event for line in last_of_each(read_ledger(home / "outbox"))}


def parsed(mailbox: Mailbox) -> dict[str, EmailMessage]:
    return {
        address: email.message_from_bytes(raw, policy=email.policy.default)
        for address, raw in mailbox.got
    }


def attached(mail: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_content() for part in mail.iter_attachments()}


def opened(archive: bytes, key: str) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(archive)) as whole:
        return {name: whole.read(name, pwd=key.encode()) for name in whole.namelist()}


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_three_agencies_have_their_own_papers_whole(
    home: Path, tmp_path: Path, security: str
) -> None:
    with mail_server(tmp_path, security=security) as mailbox:
        write_book(home, mailbox)
        result = send(home)
    assert result.exit_code == 0, result.output
    assert mailbox.addresses() == sorted(AGENCIES.values())
    sent = last_sent(home / "outbox", PERIOD, open_home(home).programme())
    assert sent is not None
    assert sent.month is not None  # the version that they have is kept
    assert set(sent.recipients) == set(AGENCIES)
    assert sent.month.table("figures.csv").is_file()
    for name, address in AGENCIES.items():
        mail = parsed(mailbox)[address]
        assert mail["To"] == address
        assert mail["From"] == "cc@pc.jl.gov.cn"
        assert mail["Subject"] == (
            "长春市残疾人联合会关于2018年度贫困残疾妇女手工制作培训就业情况的报告"
        )
        body = mail.get_body()
        assert body is not None
        assert "培训：本年完成 1 人" in body.get_content()
        papers = attached(mail)
        for file in (home / "outbox" / PERIOD / "报送" / name).iterdir():
            if "完成名单" in file.name and name != "省妇联":
                (content,) = opened(papers[f"{file.stem}.zip"], KEY).values()
            elif file.suffix != ".eml":
                content = papers[file.name]
            assert file.suffix == ".eml" or content == file.read_bytes()
    assert states(home) == dict.fromkeys(AGENCIES, "accepted")


def test_what_is_masked_for_one_is_whole_for_another(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    assert send(home).exit_code == 0
    lists = {}
    for name, address in AGENCIES.items():
        for paper, content in attached(parsed(server)[address]).items():
            if "完成名单" in paper:
                whole = (
                    next(iter(opened(content, KEY).values())) if paper.endswith(".zip") else content
                )
                rows = list(openpyxl.load_workbook(io.BytesIO(whole)).worksheets[0].values)
                lists[name] = dict(zip(rows[2], map(str, rows[3]), strict=True))
    assert lists["省残联"]["身份证号"].startswith("22010219780305002")
    assert lists["省残联"]["残疾人证号"].startswith("22010219780305002")
    assert "残疾人证号" not in lists["省扶贫办"]
    assert lists["省扶贫办"]["姓名"] == "王秀英"
    assert lists["省妇联"]["姓名"] == "王*"
    assert lists["省妇联"]["身份证号"][:14] == "220***********"
    assert not {"残疾人证号", "户籍地址", "残疾类别"} & set(lists["省妇联"])


def test_nothing_is_sent_twice(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    send(home)
    again = send(home)
    assert again.exit_code == 0
    assert again.output.count("已经发过") == 3
    assert len(server.got) == 3


def test_it_shows_what_each_will_see_and_asks(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    result = send(home, "--only", "省扶贫办", answer="n\n")
    assert "附件2：2018年11月完成名单.xlsx" in result.output
    assert "加密寄送" in result.output
    assert "没有发送" in result.output
    assert server.got == []
    mistyped = send(home, "--only", "省扶贫", "--yes")
    assert mistyped.exit_code == 2
    assert "没有要发给它的。要发的有：吉林省残疾人联合会教育就业部" in mistyped.output
    assert send(home, "--only", "省扶贫办", answer="y\n").exit_code == 0
    assert server.addresses() == ["fp@pc.jl.gov.cn"]


def test_an_amended_month_names_the_one_it_replaces(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    send(home)
    more = (
        SOUND
        + "李桂兰 | 女 | <22010219800101004> | <22010219800101004+43> | 是 | 2018-09-01 | 2018-09-10\n"
    )
    drop(home / "inbox", "2018-11/南关区.xlsx", more)
    CliRunner().invoke(cli, ["--home", str(home), "run", PERIOD])
    assert "此后材料有变动，新的一版尚未发送" in shown_on_page(home)["2018-11-省残联"][-1]
    server.got.clear()
    result = send(home)
    assert result.exit_code == 0
    assert "培训本年完成由 1 改为 2" in result.output
    for mail in parsed(server).values():
        body = mail.get_body()
        assert body is not None
        assert body.get_content().startswith("【更正说明】本件为第 2 版，替代 ")
        paper = docx.Document(io.BytesIO(attached(mail)["2018年11月更正说明.docx"]))
        outcome = [c.text for table in paper.tables for row in table.rows for c in row.cells]
        assert {"南关区", "1", "2"} <= set(outcome)
    newest = {ln.recipient: ln for ln in last_of_each(read_ledger(home / "outbox"))}
    assert {(ln.version, ln.replaces) for ln in newest.values()} == {(2, 1)}
    assert send(home).output.count("已经发过") == 3


def test_personal_data_never_goes_without_a_key(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    book = home / "addresses.toml"
    book.write_text(book.read_text(encoding="utf-8").replace('key_env = "KEY"\n', ""), "utf-8")
    result = send(home)
    assert result.exit_code == 1
    assert "不能不加密就寄" in result.output
    assert server.addresses() == ["fl@pc.jl.gov.cn"]  # hers is masked


def test_a_reason_in_the_programme_lets_it_go_in_clear_and_is_recorded(
    home: Path, server: Mailbox
) -> None:
    write_book(home, server)
    book = home / "addresses.toml"
    book.write_text(book.read_text(encoding="utf-8").replace('key_env = "KEY"\n', ""), "utf-8")
    file = home / "outbox" / PERIOD / "data" / "packages.json"
    listed = json.loads(file.read_text(encoding="utf-8"))
    listed[0]["in_clear"] = "政务外网专线，2018 年第 3 号批准"
    file.write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
    send(home)
    assert "cl@pc.jl.gov.cn" in server.addresses()
    kept = {ln.recipient: ln.in_clear for ln in read_ledger(home / "outbox")}
    assert kept == {"省残联": "政务外网专线，2018 年第 3 号批准", "省妇联": ""}


def rewrite(file: Path, old: str, new: str, part: str = "word/document.xml") -> bytes:
    """As Word saves a paper after somebody has typed in it: its new bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            target.writestr(name, content)
    file.write_bytes(out.getvalue())
    return out.getvalue()


def test_an_edited_report_goes_only_when_a_person_says_so(home: Path, server: Mailbox) -> None:
    """Mended once, in the office's own copy, as clerks do: all three have it as it was mended."""
    write_book(home, server)
    report = home / "outbox" / PERIOD / "情况报告.docx"
    delivered = report.read_bytes()
    edited = rewrite(report, "<w:body>", "<w:body><w:p><w:r><w:t>另增 12 人。</w:t></w:r></w:p>")  # fmt: skip
    result = send(home)
    assert result.exit_code == 1
    assert result.output.count("出稿以后改动过：") == 3
    assert "数字（无）改为12，与汇总结果不再一致" in result.output
    assert "确认要发改动后的，请加 --edited" in result.output
    assert server.got == []
    assert send(home, "--yes", "--edited").exit_code == 0
    for mail in parsed(server).values():
        assert edited in attached(mail).values()
    for line in last_of_each(read_ledger(home / "outbox")):
        (name,) = line.edited
        assert line.edited[name] == hashlib.sha256(delivered).hexdigest()
        assert line.documents[name] == hashlib.sha256(edited).hexdigest()
    assert send(home).output.count("已经发过") == 3


def test_what_was_edited_for_one_goes_to_her_alone(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    (copy,) = (home / "outbox" / PERIOD / "报送" / "省妇联").glob("*报告.docx")
    edited = rewrite(copy, "<w:body>", "<w:body><w:p><w:r><w:t>此致</w:t></w:r></w:p>")
    result = send(home, "--only=省妇联", answer="n\ny\n")
    assert "改动文字 1 段" in result.output
    assert "照改动后的发吗" in result.output
    assert server.got == []
    assert send(home, "--edited", answer="y\n").exit_code == 0
    having = [a for a, mail in parsed(server).items() if edited in attached(mail).values()]
    assert having == ["fl@pc.jl.gov.cn"]


def test_an_edited_paper_passes_the_gate_anew(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    report = home / "outbox" / PERIOD / "情况报告.docx"
    rewrite(report, "<w:body>", "<w:body><w:p><w:ins><w:r><w:t>如王秀英</w:t></w:r></w:ins></w:p>")  # fmt: skip
    result = send(home, "--yes", "--edited")
    assert result.exit_code == 1
    assert "（修订痕迹）有姓名" in result.output
    assert "王秀英" not in result.output
    assert server.got == []


def test_what_word_leaves_behind_is_said_before_it_goes(home: Path) -> None:
    report = home / "outbox" / PERIOD / "情况报告.docx"
    rewrite(report, "<w:body>", "<w:body><w:p><w:ins ><w:r><w:t>一</w:t></w:r></w:ins></w:p>")
    (report.parent / "~$报告.docx").write_bytes(b"")
    shown = send(home, answer="n\nn\n").output
    assert "留有修订痕迹" in shown
    assert "还开着" in shown


def test_what_was_saved_as_something_else_is_said_and_not_understood(home: Path) -> None:
    folder = home / "outbox" / PERIOD
    (folder / "情况报告.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    next(folder.glob("全?汇总表.xlsx")).write_bytes(b"PK\x03\x04 torn")
    result = send(home)
    assert result.exit_code == 1
    assert result.output.count("改动后的文件读不懂") >= 2
    assert "确认要发改动后的，请加 --edited" in result.output


def test_an_edited_workbook_names_its_cells_and_a_list_none(home: Path) -> None:
    folder = home / "outbox" / PERIOD
    for name in ("全省汇总表.xlsx", "完成名单.xlsx"):
        found = next(folder.glob(name.replace("全省", "全?")))
        book = openpyxl.load_workbook(found)
        sheet = book["汇总表"] if "汇总表" in book.sheetnames else book.worksheets[0]
        sheet["C9"] = 77
        book.save(found)
    shown = send(home, answer="n\nn\n").output
    assert "!C9：" in shown
    assert "改为77" in shown
    assert "溯源" not in shown
    assert "含个人信息，改了什么不在这里列出" in shown
    send(home, "--edited", "--yes")  # what goes is the office's own, less the sheet that stays
    draft = (home / "outbox" / "寄件" / PERIOD / "省妇联.eml").read_bytes()
    mail = email.message_from_bytes(draft, policy=email.policy.default)
    sent = openpyxl.load_workbook(
        io.BytesIO(attached(mail)["附件1：2018年11月任务完成情况汇总表.xlsx"])
    )
    assert (sent["汇总表"]["C9"].value, "溯源" in sent.sheetnames) == (77, False)


def test_a_leak_stays_in_the_house(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    folder = home / "outbox" / PERIOD
    source = next((folder / "报送" / "省残联").glob("附件2*")).read_bytes()
    (target,) = (folder / "报送" / "省妇联").glob("附件2*")
    target.write_bytes(source)
    file = folder / "data" / "packages.json"
    text = file.read_text(encoding="utf-8")
    for entry in json.loads(text)[1]["documents"]:
        text = text.replace(entry["sha256"], hashlib.sha256((folder / entry["path"]).read_bytes()).hexdigest())  # fmt: skip
    file.write_text(text, encoding="utf-8")
    result = send(home)
    assert (
        "附件2：2018年11月完成名单（脱敏）.xlsx：工作表“培训人员名单”!G4、H4有身份证号或残疾人证号"
        in result.output
    )
    assert "王秀英" not in result.output
    assert "22010219780305002" not in result.output
    assert "fl@pc.jl.gov.cn" not in server.addresses()


def test_a_wrong_password_is_one_sentence_and_nothing_begins(
    home: Path, server: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_book(home, server)
    monkeypatch.setenv("MAIL_PASSWORD", "wrong")
    result = send(home)
    assert result.exit_code == 4
    assert "不认用户名或密码" in result.output
    assert read_ledger(home / "outbox") == ()


def test_an_unknown_certificate_is_one_sentence(home: Path, server: Mailbox) -> None:
    write_book(home, server, ca="")
    result = send(home)
    assert result.exit_code == 4
    assert "证书不可信，已停止。请向信息部门要根证书" in result.output
    assert server.got == []
    assert read_ledger(home / "outbox") == ()


@pytest.mark.parametrize(
    ("how", "expected"),
    [({"days": -2}, "它已过期"), ({"address": "127.0.0.2"}, "它是别的服务器的")],
)
def test_a_certificate_that_is_no_more_or_not_its_own_says_so(
    home: Path, tmp_path: Path, how: dict[str, Any], expected: str
) -> None:
    with mail_server(tmp_path, **how) as mailbox:
        write_book(home, mailbox)
        result = send(home)
    assert result.exit_code == 4
    assert expected in result.output
    assert mailbox.got == []


def test_settings_that_do_not_fit_the_server_say_which(home: Path, tmp_path: Path) -> None:
    with mail_server(tmp_path, security="starttls") as mailbox:
        mailbox.security = "tls"
        write_book(home, mailbox)
        assert "没有按约定加密。请核对 addresses.toml 的 port 和 security" in send(home).output
        write_book(home, mailbox, ca="no.crt")
        assert "no.crt 读不出来，请核对 addresses.toml 的 ca_file" in send(home).output
        write_book(home, mailbox)
        file = home / "addresses.toml"
        file.write_text(file.read_text("utf-8").replace('"MAIL_PASSWORD"', '"OTHER"'), "utf-8")
        with pytest.MonkeyPatch.context() as env:
            env.setenv("OTHER", "口令")
            assert "发信密码里有汉字或全角字符" in send(home).output
    assert mailbox.got == []


def test_a_server_that_goes_away_in_the_middle_leaves_the_rest_for_next_time(
    home: Path, server: Mailbox
) -> None:
    write_book(home, server)
    server.at_login = ["235", "235", *["454 4.7.0 try later"] * 2]  # by both ways to log in
    result = send(home)
    assert result.exit_code == 1
    assert server.addresses() == ["cl@pc.jl.gov.cn"]
    assert result.output.count("服务器中途用不了了：邮件服务器暂时不让登录（454）") == 2
    assert "什么也没有发" not in result.output
    assert send(home).exit_code == 0
    assert server.addresses() == sorted(AGENCIES.values())


def test_a_server_that_says_nothing_is_one_sentence(home: Path) -> None:
    with silent_server() as port:
        write_book(home, Mailbox(port), ca="")
        result = send(home)
    assert result.exit_code == 4
    assert "没有答复（等了 1 秒）" in result.output


def test_a_server_that_is_not_there_is_one_sentence(home: Path) -> None:
    write_book(home, Mailbox(1), ca="")
    assert "连不上邮件服务器 127.0.0.1:1" in send(home).output


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"省残联": "451 4.7.1 Greylisted, try again", "省扶贫办": "550 5.1.1 no such user"}, ("deferred", "refused")),
        ({"省残联": "552 5.3.4 message too big", "省扶贫办": "452 4.2.2 mailbox full"}, ("refused", "deferred")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("when", ["at_rcpt", "at_end"])
def test_who_is_refused_costs_herself_only(
    home: Path, server: Mailbox, when: str, answers: dict[str, str], state: tuple[str, str]
) -> None:
    write_book(home, server)
    for name, answer in answers.items():
        getattr(server, when)[AGENCIES[name]] = [answer]
    result = send(home)
    assert result.exit_code == 1
    assert all(answer in result.output for answer in answers.values())
    assert states(home) == {"省残联": state[0], "省妇联": "accepted", "省扶贫办": state[1]}
    again = send(home)
    assert again.exit_code == 0
    assert server.addresses() == sorted(AGENCIES.values())


def shown_on_page(home: Path) -> dict[str, list[str]]:
    """By recipient what 发送情况.html says: its first cells, as text."""
    page = lxml.html.parse(str(home / "outbox" / "发送情况.html")).getroot()
    return {
        str(head.get("id")): [" ".join(c.text_content().split()) for c in head.itersiblings()]
        for head in page.xpath("//tbody//th[@id]")
    }


def test_the_page_beside_the_months_and_status_say_who_was_told_when(
    home: Path, server: Mailbox
) -> None:
    write_book(home, server)
    server.at_end["fl@pc.jl.gov.cn"] = ["550 no such user"]
    send(home)
    (line,) = [ln for ln in last_of_each(read_ledger(home / "outbox")) if ln.recipient == "省残联"]
    page = shown_on_page(home)
    first, when, address, version = page["2018-11-省残联"][:4]
    assert (first, address, version) == ("已发出", "cl@pc.jl.gov.cn", "第 1 版")
    assert when == line.at[:16].replace("T", " ")
    assert page["2018-11-省妇联"][0] == "被退"
    assert page["2018-11-220103"][0] == "尚未发送"
    file = home / "outbox" / "发送情况.html"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    status = CliRunner().invoke(cli, ["--home", str(home), "status"]).output
    assert f"省残联　cl@pc.jl.gov.cn　第 1 版　{when}　已发出" in status
    assert "尚未发送：9 个单位的材料" in status
    send(home, "--counties", "--yes")
    assert shown_on_page(home)["2018-11-220104"][0] == "没有邮箱，已写草稿"


def test_a_page_over_a_ledger_that_was_changed_says_so(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    send(home)
    ledger = home / "outbox" / LEDGER
    ledger.write_bytes(ledger.read_bytes().replace(b"cl@", b"cx@"))
    assert CliRunner().invoke(cli, ["--home", str(home), "run", PERIOD, "--again"]).exit_code == 1
    assert "与当初写下的不一样" in (home / "outbox" / "发送情况.html").read_text("utf-8")


@pytest.mark.parametrize("how", ["cut", "hang"])
def test_an_answer_that_never_came_needs_a_persons_word(
    home: Path, server: Mailbox, how: str
) -> None:
    write_book(home, server)
    server.at_end["cl@pc.jl.gov.cn"] = [how]
    result = send(home)
    assert result.exit_code == 1
    assert states(home)["省残联"] == "sending"
    again = send(home)
    assert again.exit_code == 1
    assert "不知收到没有" in again.output
    assert server.addresses() == sorted(AGENCIES.values())  # it had arrived, and was not sent again
    status = CliRunner().invoke(cli, ["--home", str(home), "status"]).output
    assert "省残联　cl@pc.jl.gov.cn　第 1 版" in status
    assert "不明" in status
    settled = send(home, "--yes", "--settle", "省残联=已收到")
    assert settled.exit_code == 0
    assert len(server.got) == 3
    assert states(home)["省残联"] == "accepted"


def test_what_did_not_arrive_by_a_persons_word_is_sent_again(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    server.at_end["cl@pc.jl.gov.cn"] = ["cut"]
    send(home)
    server.got.clear()
    assert send(home, "--yes", "--settle", "省残联=未收到").exit_code == 0
    assert server.addresses() == ["cl@pc.jl.gov.cn"]
    assert send(home, "--settle", "省残联=也许").exit_code == 2


def test_a_size_limit_splits_the_mail(home: Path, tmp_path: Path) -> None:
    papers = (home / "outbox" / PERIOD / "报送" / "省妇联").glob("*")
    largest = max(f.stat().st_size for f in papers if f.suffix != ".eml")
    with mail_server(tmp_path, size=int(largest * 1.37) + 25_000) as mailbox:
        write_book(home, mailbox)
        result = send(home)
    assert result.exit_code == 0, result.output
    mails = [email.message_from_bytes(r, policy=email.policy.default) for _, r in mailbox.got]
    mine = [m for m in mails if m["To"] == "fl@pc.jl.gov.cn"]
    assert len(mine) > 1
    assert [str(m["Subject"])[-5:] for m in mine] == [
        f"（{n}/{len(mine)}）" for n in range(1, len(mine) + 1)
    ]
    assert len({m["Message-ID"] for m in mails}) == len(mails)
    names = [name for m in mine for name in attached(m)]
    assert len(names) == len(set(names)) == 3


def test_a_paper_too_large_for_the_server_is_said(home: Path, tmp_path: Path) -> None:
    with mail_server(tmp_path, size=30_000) as mailbox:
        write_book(home, mailbox)
        result = send(home)
    assert result.exit_code == 1
    assert "超过邮件服务器的上限" in result.output


def test_a_changed_byte_in_the_ledger_is_refused(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    send(home)
    file = home / "outbox" / LEDGER
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"accepted", b"refusedd", 1))
    result = send(home)
    assert result.exit_code == 4
    assert "与当初写下的不一样" in result.output
    assert "请从备份恢复" in result.output
    for at in range(0, len(whole) - 1, 97):  # any byte of any line
        for byte in (whole[at] ^ 1, 0x20):
            if byte != whole[at]:
                file.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
                with pytest.raises(Stop, match="与当初写下的不一样"):
                    read_ledger(home / "outbox")
    lines = whole.splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], *lines[3:]]))
    assert send(home).exit_code == 4
    file.write_bytes(b"".join(lines[:-2]))  # a chain whole in itself, and yet not all
    assert "少了后面的几行" in send(home).output
    file.unlink()
    assert send(home).exit_code == 4
    assert len(server.got) == 3


def test_neither_key_nor_password_nor_person_is_written_down(home: Path, server: Mailbox) -> None:
    write_book(home, server)
    result = send(home)
    text = (home / "outbox" / LEDGER).read_text(encoding="utf-8") + result.output
    wire = b"".join(raw for _, raw in server.got).decode("ascii")
    for secret in (KEY, PASSWORD, "王秀英", "22010219780305002"):
        assert secret not in text
        assert secret not in wire


def test_without_addresses_there_are_drafts_for_the_owner_only(home: Path) -> None:
    book = '[[recipients]]\nname = "省残联"\nkey_env = "KEY"\n'
    (home / "addresses.toml").write_text(book, encoding="utf-8")
    result = send(home)
    drafts = {f.name: f for f in (home / "outbox" / "寄件" / PERIOD).iterdir()}
    assert set(drafts) == {"省残联.eml", "省妇联.eml", "省扶贫办.eml"}
    assert result.exit_code == 1
    bare = email.message_from_bytes(
        drafts["省扶贫办.eml"].read_bytes(), policy=email.policy.default
    )
    assert "附件2：2018年11月完成名单.xlsx" in result.output
    assert not [name for name in attached(bare) if "名单" in name]
    assert "本草稿未带附件：附件2：2018年11月完成名单.xlsx" in bare.get_body().get_content()  # type: ignore[union-attr]
    mail = email.message_from_bytes(drafts["省残联.eml"].read_bytes(), policy=email.policy.default)
    assert mail["X-Unsent"] == "1"
    assert opened(attached(mail)["附件2：2018年11月完成名单.zip"], KEY)
    assert stat.S_IMODE(drafts["省残联.eml"].stat().st_mode) == 0o600


def test_what_went_by_hand_is_written_down_and_not_sent_again(home: Path, server: Mailbox) -> None:
    drafts = send(home, "--counties", "--yes")
    assert "send 2018-11 --counties --sent 全部" in drafts.output
    noted = send(home, "--counties", "--sent", "220104")
    assert (noted.exit_code, "朝阳区：记为已自行寄送" in noted.output) == (0, True)
    assert shown_on_page(home)["2018-11-220104"][0] == "已发出"
    assert "已经记为发过" in send(home, "--counties", "--sent", "朝阳区").output
    send(home, "--counties", "--sent", "全部")
    assert set(states(home).values()) == {"accepted"}
    write_book(home, server)
    with (home / "addresses.toml").open("a", encoding="utf-8") as book:
        book.write(
            '\n[[recipients]]\nname = "220104"\nto = ["cyq@pc.jl.gov.cn"]\nkey_env = "KEY"\n'
        )
    again = send(home, "--counties", "--yes")  # now it has an address, and has the papers
    assert "cyq@pc.jl.gov.cn　这些内容已经发过，不再发" in again.output
    assert server.addresses() == []
    assert send(home, "--sent", "没有这家").exit_code == 2


def test_seven_zip_opens_the_archive_with_the_key_and_not_without(
    home: Path, server: Mailbox, tmp_path: Path
) -> None:
    if shutil.which("7z") is None:
        assert "CI" not in os.environ, "7z is installed by .ci/run"
        pytest.skip("7z is not installed")
    write_book(home, server)
    send(home)
    (name, content) = next(
        (n, c) for n, c in attached(parsed(server)["cl@pc.jl.gov.cn"]).items() if n.endswith(".zip")
    )
    file = tmp_path / name
    file.write_bytes(content)

    def extract(key: str) -> int:
        words = ["7z", "x", "-y", f"-p{key}", f"-o{tmp_path / 'out'}", str(file)]
        return subprocess.run(words, capture_output=True, timeout=60, check=False).returncode

    for wrong in ("another", ""):
        assert extract(wrong) != 0
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
    assert extract(KEY) == 0
    assert (tmp_path / "out" / "附件2：2018年11月完成名单.xlsx").read_bytes()[:2] == b"PK"


@needs_office
def test_libreoffice_opens_a_locked_workbook_with_the_key_and_not_without(
    home: Path, server: Mailbox, tmp_path: Path
) -> None:
    write_book(home, server)
    book = home / "addresses.toml"
    text = book.read_text(encoding="utf-8").replace('key_env = "KEY"\n', 'key_env = "KEY"\nlock = "office"\n')  # fmt: skip
    book.write_text(text, "utf-8")
    assert send(home).exit_code == 0
    papers = attached(parsed(server)["cl@pc.jl.gov.cn"])
    file = tmp_path / "list.xlsx"
    file.write_bytes(papers["附件2：2018年11月完成名单.xlsx"])
    whole, *others = opened_with(file, [KEY, "another", ""], tmp_path)
    assert "22010219780305002" in (whole or "")
    assert others == [None, None]


def test_counties_get_their_own_folder_and_those_who_are_late_a_word(
    home: Path, server: Mailbox
) -> None:
    more = '[counties]\nkey_env = "KEY"\n' + "".join(
        f'[[recipients]]\nname = "{code}"\nto = ["c{code}@cc.gov.cn"]\n'
        for code in ("220103", "220105")
    )
    write_book(home, server, more=more)
    result = send(home, "--counties", "--yes")
    assert result.exit_code == 0, result.output
    mails = parsed(server)
    assert sorted(mails) == ["c220103@cc.gov.cn", "c220105@cc.gov.cn"]
    ((name, content),) = attached(mails["c220103@cc.gov.cn"]).items()
    assert name == "宽城区2018年11月退回材料.zip"
    assert set(opened(content, KEY)) == {"宽城区.xlsx", "退回通知.docx"}
    assert "催报二道区" in str(mails["c220105@cc.gov.cn"]["Subject"])
    assert set(attached(mails["c220105@cc.gov.cn"])) == {"催报通知.docx"}
    assert len(list((home / "outbox" / "寄件" / PERIOD).glob("*.eml"))) > 5
    send(home, "--counties", "--yes")
    assert len(server.got) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[counties]\nkey = "x"\n', "里要写 key_file 或 key_env"),
        ('[[recipients]]\nname = "省残联"\nlock = "rar"\n', "只能是 zip、office"),
        ('[[recipients]]\nname = "省残联"\nto = ["a@qq.com"]\n[server]\nhost="h"\nsender="a@b.gov.cn"\ndomains=["gov.cn"]', "不在 [server] domains 准许的范围里"),
        ('[[recipients]]\nname = "省残联"\nto = ["a@b.cn\\nBcc: c@d.cn"]', "不是邮箱地址"),
        ('[[recipients]]\nname = "没有的"\n', "要写机构名或六位单位代码"),
        ('[server]\nhost = "h"\nsender = "a@b.cn"\nsecurity = "none"', "只能是 tls、starttls"),
        ('[server]\nhost = "h"\nsender = "a@b.cn"\npassword = "x"', "不认识的词“password”"),
        ("[mail]\n", "不认识的词“mail”"),
    ],
)  # fmt: skip
def test_a_wrong_address_book_is_said_with_its_line(home: Path, text: str, expected: str) -> None:
    (home / "addresses.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeFault, match=r"addresses\.toml 第 ") as fault:
        read_addresses(home, open_home(home).programme())
    assert expected in str(fault.value)


def test_a_key_lies_outside_the_programme_and_is_its_owners(home: Path) -> None:
    for folder, refusal in (("outbox", "不能放在 outbox 里"), ("keys", "别人也能读")):
        (home / folder).mkdir(exist_ok=True)
        file = home / folder / "k.txt"
        file.write_text("long enough a key\n", encoding="utf-8")
        file.chmod(0o644)
        book = AddressBook(home, None, {"省残联": Recipient("省残联", (), "", f"{folder}/k.txt")})
        with pytest.raises(Stop, match=refusal):
            book.key("省残联")
    (home / "keys" / "k.txt").chmod(0o600)
    assert book.key("省残联") == b"long enough a key"


def test_killed_at_every_step_nobody_has_it_twice_and_none_is_forgotten(tmp_path: Path) -> None:
    """By the system, in a process of its own: before and after every word and every byte on the disk."""
    wanted = sorted(RECIPIENTS.values())
    with mail_server(tmp_path) as mailbox:
        step, ended, in_doubt = 0, None, 0
        while ended is None:
            step += 1
            office = Office(tmp_path / str(step), tmp_path, mailbox.port)
            office.outbox.mkdir()
            mailbox.got.clear()
            ended = killed_at(office, step)
            mailbox.wait_until_quiet()
            for name in office.send():
                in_doubt += 1
                with held_ledger(office.outbox, lambda: "x") as ledger:
                    ledger.settle(PERIOD, name, RECIPIENTS[name] in mailbox.addresses())
            assert office.send() == [], step
            assert mailbox.addresses() == wanted, step
            newest = {ln.recipient: ln.event for ln in last_of_each(read_ledger(office.outbox))}
            assert set(newest.values()) == {"accepted"}, step
    assert ended == step - 1
    assert step > 50
    assert in_doubt > 0


def test_who_sends_while_another_process_sends_is_refused(tmp_path: Path) -> None:
    with mail_server(tmp_path) as mailbox:
        office = Office(tmp_path, tmp_path, mailbox.port)
        other = HeldSender(office)
        with pytest.raises(Stop, match="另一次发送还没有结束"):
            office.send()
        assert mailbox.got == []
        assert other.let_go() == 0
        assert office.send() == []
        assert mailbox.addresses() == sorted(RECIPIENTS.values())
