"""What people write around a day, and what says nothing of it: weekday, hour, 自…起, 共15天."""

from __future__ import annotations

import re
import unicodedata

from pipeline.values.month_names import in_english
from pipeline.values.numerals import in_digits

_PLAIN = re.compile(r"[\d.\-/]{1,24}", re.ASCII)
_HOUR = r"(?:[01]?\d|2[0-4])(?:[:时点]\d{0,2}){1,2}(?:分|半|整)?(?:\d{1,2}秒?)?(?:\.\d{1,6})?"
_INSIDE = re.compile(
    r"\(?(?:星期|周|礼拜)[一二三四五六日天1-7]\)?[,、]?|(?<=[\d日号])\([一二三四五六日天]\)"
    rf"|\(?(?:上午|下午|早上|中午|晚上|全天|凌晨)(?:{_HOUR})?\)?"
    r"|(?<=\d)T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?"
    rf"|(?<=[日号\s]){_HOUR}(?:[+-]\d{{2}}:?\d{{2}})?|(?<=[日号])零[时点]"
    r"|\((?:农历|阴历|旧历)[^()]{1,12}\)",
    re.ASCII,
)
_LASTS = re.compile(
    r"[,;、.\s]*[(\[](?:总共|合计|共计|历时|为期|累计|共)[^()\[\]]{1,20}[)\]]$"
    r"|[,;、.\s]*[(\[]?\s*(?:总共|合计|共计|历时|为期|累计|培训|共|计|历){1,2}"
    r"\s*\d{1,3}\s*个?(?:天|日|工作日|课时|学时|周|星期|月)(?:时间)?\s*[)\]]?\s*$"
    r"|[,;、\s]+每[天日].{1,12}$"
    r"|(?:[,;、\s]+|(?<=[日号])|(?=[(\[]))[(\[]?\s*\d{1,3}\s*个?(?:天|工作日|课时|学时|周)班?\s*[)\]]?\s*$",
    re.ASCII,
)
_BEFORE = re.compile(
    r"^(?:自|从|于|由|起于|开始于|公元|开班|开始|起始|起)[::]?(?=\d)|^(?:至|到|止于|截止|截至|结束于|结束|结业)[::]?(?=(?:19|20)\d{2})|^(?:总共|共|为期|历时)\d{1,3}[天日][(:,;\s]*|^(?:开班|开始|起始|培训|就业|结业)?(?:时间|日期)[::]"
)
_BEHIND = re.compile(
    r"(?<=[\d年月日号])(?:起|始|开始|开班|止|截止|结束|结业|为止)(?=$|[\-—–~至到,])"
)
# a word between two days that says where the second begins: 起2018.9.1止2018.9.15
_SECOND = re.compile(
    r"(?<=[\d日号])[\s,;]*(?:起|止|结束|结业|截止)[::]?\s*(?=(?:19|20)\d{2}\D)"
    r"|(?<=[日号])起[\s,;]*(?=\d{1,2}[月日])",
    re.ASCII,
)
_DOT = re.compile(r"(?<=\d)[·•・_](?=\d)", re.ASCII)
_YEAR_BEHIND = re.compile(r"(\d{1,2}月\d{1,2}[日号]?)[(]((?:19|20)\d{2})年?[)]", re.ASCII)
_YEAR_ABOVE = re.compile(r"((?:19|20)\d{2})\s+(\d{1,2})([月.\-/])(\d{1,2})[日号]?", re.ASCII)
# what goes on since: no finish is said
LONGEST = 64  # characters; what is longer is no date
_NO_END = re.compile(
    r"(?P<start>.*\d\D*?)[\s,;(]*(?:[-—–~～至到]{0,3}(?:至今|迄今|到?现在|至?目前|今|在岗|在职|长期|无固定期限?|持续)|[-—–~～]{1,3}|(?<=[日号])[至到])[)]?\s*"
)
_THREE = re.compile(r"((?:19|20)\d{2})([, ])(\d{1,2})\2(\d{1,2})", re.ASCII)
_UNSEEN = ("Cf", "Mn")


def without_words(text: str) -> str:
    """A text that may say a day or a span, in NFKC, without what says nothing of the days.

    >>> without_words("2018年9月1日 星期六"), without_words("2018-09-01T00:00:00"), without_words("二〇一八年九月一日起")
    ('2018年9月1日', '2018-09-01', '2018年9月1日')
    >>> without_words("自2018年9月1日起至9月15日止，共15天"), without_words("2018.9.1-9.15（15天）")
    ('2018年9月1日至9月15日', '2018.9.1-9.15')
    >>> without_words("2018年9月1日—15日(上午)"), without_words("2018/9/1（周六）"), without_words("待定")
    ('2018年9月1日—15日', '2018/9/1', '待定')
    """
    if _PLAIN.fullmatch(text):
        return text
    folded = unicodedata.normalize("NFKC", text).strip()
    if not folded.isprintable() or not folded.isascii():
        folded = "".join(c for c in folded if unicodedata.category(c) not in _UNSEEN)
    plain = _DOT.sub(".", _INSIDE.sub("", in_digits(folded)).strip())
    while (shorter := _LASTS.sub("", plain).strip()) != plain:  # 15日，15天，120课时
        plain = shorter
    plain = _SECOND.sub("至", _BEFORE.sub("", plain))
    plain = _BEHIND.sub("", plain).strip(" ,;、`")
    if "(" not in plain[1:] and ")" not in plain[:-1]:  # nothing but the whole is in brackets
        plain = plain.strip("()")
    if match := _THREE.fullmatch(plain):
        return f"{match[1]}.{match[3]}.{match[4]}"
    if match := _YEAR_BEHIND.fullmatch(plain):
        return f"{match[2]}年{match[1]}"
    if match := _YEAR_ABOVE.fullmatch(plain):
        return f"{match[1]}.{match[2]}.{match[4]}"
    return in_english(plain)


def without_end(text: str) -> str:
    """What stands before 至今, or before a dash behind which nothing stands; '' where neither does.

    >>> without_end("2018年10月8日至今"), without_end("2018.10.8—"), without_end("2018年10月8日（在岗）")
    ('2018年10月8日', '2018.10.8', '2018年10月8日')
    >>> without_end("2018.10.8"), without_end("至今")
    ('', '')
    """
    if len(text) > LONGEST:  # no day is written so long, and the search is quadratic
        return ""
    match = _NO_END.fullmatch(unicodedata.normalize("NFKC", text))
    return match["start"] if match else ""
