"""What a delivered month was made from: whether another run could find anything new."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline import __version__
from pipeline.collect import Found, collect, kept_passwords
from pipeline.deliver import edited_since
from pipeline.home import Home
from pipeline.model.papers import Papers
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.read import reader_version
from pipeline.workers import digest_of, open_regular

_BASIS, _RECEIPT = "data/basis.json", "data/run.json"


@dataclass(frozen=True)
class Basis:
    """Everything that a month's papers follow from: the files by path, and one digest over all else."""

    files: Mapping[str, str]  # path below inbox/ -> sha256, or why the file cannot be taken in
    rest: str


def basis_of(
    files: Iterable[Found],
    home: Home,
    programme: Programme,
    passwords: Iterable[str],
    waivers: Iterable[Waiver],
) -> Basis:
    """What a run over these files in this home rests on."""
    settings = (
        __version__, reader_version(), _digest(_sources()), programme.digest,
        programme.gazetteer.top, _digest(home.templates.rglob("*")), repr(home.limits),
        repr(home.contact), home.pdf,
        [repr(waiver) for waiver in waivers], list(passwords),
    )  # fmt: skip
    rest = hashlib.sha256(json.dumps(settings).encode()).hexdigest()
    return Basis({found.path: found.sha256 or found.fault for found in files}, rest)


def write_basis(basis: Basis, papers: Papers) -> None:
    """Lays the basis beside the receipt, which it names by its digest. Passwords went into it: private."""
    (receipt,) = (entry for entry in papers.written if entry["path"] == _RECEIPT)
    lines = {**vars(basis), "receipt": receipt["sha256"]}
    content = json.dumps(lines, ensure_ascii=False, indent=1) + "\n"
    papers.add(_BASIS, "本单位", content.encode("utf-8"))


def changed_files(basis: Basis, folder: Path) -> set[str] | None:
    """The files that are new, gone or other than when the month in the folder was made.

    None where that cannot be said, or something else has changed.
    """
    kept = _kept(folder)
    if kept is None or kept[0].rest != basis.rest:
        return None
    both = kept[0].files, basis.files
    return {path for path in {*both[0], *both[1]} if both[0].get(path) != both[1].get(path)}


def nothing_new(home: Home, period: str, programme: Programme) -> str:
    """The period whose delivered month a run would only make again; '' where it may find anything new."""
    delivered = sorted(p.parts[-3] for p in home.outbox.glob("[0-9]*/data/basis.json"))
    if not delivered or (period and period not in delivered):
        return ""
    files = collect(home.inbox, period, home.limits)
    period = period or delivered[-1]
    folder = home.outbox / period
    basis = basis_of(files, home, programme, kept_passwords(home.inbox), home.waivers(programme))
    return period if _still_stands(basis, folder) else ""


def _still_stands(basis: Basis, folder: Path) -> bool:
    """Whether the month in the folder was made from this very basis, and lies there whole."""
    if changed_files(basis, folder) != set():
        return False
    try:
        _, digest = _kept(folder) or (None, "")
        receipt = json.loads((folder / _RECEIPT).read_text(encoding="utf-8"))
        outputs = {entry["path"]: entry["sha256"] for entry in receipt["outputs"]}
        expected = {_RECEIPT: digest} | outputs
        by_hand = set(edited_since(folder))  # a report mended in Word is no reason to make it anew
        return all(_sha256(folder / f) == sha for f, sha in expected.items() if f not in by_hand)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _kept(folder: Path) -> tuple[Basis, str] | None:
    """The basis that lies in the folder, and the digest of its receipt."""
    try:
        lines = json.loads((folder / _BASIS).read_text(encoding="utf-8"))
        return Basis(dict(lines["files"]), str(lines["rest"])), str(lines["receipt"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@cache
def _sources() -> tuple[Path, ...]:
    package = Path(__file__).resolve().parent
    return (*package.rglob("*.py"), *package.rglob("*.sql"))


def _digest(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in sorted(files):
        if file.is_file():
            whole.update(f"{file.name} {_sha256(file)}\n".encode())
    return whole.hexdigest()


def _sha256(file: Path) -> str:
    with open_regular(file) as stream:
        return digest_of(stream)[0]
