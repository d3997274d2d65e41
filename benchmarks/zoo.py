"""Made-up rosters as counties might send them: headers in their own words, columns of their own, and the truth."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from containers import SUFFIXES, written
from own_columns import MAKERS

from pipeline.programme import Programme
from pipeline.sample import prose
from pipeline.sample.county_forms import HANDS, typed
from pipeline.sample.entries import Entry, Ledger, Season, Typed
from pipeline.sample.pages import Page
from pipeline.sample.people import Registry
from pipeline.values import column_letters

ZOO = tomllib.loads(Path(__file__).with_name("zoo.toml").read_text(encoding="utf-8"))
SEASON = Season(("2018-11",))
WHO, USUAL, PERIOD = ("name", "id_no", "cert_no"), 0.55, "2018-11"


@dataclass(frozen=True)
class Column:
    """One column of a roster: its field ('' for one of the county's own), and what stands above it."""

    field: str
    path: tuple[str, ...]
    cells: tuple[Typed, ...]


@dataclass
class Animal:
    """One file: its bytes, and what is true of it.

    truth: sheet -> letters -> field ('' for the county's own); persons: number -> what counts of her, by
    field; barred: numbers of those who are not eligible.
    """

    name: str
    unit: str
    kind: str
    content: bytes = b""
    truth: dict[str, dict[str, str]] = field(default_factory=dict)
    headers: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    persons: dict[str, Entry] = field(default_factory=dict)
    barred: set[str] = field(default_factory=set)


def province(
    programme: Programme, seed: int, units: int = 60, *, words: str = ""
) -> Iterator[Animal]:
    """Every county's roster of one kind, the same for the same seed; `words`: '' for words that the
    programme knows, `strange` or `unheard` for those that it was not told."""
    rng = Random(seed)
    registry = Registry(rng, programme)
    ledger = Ledger(rng, registry, programme)
    counties = list(programme.gazetteer.counties(date(2018, 11, 30)))
    for unit in counties[:units]:
        kind = rng.choice([k.name for k in programme.kinds])
        yield Keeper(programme, rng, ledger, unit.code, kind, words=words).animal()


class Keeper:
    """Draws one county's file."""

    def __init__(
        self,
        programme: Programme,
        rng: Random,
        ledger: Ledger,
        unit: str,
        kind: str,
        *,
        words: str = "",
    ) -> None:
        self.programme, self.rng, self.ledger = programme, rng, ledger
        self.unit, self.kind = unit, kind
        self.blanks = True
        self.nouns = ZOO["fields"] | ZOO.get(words, {})
        self.own = ZOO["own"] | ZOO.get(f"{words}_own", {})

    def animal(self) -> Animal:
        """A file with all that is true of it."""
        rng, unit = self.rng, self.programme.gazetteer.name(self.unit)
        suffix = rng.choice(SUFFIXES)
        rows = rng.choice((1, 2, 3, 4, 6, 10, 15, 30, 70))
        label = self.programme.kind[self.kind].label
        found = Animal(f"{unit}{label}.{suffix}", self.unit, self.kind)
        self.blanks = suffix != "html"  # a web page's columns are counted without blank ones
        entries = [
            self.ledger.entry(self.kind, self.ledger.woman(self.unit), self.unit, SEASON, PERIOD)
            for _ in range(rows)
        ]
        found.persons = {e.person.number: e for e in entries}
        columns = self.columns(entries, found)
        halves = 2 if rows >= 4 and suffix != "csv" and rng.random() < 0.15 else 1
        pages = []
        for n in range(halves):
            own = slice(n * rows // halves, (n + 1) * rows // halves)
            page = self.page(columns, own, f"{label}{n + 1}" if halves > 1 else label, found)
            pages.append(page)
        found.content = written(pages, suffix, rng)
        return found

    # ------------------------------------------------------------------ columns

    def columns(self, entries: list[Entry], found: Animal) -> list[Column]:
        """The columns of one roster in the county's own order, values and all."""
        rng, hand = self.rng, self.rng.choice(HANDS)
        values = [typed(e, hand, PERIOD, 1, self.programme) for e in entries]
        self.bar(entries, values, found)
        fields = self.fields()
        headers = self.headers(fields)
        columns = [
            Column(f, headers[f], tuple(self.cell(f, n, e, v) for n, (e, v) in enumerate(zip(entries, values, strict=True), 1)))
            for f in fields
        ]  # fmt: skip
        for header in rng.sample(sorted(self.own), rng.choice((0, 1, 2, 3, 5))):
            maker = MAKERS[self.own[header]]
            cells = tuple(maker(rng, e, hand) for e in entries)
            own = Column("", (self.dressed(header, "", len(columns)),), cells)
            columns.insert(rng.randrange(len(columns) + 1), own)
        return columns

    def bar(self, entries: list[Entry], values: list[dict[str, Typed]], found: Animal) -> None:
        """How the county answers 是否建档立卡, and a few who are not poor, or not women."""
        yes, no = self.rng.choice(ZOO["poor_answers"])["words"]
        for entry, value in zip(entries, values, strict=True):
            value["poor"], value["gender"] = yes, "女"
            drawn = self.rng.random()
            if len(entries) > 3 and drawn < 0.05:
                value["poor"] = no
                found.barred.add(entry.person.number)
            elif len(entries) > 3 and drawn < 0.08:
                value["gender"] = "男"
                found.barred.add(entry.person.number)

    def fields(self) -> list[str]:
        """Which columns the county has, in what order; what bars somebody is always among them."""
        rng = self.rng
        usual = [f for f in ZOO["fields"] if self.takes(f)]
        must = {"name", "cert_no", "poor", "gender", "id_no"}
        if rng.random() < 0.1:
            must.discard("id_no")
        if self.kind == "training":
            must |= {"training_time"} if rng.random() < 0.3 else {"started_on", "finished_on"}
        else:
            must.add("employed_on")
        never = {
            "training_time",
            "started_on",
            "finished_on",
            "employed_on",
            "id_no",
            "county",
        } - must
        both = rng.random() < 0.3
        never |= {"category", "grade"} if both else {"category_grade"}
        chosen = [f for f in usual if f in must or (f not in never and rng.random() < USUAL)]
        if rng.random() < 0.4:
            rng.shuffle(chosen)
        return chosen

    def takes(self, name: str) -> bool:
        """Whether a field is one of this kind of roster."""
        return any(f.name == name for f in self.programme.fields_of(self.kind))

    def cell(self, name: str, n: int, entry: Entry, values: Mapping[str, Typed]) -> Typed:
        """What stands in a field's column."""
        if name == "seq":
            return n
        if name == "age":
            return 2018 - int(entry.person.number[6:10])
        if name == "county":
            return self.programme.gazetteer.name(entry.unit)
        return values.get(name, "")

    # ------------------------------------------------------------------ headers

    def headers(self, fields: list[str]) -> dict[str, tuple[str, ...]]:
        """What stands above each field's column: no two alike."""
        found: dict[str, tuple[str, ...]] = {}
        plainly = self.rng.random() < 0.15  # a county that writes nothing odd
        for nth, name in enumerate(fields, 1):
            while True:
                nouns = self.nouns[name]
                noun = self.rng.choice(nouns[:3] if plainly else nouns)
                path = (noun,) if plainly else (self.dressed(noun, name, nth),)
                if path not in found.values():
                    break
            found[name] = path
        for pair in (("started_on", "finished_on"), ("id_no", "cert_no")):
            if all(name in fields for name in pair) and self.rng.random() < 0.2:
                at = self.rng.randrange(len(ZOO["grouped"][pair[0]]))
                found |= {name: tuple(ZOO["grouped"][name][at]) for name in pair}
        return found

    def dressed(self, noun: str, name: str, nth: int) -> str:
        """A noun as people dress it up: whose, hints, numbers, blanks, breaks, slips, two languages."""
        rng, text = self.rng, noun
        if name in ZOO["taking_whose"] and rng.random() < 0.25:
            text = rng.choice(ZOO["whose"]) + rng.choice(("", "", "的")) + text
        if rng.random() < 0.04:
            text = self.misspelt(text)
        if name in ZOO["english"] and rng.random() < 0.08:
            english = ZOO["english"][name]
            text = rng.choice((f"{text}{english}", f"{text}\n{english}", f"{text}/{english}", f"{english}\n{text}", f"{text}（{english}）"))  # fmt: skip
        elif name in ZOO["korean"] and rng.random() < 0.04:
            korean = ZOO["korean"][name]
            text = rng.choice((f"{korean} {text}", f"{text}\n{korean}", f"{text}({korean})"))
        if rng.random() < 0.12:
            text += rng.choice([*ZOO["hints"], *ZOO["hints_of"].get(name, ()) * 3])
        if rng.random() < 0.06:
            text = " ".join(text)
        elif rng.random() < 0.08 and len(text) > 2:
            cut = rng.randrange(1, len(text))
            text = f"{text[:cut]}\n{text[cut:]}"
        if rng.random() < 0.05:
            text = rng.choice(ZOO["numbering"]).format(n=nth) + text
        return text

    def misspelt(self, text: str) -> str:
        """One character replaced by another of the same sound."""
        for one, other in self.rng.sample(ZOO["homophones"], len(ZOO["homophones"])):
            if one in text:
                return text.replace(one, other, 1)
        return text

    # ------------------------------------------------------------------ layout

    def page(self, columns: list[Column], own: slice, name: str, found: Animal) -> Page:
        """A sheet: title, notes, header of one to three rows, blank columns, headers again."""
        rng, unit = self.rng, self.programme.gazetteer.name(self.unit)
        page, row = Page(name), 0
        label = self.programme.kind[self.kind].label
        for text in self.above(unit, label):
            row += 1
            page.put(row, 1, text)
        gaps = {rng.randrange(len(columns)) for _ in range(rng.choice((0, 0, 0, 1)) * self.blanks)}
        left = rng.choice((1, 1, 1, 1, 2, 3)) if self.blanks else 1
        at: list[tuple[int, Column]] = []
        for n, column in enumerate(columns):
            left += n in gaps
            at.append((left, column))
            left += 1
        deep = max(len(c.path) for c in columns)
        deep += rng.random() < 0.15 and deep < 3
        deep += rng.random() < 0.05 and deep < 3
        header = self.header(at, deep)
        page.header = (row + 1, row + deep)
        again = rng.choice((0, 0, 0, 20))
        row = self.heading(page, header, row, deep)
        numbered = rng.random() < 0.08
        if numbered:
            row += 1
            for n, (place, _) in enumerate(at, 1):
                page.put(row, place, n)
        for n, line in enumerate(range(len(columns[0].cells))[own]):
            if again and n and n % again == 0:
                row = self.heading(page, header, row, deep)
            row += 1
            for place, column in at:
                page.put(row, place, column.cells[line])
        page.bottom = row
        if rng.random() < 0.5:
            page.put(row + 1, at[0][0], "填表人：        审核人：        联系电话：")
        found.truth[name] = {column_letters(place): c.field for place, c in at}
        found.headers[name] = {column_letters(place): c.path for place, c in at}
        return page

    def above(self, unit: str, label: str) -> list[str]:
        """What stands above the header."""
        rng = self.rng
        lines = [f"{unit}{prose.TITLE}{label}", f"填报单位：{unit}残联    填报日期：2018年11月26日"]
        if rng.random() < 0.1:
            lines = [f"填报单位：{unit}残联"]
        if rng.random() < 0.15:
            lines.insert(0, "附件3")
        if rng.random() < 0.12:
            notes = ["填表说明：", "1.本表由县（市、区）残联填写，一人一行，不得空项。", "2.身份证号、残疾人证号请按文本格式填写，不得使用科学计数法。",
                     "3.开班时间、结业时间按实际填写，格式为2018-09-01。", "4.如有疑问请联系省残联教就部。", "5.是否建档立卡以扶贫部门系统为准。"]  # fmt: skip
            lines += notes[: rng.randrange(2, 7)]
        return lines

    def header(self, at: list[tuple[int, Column]], deep: int) -> dict[int, tuple[str, ...]]:
        """Texts above each column, from top to bottom, as many as the header has rows."""
        found = {}
        for place, column in at:
            group = (
                "残疾人基本情况"
                if place < len(at) // 2
                else f"{'培训' if self.kind == 'training' else '就业'}情况"
            )
            above = ("基本信息",) if deep == 3 else ()
            fill = (*above, group)[: deep - len(column.path)]
            found[place] = (*fill, *column.path)
        return found

    def heading(
        self, page: Page, header: Mapping[int, tuple[str, ...]], row: int, deep: int
    ) -> int:
        """The header's rows, groups merged over their columns; the last row used."""
        for level in range(deep):
            run: list[int] = []
            for place in [*sorted(header), 0]:
                same = (
                    run
                    and place == run[-1] + 1
                    and header[place][: level + 1] == header[run[-1]][: level + 1]
                )
                if run and not same:
                    page.put(row + 1 + level, run[0], header[run[0]][level])
                    page.merge(row + 1 + level, run[0], row + 1 + level, run[-1])
                    run = []
                if place:
                    run.append(place)
        return row + deep
