"""One column weighed against one field: words, cells and what other columns say, in points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.ingest.layout import plain
from pipeline.ingest.recognition import relations, weights
from pipeline.ingest.recognition.contents import CONTRADICTS, Seen
from pipeline.ingest.recognition.relations import Sheet
from pipeline.ingest.recognition.spelling import Spellings
from pipeline.ingest.recognition.weights import Evidence
from pipeline.programme import Field, Programme

NOT_USED = ""  # a clerk's answer: this column is none of ours
_MEANINGS = {
    "id": "身份证号", "certificate": "残疾人证号", "day": "日期", "span": "起止日期", "phone": "电话号码",
    "yes_no": "是或否", "no_digit": "不含数字的文字", "number": "数字", "name": "姓名",
}  # fmt: skip
_DIFFER = frozenset(
    {"id", "certificate", "name", "phone"}
)  # kinds that differ from person to person
_FEWEST_ALIKE = 3
_ANSWERED = 100.0


@dataclass(frozen=True)
class Weighed:
    """One column weighed against one field."""

    column: int
    field: str
    evidence: tuple[Evidence, ...]
    by_words: float = 0.0  # what the header alone says for it

    @cached_property
    def points(self) -> float:
        """All that speaks for it, less what speaks against."""
        return sum(e.points for e in self.evidence)

    @cached_property
    def spoken_for(self) -> float:
        """All that speaks for it, whatever speaks against."""
        return sum(e.points for e in self.evidence if e.points > 0)

    @property
    def known(self) -> bool:
        """Whether the header is one of the field's own, or a clerk said so."""
        return any(
            e.points in (weights.KNOWN, weights.KNOWN_BELOW_GROUP, _ANSWERED) for e in self.evidence
        )

    @property
    def margin(self) -> float:
        """By how much it must lead another column that holds the field as well."""
        unsaid = self.of_unknown or self.by_words < weights.HEAD_FITS
        return weights.MARGIN_OF_UNKNOWN if unsaid else weights.MARGIN

    @property
    def of_unknown(self) -> bool:
        """Whether the header names an event or a person that nobody knows."""
        return any(
            e.points in (weights.UNKNOWN_EVENT, weights.UNKNOWN_WHOSE) for e in self.evidence
        )

    @property
    def of_another(self) -> bool:
        """Whether the header or the cells say that it is of another event or person."""
        return any(
            e.points in (weights.OTHER_EVENT, weights.OTHER_PERSONS_NUMBER) for e in self.evidence
        )

    @property
    def unfit(self) -> bool:
        """Whether hardly any of its cells reads as the field."""
        return any(e.points == weights.UNFIT for e in self.evidence)

    @property
    def contradicted(self) -> bool:
        """Whether something in it can never be."""
        return self.points <= weights.NEVER / 2


def weigh(
    sheet: Sheet, kind: str, spellings: Spellings, answers: Mapping[str, str]
) -> Iterator[Weighed]:
    """Every column of a sheet against the fields of a kind of roster; a known header against its own
    field first, and against the others only where its cells say otherwise."""
    programme = spellings.programme
    halves = _halves(sheet, kind, spellings)
    dated = _says_when(sheet, kind, spellings)
    for seen in sheet.columns:
        answer = answers.get(sheet.called(seen))
        if answer == NOT_USED:
            continue
        own = spellings.known_as(seen.path, kind) if seen.path and answer is None else None
        fields = programme.fields_of(kind)
        if own and seen.column not in halves:
            # its own header: the other fields are asked only where the cells contradict it
            of = programme.field[own[0]]
            first = _weighed(seen, of, sheet, kind, spellings, halves, answer)
            yield first
            spans = of.kind == "text" and not dated and seen.share("span") >= weights.MOSTLY
            if not first.contradicted and not first.unfit and not spans:
                continue
            fields = [f for f in fields if f.name != of.name]
            for other in fields:
                w = _weighed(seen, other, sheet, kind, spellings, halves, None)
                yield _instead(w, seen, of, sheet, kind, programme, dated=dated)
            continue
        for of in fields:
            if answer in (None, of.name):
                yield _weighed(seen, of, sheet, kind, spellings, halves, answer)


def _says_when(sheet: Sheet, kind: str, spellings: Spellings) -> bool:
    """Whether a header of ours stands there for the day on which she began."""
    start = spellings.programme.kind[kind].start
    return any(
        start in (name, *spellings.programme.field[name].fills)
        for seen in sheet.columns
        if seen.path and (known := spellings.known_as(seen.path, kind))
        for name in (known[0],)
    )


def _weighed(
    seen: Seen,
    of: Field,
    sheet: Sheet,
    kind: str,
    spellings: Spellings,
    halves: Mapping[int, str],
    answer: str | None,
) -> Weighed:
    programme = spellings.programme
    words = _words(seen, of, kind, spellings, halves, answered=answer is not None)
    known = any(e.points >= weights.KNOWN_BELOW_GROUP for e in words)
    spans = any(of.name in f.fills for f in programme.fields_of(kind))
    cells = list(_cells(seen, of, programme, known=known, spans=spans))
    roster = programme.kind[kind]
    if known and of.name == roster.role("name") and roster.role("person"):
        cells += _no_names(seen, of, programme)
    about = relations.evidence(seen, of, roster, sheet, programme)
    by_words = sum(e.points for e in words)
    return Weighed(seen.column, of.name, (*words, *cells, *about), by_words)


