"""The rules that the program itself reports by: their codes, and the slots their messages must hold.

What is checked in a roster is the programme's affair; these are found in reading and comparing, and a
programme only says their words and their weight. `common.toml` has them all.
"""

from __future__ import annotations

from collections.abc import Mapping

# (slots the message must hold, slots it may hold)
Slots = tuple[frozenset[str], frozenset[str]]


def _slots(needed: str = "", may: str = "") -> Slots:
    return frozenset(needed.split()), frozenset(f"{needed} {may}".split())


ENGINE_RULES: Mapping[str, Slots] = {
    "F01": _slots("reason remedy"),
    "F02": _slots("", "reason remedy"),
    "F03": _slots("reason"),
    "F04": _slots(),
    "F05": _slots("reason remedy"),
    "F06": _slots(),
    "F07": _slots(),
    "F08": _slots("other"),
    "F09": _slots("example"),
    "F10": _slots("reason"),
    "F11": _slots("other"),
    "F12": _slots("other"),
    "F13": _slots(),
    "S01": _slots("labels"),
    "S02": _slots("label columns"),
    "S03": _slots("header"),
    "S04": _slots("what"),
    "S05": _slots("stated rows"),
    "S06": _slots("label stated filed difference"),
    "S07": _slots("row text"),
    "S08": _slots("what summed stated"),
    "S09": _slots("text"),
    "S10": _slots("header label"),
    "S11": _slots("header readings"),
    "S12": _slots("label columns kept"),
    "S13": _slots("header first second"),
    "S14": _slots("header label taken"),
    "S15": _slots("column label"),
    "S16": _slots("column"),
    "S17": _slots("value"),
    "S18": _slots("row", "text"),
    "S19": _slots("row"),
    "S20": _slots("label rules"),
    "S21": _slots("made stated"),
    "S22": _slots("header label reason"),
    "S23": _slots("text"),
    "S24": _slots("one other stands"),
    "S25": _slots("one other"),
    "S26": _slots("text", "filer"),
    "S27": _slots("stated folder"),
    "S28": _slots("other count why"),
    "S30": _slots("count places"),
    "S31": _slots(),
    "S32": _slots("what"),
    "S33": _slots(),
    "S34": _slots("count place"),
    "S35": _slots(),
    "S36": _slots("text"),
    "S37": _slots("what first second"),
    "S38": _slots("count"),
    "S39": _slots("text count"),
    "S40": _slots("label text"),
    "S41": _slots("text"),
    "S42": _slots("header labels"),
    "S43": _slots("count"),
    "S44": _slots("sheet", "shared"),
    "S45": _slots("sheet shared"),
    "S46": _slots("header text"),
    "S47": _slots("label other"),
    "S48": _slots("count"),
    "C01": _slots("value"),
    "C02": _slots("value"),
    "C03": _slots("count"),
    "C04": _slots("count"),
    "U01": _slots("where"),
    "U03": _slots("others reason keeper"),
    "U04": _slots("other"),
    "U05": _slots("other"),
    "U06": _slots(),
    "U07": _slots("text"),
    "U08": _slots("line rule", "until"),
    "U09": _slots("line rule until"),
    "U10": _slots("changed"),
    "U11": _slots("why"),
    "U12": _slots("text"),
    "T20": _slots("kind file place"),
    "T21": _slots("kind before gone"),
    "T22": _slots("kind file place other"),
    "T23": _slots("kind row evidence"),
}
# what a rule is told of that a reference list reports under: a status on it, or that she is not on it
OF_A_STATUS = frozenset({"label", "status", "when"})
OF_THE_UNLISTED = frozenset({"label"})

# the words of [words] that reading looks for; a programme without the optional ones has no such papers
WORDS_NEEDED = frozenset({"filer", "filed_on", "nil", "subtotal"})
WORDS_OPTIONAL = frozenset(
    {
        "region", "task_titles", "total_done", "total_of_year", "total_new", "total_rows",
        "practice", "problem", "later_version", "earlier_version", "nothing_new", "other_person", "offices",
        "own_person", "herself", "other_event", "not_done", "registered_count", "survey_count",
    }
)  # fmt: skip

# the papers that are filled from templates/<programme>/
TEMPLATES = (
    "全省汇总表.xlsx", "完成名单.xlsx", "减少名单.xlsx", "优先更正清单.xlsx", "待裁定.xlsx",
    "情况报告.docx", "情况通报.docx", "各地经验和问题.docx", "退回通知.docx", "核实通知.docx", "催报通知.docx",
    "核对结果.xlsx", "邮件.txt", "退回邮件.txt", "催报邮件.txt",
    "index.html", "发送情况.html", "页头.html", "页面样式.css", "页面动作.js", "规则手册.xlsx", "规则手册.md",
    "更正说明.docx", "更正说明.xlsx", "名字一览.xlsx", "绩效评价.xlsx", "专项检查表.xlsx", "抽样说明.xlsx",
)  # fmt: skip
