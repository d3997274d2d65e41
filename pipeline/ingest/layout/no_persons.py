"""What a row says that is no person: totals, footers, notes, stamps, end marks, padding."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.values import compact, fold, in_digits, is_nothing

_SAID = r"(?P<count>\d+|[一二三四五六七八九十廿壹贰叁肆伍陆柒捌玖拾两]{1,3}(?=人|名))"
TOTAL = re.compile(
    rf".{{0,12}}(合计|小计|总计|共计|总人数|总共|人数)(人数)?[::]?(为|有)?{_SAID}?(人|名)?",
    re.ASCII,
)
# a total that a note says: 以上共3人
TOTAL_IN_NOTE = re.compile(
    rf"[(（]?(?:以上|本表|全表)(?:人员|名单)?(?:合计|共计?|总计|总共)(?:有)?{_SAID}(?:人|名)",
    re.ASCII,
)
FOOTER = re.compile(
    r"(单位|部门)?(主要)?(负责人|审核人?|复核人?|填表人|制表人?|填报人|上报人|报送人|统计人|经办人|经手人|联系人|领导|法人代表|法定代表人?|法人)(姓名)?"
    r"(签字|签名|签章|盖章)?(\([^()]*\))?[::].*"
    r"|(注|备注|说明|填表说明|注意事项|备注说明)[::].*|注\d?[、.].*|注|注释|(填表|填报)说明|其中[::]?"
)
# what may stand above the header as well as below the rows
FILING = re.compile(
    r"(填报|填表|上报|报送|制表)(单位|日期|时间)(\([^()]*\))?[::]?.*|日期[::].{0,20}"
)
SAMPLE = re.compile(
    r"[(【\[]?(例|(填写|填表)?(示例|样例|范例)|举例|例如|示例行)\d?[)】\]]?[::]?"
    r"|([(【\[](例|示例|样例|范例)[)】\]]|(例|示例|样例|范例|举例)[::]).{1,12}"
)
_SIGNER = re.compile(
    r"(?:单位|部门)?(?:主要|主管|分管)?(?:负责人|审核人?|复核人?|填表人|制表人?|填报人|经办人|联系人|领导|校对人?|法人代表|法定代表人?|法人|(?:授课|培训|任课)?(?:教师|老师|讲师)|班主任|带班人?|组长)(?:姓名)?(?:签字|签名|签章|盖章)?(?:\([^()]*\))?"
)
# what ends the name of an office or a firm; nobody of so many characters is called so
_FIRM = re.compile(
    r".{3,}(?:服务所|中心|局|科|站|委员会|委|厅|学校|公司|协会|合作社|联合会|基地|车间|机构)"
)
# where a list ends, who stamps it, what is said of the sheet itself: none of it is a name
_NOTE = re.compile(
    r"[-—_=*/(【\[※★☆●■◆▲]*(?:"
    r"(?:本|此|该)?(?:表|页|栏|处|行)?(?:以下|下面|至此|到此)(?:均|都)?(?:为|是)?(?:空[白格]?|无|没有|不填|略|为止|结束|完)"
    r"(?:正文|内容|人员|数据|文字|记录|名单|行|了)?|无以下.{0,6}|年月日|[※★☆*_=—–~·.…。√×✓○●◎■□/\\|+#-]+"
    r"|(?:以上|上述)?(?:情况|数据|内容|名单)?(?:已|经)*(?:核实|核对|审核|确认)?[,，]?(?:情况|均|全部)?(?:属实|无误).{0,6}"
    r"|同意(?:上报|报送|申报).{0,4}|待续|未完|截止"
    r"|以下(?:空白|空格|空行)?(?:作废|无效)"
    r"|(?:以上|上述)(?:人员|名单|内容|数据|信息)?.{0,20}"
    r"|空[白格行]{0,2}|[….。.]{2,}|承[前上]页|过次页|转次页|正文完|无正文|(?:全文|全表|全部|名单|名册|表格|本表)?(?:完|完毕|完了|结束|终|止)|end|theend"
    r"|(?:此|本|该)(?:表|页|名单|花名册).{0,60}|一式.{1,3}份.{0,20}|附[::件表].{0,40}"
    r"|.{0,30}(?:盖章|公章|签章|印章|签字|签名|签发)(?:处|栏)?.{0,4}"
    r"|(?:共|合计|总计|总共)\d{0,6}(?:人|名|页|张|行|条).{0,10}|第\d{1,4}页.{0,12}|\d{1,4}/\d{1,4}页?"
    r"|.{2,30}(?:花名册|名册|名单|一览表|汇总表|统计表|登记表|情况表)(?:\([^()]{1,6}\))?|(?:补充|新增|增补|续报|追加)(?:人员|学员)?(?:如下)?[::]?"
    r"|(?:未|不)?(?:另附|见附表|见附件|详见).{0,30}|续(?:上|下)?[页表]?|接(?:上|下)[页表]|转下页|(?:抄送|抄报|主送|报送|呈报)[::].{0,40}|.{2,8}率(?:为|达到?)?[::]?\d{1,3}(?:\.\d+)?%.{0,20}|(?:制表|打印|导出)(?:人|日期|时间|于).{0,30}"
    r")[-—_=*/)】\].。!！]*",
    re.ASCII | re.IGNORECASE,
)
_PADDING = re.compile(
    r"[0-]+(?:[.,]0+)?|#.{1,20}|n/?a|null|none|nan|FALSE|TRUE|0:00(?::00)?|00:00(?::00)?|1900[-/.]0?1[-/.]0?[01]?|1899-12-3[01]"
    r"|1900年0?1月0?[01]日|0%|¥?0(?:\.0+)?元?",
    re.ASCII | re.IGNORECASE,
)
_SERIAL = re.compile(r"[(]?\d{1,5}[).、]?", re.ASCII)
_DAY = re.compile(r"(?:19|20)?\d{2}[年.\-/]\d{1,2}(?:[月.\-/]\d{1,2})?[日号月]?|年月日", re.ASCII)
# what heads a part of a list and nobody is called: a township, a workshop, a class
_PART = re.compile(
    r".{2,}(?:乡|镇|街道|社区|合作社|车间|基地|公司|工厂|村|屯|班|期|组|厂|店|队|坊)"
)
_NOBODYS_END = ("乡", "镇", "街道", "社区", "合作社", "车间", "基地", "公司", "工厂")
_DIVISIONS = frozenset("部科室股处")  # what ends the name of an office's part: 县残联教就部
_STAMP = re.compile(r"代?章$|[(（].{0,8}[)）]$")
_DATED = re.compile(r"(?:19|20)?\d{2}[年.\-/]\d{1,2}[月.\-/]\d{1,2}[日号]?$", re.ASCII)
_LONGEST_OFFICE = 30
_LONGEST_NOTE = 120  # characters


def is_note(text: str) -> bool:
    """Whether a cell says something of the list, and can be nobody's name or number.

    >>> [is_note(t) for t in ("以下空白", "（以下无正文）", "完", "某县（盖章）", "此表一式两份", "情况属实", "※※※")]
    [True, True, True, True, True, True, True]
    >>> [is_note(t) for t in ("完颜秀英", "王秀梅", "章以下", "乌云其其格", "")]
    [False, False, False, False, False]
    """
    note = compact(text)
    return 0 < len(note) <= _LONGEST_NOTE and _NOTE.fullmatch(note) is not None


def is_office(text: str, words: Iterable[str]) -> bool:
    """Whether a cell names an office, alone or with the room for its stamp: one of the words ends it.

    >>> [is_office(t, ["民政局"]) for t in ("某县民政局", "某县民政局救助处", "某县民政局2018年11月28日", "王秀梅", "陈科")]
    [True, True, True, False, False]
    """
    name = _STAMP.sub("", _DATED.sub("", in_digits(fold(text))))
    if len(name) > _LONGEST_OFFICE:
        return False
    words = tuple(words)
    if name.endswith(words) or _FIRM.fullmatch(name):
        return True
    return name[-1:] in _DIVISIONS and any(word in name for word in words)


def heads_a_part(text: str, *, a_name: bool) -> bool:
    """Whether a line that says nothing else heads a part of the list; `a_name`: it could be somebody's.

    >>> [heads_a_part(t, a_name=n) for t, n in (("永安乡", False), ("高家店镇", True), ("光明村", False), ("张晓村", True))]
    [True, True, True, False]
    """
    match = _PART.fullmatch(compact(text))
    return match is not None and (not a_name or match[0].endswith(_NOBODYS_END))


def signs(texts: Iterable[str]) -> bool:
    """Whether a line is one of those who signed, each word and each name in a cell of its own.

    >>> signs(["填报人", "张某", "审核人", "李某"]), signs(["4", "王秀英", "联系人"])
    (True, False)
    """
    cells = list(texts)
    return bool(cells) and _SIGNER.fullmatch(cells[0]) is not None


def is_footer(text: str) -> bool:
    """Whether a line that begins so is a filing line or names who signed.

    >>> is_footer("填表人：王某"), is_footer("填报日期"), is_footer("姓名")
    (True, True, False)
    """
    line = compact(text)
    return FOOTER.fullmatch(line) is not None or FILING.fullmatch(line) is not None


def is_padding(text: str, kind: str) -> bool:
    """Whether a cell shows what a form shows that nobody filled in: 0, #N/A, nothing.

    >>> [is_padding(*cell) for cell in (("0", "n"), ("#N/A", "e"), ("0", "s"), ("00:00:00", "d"), ("无", "s"))]
    [True, True, True, True, True]
    >>> [is_padding(*cell) for cell in (("1", "n"), ("王秀梅", "s"), ("2018-09-01", "d"))]
    [False, False, False]
    """
    return kind in ("", "e") or is_nothing(text) or _PADDING.fullmatch(compact(text)) is not None


def is_serial(text: str) -> bool:
    """Whether a cell holds nothing but a row's number."""
    return _SERIAL.fullmatch(text) is not None


def is_bare_day(text: str) -> bool:
    """Whether a cell holds nothing but a day, or the room for one (年 月 日)."""
    return _DAY.fullmatch(in_digits(compact(text))) is not None