def _instead(
    w: Weighed,
    seen: Seen,
    known: Field,
    sheet: Sheet,
    kind: str,
    programme: Programme,
    *,
    dated: bool,
) -> Weighed:
    """A column that does not hold what its header says, but wholly what goes with it: both parts of what
    the header names one of, the certificate for the number; in a list that says nowhere when she began, the
    time itself under a word for how long it was (培训周期)."""
    of = programme.field[w.field]
    beside = known.name in of.fills or {known.kind, of.kind} == {"id", "certificate"}
    if known.kind == "text" and not dated:
        beside = programme.kind[kind].start in of.fills
    if not beside or seen.share_of(of, programme) < weights.MOSTLY:
        return w
    words = Evidence("表头说的是它的一部分，内容是它", weights.INSTEAD)
    cells = _cells(seen, of, programme, known=True, spans=True)
    about = relations.evidence(seen, of, programme.kind[kind], sheet, programme)
    return Weighed(w.column, w.field, (words, *cells, *about))


def _words(
    seen: Seen,
    of: Field,
    kind: str,
    spellings: Spellings,
    halves: Mapping[int, str],
    *,
    answered: bool,
) -> tuple[Evidence, ...]:
    if answered:
        return (Evidence("汇总人员认定", _ANSWERED),)
    if halves.get(seen.column) == of.name:
        return (Evidence("一个表头下的两列，依次是起和止", weights.KNOWN_BELOW_GROUP, half=True),)
    return tuple(spellings.evidence(seen.path, of, kind))


def _halves(sheet: Sheet, kind: str, spellings: Spellings) -> dict[int, str]:
    """A header that fills two fields, over two columns that each hold one: start and finish, say."""
    programme, found = spellings.programme, dict[int, str]()
    by_column = {c.column: c for c in sheet.columns}
    for seen in sheet.columns:
        known = spellings.known_as(seen.path, kind) if seen.path else None
        parts = programme.field[known[0]].fills if known else ()
        beside = by_column.get(seen.column + 1)
        if len(parts) != 2 or beside is None or seen.column in found:
            continue
        if beside.path and plain(beside.leaf) != plain(seen.leaf):
            continue
        pair = ((seen, parts[0]), (beside, parts[1]))
        if all(c.share_of(programme.field[f], programme) >= weights.MOSTLY for c, f in pair):
            found |= {c.column: f for c, f in pair}
    return found


def _no_names(seen: Seen, of: Field, programme: Programme) -> Iterator[Evidence]:
    """That a column under a header for persons' names holds plainly none."""
    if seen.share_of_places(programme) >= weights.MOSTLY:
        yield Evidence("填的是单位名称", weights.NEVER)
    elif seen.share_of(of, programme) <= weights.HARDLY:
        if seen.share_of_words(programme) >= weights.MOSTLY:
            yield Evidence("填的是性别、类别等用语", weights.NEVER)
        elif len(seen.values) >= _FEWEST_ALIKE and len(set(seen.values)) == 1:
            yield Evidence("多人同一个内容，也不像姓名", weights.NEVER)


def _cells(
    seen: Seen, of: Field, programme: Programme, *, known: bool, spans: bool
) -> Iterator[Evidence]:
    """What the cells alone say for and against a field; `spans`: another field of the kind takes a start and
    a finish in one cell."""
    many = len(seen.values)
    if not many:
        return
    share = seen.share_of(of, programme)
    for other in CONTRADICTS[of.kind]:
        # a few cells without a digit under the very header may be 待定: their cells are told of it
        if other == "no_digit" and known and seen.share("name") < weights.MOSTLY:
            continue
        if other == "span" and known and not spans:
            continue  # 就业时间 2018.10.8-11.20: nothing else can be meant than the start of it
        if share < weights.MOSTLY and seen.share(other) >= weights.MOSTLY:
            yield Evidence(f"填的是{_MEANINGS[other]}", weights.NEVER)
    weight = weights.HOLDS[of.kind] * many / (many + weights.FEW)
    if of.kind == "code" and max(seen.share("yes_no"), seen.share("digit")) >= weights.MOSTLY:
        weight = weights.YES_OR_NO
    if (
        of.kind in ("id", "certificate")
        and share < weights.HARDLY
        and seen.share("long_number") >= weights.MOSTLY
    ):
        yield Evidence("填的像证件号码", weight / 2)
    elif share > weights.HARDLY:
        if weight:
            yield Evidence(f"{share:.0%} 的格填的像这一项", weight * share)
    elif weight:
        yield Evidence("几乎没有一格填的像这一项", weights.UNFIT)
    if of.kind in _DIFFER and many >= _FEWEST_ALIKE and seen.distinct <= 0.5:
        yield Evidence("多人同一个内容", weights.SAME_FOR_ALL)
