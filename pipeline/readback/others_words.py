"""What others wrote into a paper is theirs: it is taken out before the numbers are looked at."""

from __future__ import annotations

import re

from pipeline.readback.clauses import unit_before
from pipeline.readback.month_facts import Facts

_QUOTED = re.compile(r"“[^“”]*”")
# what holds digits and is no figure: titles, document numbers, annexes, tables and charts, telephones, numbering
_NO_FIGURE = re.compile(
    r"《[^》]*》|〔\d{4}〕\s*\d+\s*号|附件[:：]?\s*\d*(?:[．.]|(?=\D)|$)|[表图]\d+|\d{3,4}-\d{7,8}|\d{11}"
    r"|^\s*\d+[．.、]"
)
_SAID_BY = re.compile(r"(\d+)个县（市、区）(?:反映|(?:做法相近|反映类似)，如[^“，]*)?$")
_OF_UNITS = re.compile(r"(?:反映|个县（市、区）|，如[^“，]*)$")  # what stands before their words
_NO_QUOTES = str.maketrans("", "", "“”‘’")
_LONG_TEXT = 4  # characters from which a text is no number that happens to be written


def own_words(text: str, facts: Facts) -> tuple[str, list[str]]:
    """The text with what others wrote blanked out, as long as before, and quotations that nobody wrote.

    An account that stands alone, with a remark behind it or none, is theirs from end to end.
    """
    if any(_is_account(text, account) for account in facts.accounts):
        return _blank(text), []
    faults: list[str] = []
    for quotation in _QUOTED.findall(text):
        inner = _unquoted(quotation).rstrip("。")
        counts = {n for written, n in facts.sayings if inner in _unquoted(written)}
        if counts or any(inner in _unquoted(account) for account in facts.accounts):
            speaker = _SAID_BY.search(text[: text.find(quotation)])
            if counts and speaker and int(speaker[1]) not in counts:
                faults.append(f"{quotation}是{max(counts)}个单位所写，写成了{speaker[0]}")
            text = text.replace(quotation, f"“{_blank(quotation[1:-1])}”")
    for other in facts.texts:
        if len(other) >= _LONG_TEXT:
            text = text.replace(other, _blank(other))
    for quotation in _QUOTED.findall(text):
        before = text[: text.find(quotation)]
        if re.search(r"\d", quotation):
            if _OF_UNITS.search(before) or unit_before(before, facts):
                faults.append(f"引文{quotation}与各地所写不符")
            text = text.replace(quotation, f"“{_blank(quotation[1:-1])}”")
    return _NO_FIGURE.sub(lambda m: _blank(m[0]), text), faults


def quotations(text: str) -> int:
    """How many quotations a text has."""
    return len(_QUOTED.findall(text))


def _is_account(text: str, account: str) -> bool:
    rest = text[len(account) :]
    return text.startswith(account) and (not rest or bool(re.fullmatch(r"（\D*）", rest)))


def _unquoted(text: str) -> str:
    return text.translate(_NO_QUOTES)


def _blank(text: str) -> str:
    return "·" * len(text)
