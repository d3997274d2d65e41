"""What speaks for and against a column being a field, and how much: every weight and margin in one place.

Points add up. A column under a header we know is its field. Under any other it is a field, with a warning,
when what speaks for it, less what speaks against, reaches `LIKELY`; below, it is the county's own. `NEVER` is a contradiction: no number of points makes up for
it, however short the list (a column of 是/否 is no date). Measured by `benchmarks/recognition.py`, which
prints what each kind of evidence is worth by leaving it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NEVER = -1000.0

# ------------------------------------------------------------------ the decision
LIKELY = 4.0  # from here on it counts with a warning; below it is the county's own
MARGIN = 2.0  # by which the best reading must lead the next one
MARGIN_OF_UNKNOWN = 6.0  # the same where the header says nothing of the field, or names an event or a person nobody knows

# ------------------------------------------------------------------ the words of a header
KNOWN = 8.0  # it is one of the field's own headers
KNOWN_BELOW_GROUP = 7.5  # with what stands above it, or without what stands in brackets behind it
HOLDS_KNOWN = 4.5  # one of them stands in it, or it in one of them, with little else beside
SOUNDS_KNOWN = 5.0  # it sounds like one of them: 名族
ALIKE_MOST = 4.5  # by common characters, from ALIKE_FROM upwards
ALIKE_FROM = 0.45
HEAD_FITS = 1.5  # what it ends in says the kind: …时间, …号, 是否…
HEAD_AGAINST = -6.0
HOLDS_AKIN = 3.6  # such a word stands in it
NOT_SAID = -1.5  # a name, a day, a phone under a header that says nothing of the field
AKIN = 4.0  # it is a word that mostly means the field where no other column does: 脱贫户
OTHER_EVENT = -8.0  # …时间 of what a word list says is another event: 发证, 报名
UNKNOWN_EVENT = -2.5  # …时间, …日期 of something no header of the field speaks of: 体检
UNKNOWN_WHOSE = -5.0  # …电话, …姓名 of somebody whom no word list knows
RIGHT_END = 2.0  # says start where start is meant, finish where finish is
WRONG_END = -5.0

# ------------------------------------------------------------------ what the cells hold
# a column that reads wholly as the field, by the field's kind; scaled by the share that does
HOLDS: Mapping[str, float] = {
    "certificate": 7.0,
    "id": 6.0,
    "phone": 4.0,
    "span": 4.0,
    "category_grade": 4.0,
    "code": 5.0,
    "birth": 3.0,
    "day": 3.0,
    "name": 4.0,
    "number": 1.5,
    "text": 0.0,
}
INSTEAD = 7.0  # it holds both parts of what its header names one of
YES_OR_NO = 0.5  # of a code of which 是 and 否, or 1 and 2 are said: many a column holds them
FEW = 1.0  # so many cells count half: three of three say less than thirty of thirty
UNFIT = -3.0  # hardly any cell reads as the field, though none says it is another
HARDLY, MOSTLY = 0.2, 0.8
SAME_FOR_ALL = -3.0  # of a name or a number that should differ from person to person

# ------------------------------------------------------------------ what columns say of each other
REPEATS_NUMBER = 6.0  # the certificate begins with the number, row by row
OTHER_PERSONS_NUMBER = -9.0  # another number stands where the certificate begins with hers
BIRTH_OF_NUMBER = 5.0  # the birth date is the number's
NOT_BIRTH_OF_NUMBER = -6.0
DIGITS_OF_NUMBER = 3.0  # category and grade are those the certificate ends in
NOT_DIGITS_OF_NUMBER = -1.5
UNITS = 3.5  # nothing but several counties' names stands there
START_BEFORE_FINISH = 2.0
START_AFTER_FINISH = -5.0
IN_RETURN_YEAR = 2.0
NOT_IN_RETURN_YEAR = -4.0


@dataclass(frozen=True)
class Evidence:
    """One thing that speaks for (or against) a column being a field, in words a clerk understands."""

    what: str
    points: float
    half: bool = False  # the header stands over two columns, of which this is one

    @property
    def never(self) -> bool:
        """Whether it is a contradiction."""
        return self.points <= NEVER


# what a header ends in, or begins with, and the kinds of field that go with it
@dataclass(frozen=True)
class Head:
    """A noun that tells the kind of a column: 时间 ends a day's header, 是否 begins a yes or no."""

    word: str
    begins: bool
    kinds: frozenset[str]


def _heads(kinds: str, words: str, *, begins: bool = False) -> tuple[Head, ...]:
    return tuple(Head(word, begins, frozenset(kinds.split())) for word in words.split())


# the longest that fits is the one that speaks
HEADS = (
    *_heads("code text", "是否 有无 能否 可否 有没有 是不是", begins=True),
    *_heads("day span birth", "何时 哪天 几时", begins=True),
    *_heads("code text", "与否 情况 状况"),
    *_heads("day span birth", "时间 日期 年月 年月日 月份 日子 起止 时段 起 止 首日 末日 期间"),
    *_heads("day span", "一天 几号 几日 起讫 起迄 从 到"),
    *_heads("birth", "出生 生日 出生日"),
    *_heads("id certificate text", "号 号码 证号 编号 证件 证"),
    *_heads("phone text", "电话 手机 手机号 手机号码 电话号 电话号码 联系方式 联系号码"),
    *_heads("name", "姓名 名字 大名 全名"),
    *_heads("name text code", "名称"),
    *_heads("text number", "(元) 收入 工资 金额 补贴 增收 报酬 薪酬"),
    *_heads("text number", "天数 人数 课时 学时 次数 年龄 周岁 岁数 数"),
    *_heads("text number", "年份 年度"),
    *_heads("text", "村 屯 社区 乡 镇"),
    *_heads("text", "地址 住址 地点 住处"),
    *_heads("code category_grade text", "类别 类型 等级 级别 形式 方式 项目 程度 性质 种类"),
)
# what tells a start from a finish, anywhere in a header; and what does at its end
BEGINS = ("开", "始", "起", "自", "初", "首日", "第一天")
ENDS = ("结", "止", "终", "毕", "至", "末日", "最后一天")
FROM, TO = "从", "到"
