"""What is to go to whom, read from a delivered month: the papers as they lie there, nothing made anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.ask import Delivered
from pipeline.model.stop import Stop
from pipeline.programme import Programme
from pipeline.render import fill_text

PACKAGES = "packages.json"
LETTER = "正文"  # what a mail without papers consists of, in the ledger
_RETURNS, _DUNNING = "退回邮件.txt", "催报邮件.txt"
_MARKED, _LATE = "退回", "催报"


@dataclass(frozen=True)
class Document:
    """One paper: its name for the recipient, where it lies, and what of a person it may tell.

    sha256: of the paper as it lies there now; delivered: as the run delivered it.
    """

    name: str
    file: Path
    sha256: str
    may_hold: tuple[str, ...] = ()
    masking: str = "none"
    delivered: str = ""
    original: Path | None = None  # where the paper still lies as it was delivered
    without: str = ""  # a sheet of it that stays in the house

    @property
    def edited(self) -> bool:
        """Whether somebody has changed the paper since it was delivered."""
        return self.delivered not in ("", self.sha256)


@dataclass(frozen=True)
class Parcel:
    """All that one agency or unit is to have for one period.

    together: its personal papers go in one archive of that name instead of one each.
    """

    period: str
    recipient: str  # as the address book names it
    shown: str
    subject: str
    body: str
    documents: tuple[Document, ...]
    in_clear: str = ""
    together: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)

    def is_for(self, name: str) -> bool:
        """Whether a clerk means this recipient by a name: as the address book has it, or as it is shown."""
        return name in (self.recipient, self.shown)

    @property
    def digests(self) -> dict[str, str]:
        """name → sha256 of its papers; of a bare letter, the letter's."""
        if not self.documents:
            return {LETTER: hashlib.sha256(self.body.encode()).hexdigest()}
        return {d.name: d.sha256 for d in self.documents}


@dataclass(frozen=True)
class Awaited:
    """Somebody for whom a month has papers, with name → sha256 of each; a bare letter has none."""

    recipient: str  # as the address book names it
    shown: str
    is_unit: bool
    digests: Mapping[str, str]


def awaited(month: Delivered, programme: Programme) -> list[Awaited]:
    """Everybody who is to have something, the agencies first; nothing is written for it.

    Raises Stop where the month was delivered by an older version, or a list cannot be read.
    """
    agencies = [
        Awaited(
            entry["agency"], f"{entry['full_name']}{entry['department']}", False,
            {d["name"]: d["sha256"] for d in entry["documents"]},
        )
        for entry in _packages(month)
        if not entry["own"]
    ]  # fmt: skip
    units = [
        Awaited(code, programme.gazetteer.name(code), True,
                {e["path"].rsplit("/", 1)[-1]: e["sha256"] for e in entries})
        for code, entries in _folders(month, programme).items()
    ]  # fmt: skip
    return [*agencies, *units]


def for_agencies(month: Delivered, programme: Programme) -> list[Parcel]:
    """What the agencies receive. The office's own copy is no parcel.

    Raises Stop where the month was delivered by an older version, or a list cannot be read.
    """
    figures = _figures(month, programme)
    lying = _Lying(month)
    parcels = []
    for entry in _packages(month):
        if entry["own"]:
            continue
        documents = tuple(
            lying.paper(
                d["name"],
                d["path"],
                d["sha256"],
                tuple(d["may_hold"]),
                d["masking"],
                d.get("source", ""),
                d.get("without", ""),
            )
            for d in entry["documents"]
        )
        parcels.append(
            Parcel(
                month.period, entry["agency"], f"{entry['full_name']}{entry['department']}",
                entry["subject"], entry["body"], documents, entry["in_clear"], figures=figures,
            )
        )  # fmt: skip
    return parcels


def for_counties(month: Delivered, programme: Programme, templates: Path) -> list[Parcel]:
    """退回 and 核实: each unit its own folder of 退回/ and nothing else; 催报 for who has not filed."""
    missing, lying = set(month.receipt["not_filed"]), _Lying(month)
    return [
        _for_county(code, entries, lying, programme, templates, code in missing)
        for code, entries in _folders(month, programme).items()
    ]


def _folders(month: Delivered, programme: Programme) -> dict[str, list[Mapping[str, str]]]:
    """By unit code the papers that lie in 退回/ and 催报/ for it; none for who is only to be reminded."""
    outputs: dict[str, list[Mapping[str, str]]] = {}
    for entry in month.receipt["outputs"]:
        top, _, rest = entry["path"].partition("/")
        code = rest.split("/")[0].split("_")[0]
        if top in (_MARKED, _LATE) and code in programme.gazetteer.by_code:
            outputs.setdefault(code, []).append(entry)
    return {code: outputs.get(code, []) for code in sorted({*outputs, *month.receipt["not_filed"]})}


def _for_county(
    code: str,
    entries: list[Mapping[str, str]],
    lying: _Lying,
    programme: Programme,
    templates: Path,
    missing: bool,
) -> Parcel:
    name = programme.gazetteer.name(code)
    period = lying.month.period
    label = f"{period[:4]}年{int(period[5:])}月"
    documents = tuple(
        lying.paper(
            e["path"].rsplit("/", 1)[-1],
            e["path"],
            e["sha256"],
            ("id", "name", "phone") if e["path"].startswith(_MARKED) else (),
        )
        for e in entries
    )
    marked = any(d.may_hold for d in documents)
    view = {
        "office": programme.office, "unit": name, "period_label": label, "missing": missing,
        "short_title": programme.short_title, "documents": documents, "deadline": programme.deadline,
    }  # fmt: skip
    text = fill_text(templates, _RETURNS if marked else _DUNNING, view)
    subject, _, body = text.partition("\n")
    together = f"{name}{label}退回材料.zip"
    return Parcel(
        period, code, name, subject.removeprefix("主题：").strip(), body.lstrip("\n"),
        documents, together=together,
    )  # fmt: skip


class _Lying:
    """The papers of a month as they lie there now, some perhaps edited by hand since."""

    def __init__(self, month: Delivered) -> None:
        self.month = month
        self._now: dict[Path, str] = {}
        self._copies: dict[str, list[str]] = {}
        self._delivered = {e["path"]: e["sha256"] for e in month.receipt["outputs"]}
        for entry in month.receipt["outputs"]:
            self._copies.setdefault(entry["sha256"], []).append(entry["path"])

    def paper(
        self,
        name: str,
        path: str,
        delivered: str,
        may_hold: tuple[str, ...],
        masking: str = "none",
        source: str = "",
        without: str = "",
    ) -> Document:
        """One paper of a recipient. Where only the office's own copy of it was edited, that one goes:
        who mends the report mends it once, and not again in every folder.

        source, without: the paper of the office of which this one is a copy less a sheet."""
        folder = self.month.folder
        file = folder / path
        now = self._digest(file)
        alike = [folder / other for other in self._copies.get(delivered, ()) if other != path]
        owned = {own: delivered for own in alike if own.parent == folder}
        if source:
            owned[folder / source] = self._delivered.get(source, delivered)
        for own, was in owned.items():
            changed = self._digest(own)
            if now == delivered and changed not in ("", was):
                file, now = own, changed
        original = next((f for f in (folder / path, *alike) if self._digest(f) == delivered), None)
        return Document(
            name, file, now or delivered, may_hold, masking, delivered, original, without
        )

    def _digest(self, file: Path) -> str:
        """Of what lies there now; '' where nothing does."""
        if file not in self._now:
            try:
                with file.open("rb") as stream:
                    self._now[file] = hashlib.file_digest(stream, "sha256").hexdigest()
            except OSError:
                self._now[file] = ""
        return self._now[file]


def _packages(month: Delivered) -> Iterator[dict[str, Any]]:
    try:
        listed = json.loads(month.table(PACKAGES).read_text(encoding="utf-8"))
        yield from listed
    except (ValueError, TypeError):
        raise Stop(
            f"outbox/{month.period}/data/{PACKAGES} 读不懂，请重新运行 pipeline run {month.period} --again"
        ) from None


def _figures(month: Delivered, programme: Programme) -> dict[str, str]:
    """The figures in the head of the report, to say what has changed when they are sent again."""
    import pyarrow as pa
    import pyarrow.csv as pc

    text = pc.ConvertOptions(column_types={n: pa.string() for n in ("indicator", "scope", "counted", "unit")})  # fmt: skip
    table = pc.read_csv(month.table("figures.csv"), convert_options=text)
    top = month.receipt["filer"]
    words = {"year": "本年", "cumulative": "累计"}
    return {
        f"{programme.indicator[line['indicator']].label}{words[line['scope']]}完成": line["counted"]
        for line in table.to_pylist()
        if line["unit"] == top and line["indicator"] in programme.indicator
    }
