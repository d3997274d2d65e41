"""Where things lie: the home folder, its inbox and outbox, and the programme's schemas and templates."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path

from pipeline.limits import LIMITS, Limits
from pipeline.programme import Programme, ProgrammeFault, load_programme
from pipeline.programme.waivers import Waiver, read_waivers

_HERE = Path(__file__).resolve().parent
_SETTINGS = frozenset({"filer", "programme", "limits"})


def built_in(folder: str) -> Path:
    """The schemas/ or templates/ that came with the program: in the wheel, or in the checkout."""
    packed = _HERE / "_data" / folder
    return packed if packed.is_dir() else _HERE.parent / folder


@dataclass(frozen=True)
class Home:
    """The folder that holds inbox/ and outbox/, with the settings of pipeline.toml in it."""

    root: Path
    filer: str = ""
    programme_name: str = "handcraft"
    limits: Limits = LIMITS

    @property
    def cache(self) -> Path:
        """What was read before; may be deleted at any time."""
        return self.root / ".cache" / self.programme_name

    @property
    def inbox(self) -> Path:
        """Where returns are dropped."""
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        """Where the month's papers lie."""
        return self.root / "outbox"

    def _own(self, folder: str) -> Path:
        own = self.root / folder
        return own if (own / self.programme_name).is_dir() else built_in(folder)

    @property
    def templates(self) -> Path:
        """The programme's templates: the home's own, or the built-in ones."""
        return self._own("templates") / self.programme_name

    def programme(self) -> Programme:
        """The programme as this office runs it."""
        programme = load_programme(self._own("schemas"), self.programme_name)
        return programme.for_filer(self.filer) if self.filer else programme

    def waivers(self, programme: Programme) -> tuple[Waiver, ...]:
        """This office's waivers (豁免), from waivers.toml in the home folder."""
        return read_waivers(self.root / "waivers.toml", programme)


def open_home(root: Path) -> Home:
    """The home folder with its settings; raises ProgrammeFault where pipeline.toml is wrong."""
    file = root / "pipeline.toml"
    if not file.is_file():
        return Home(root)
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ProgrammeFault(file, None, f"写法有误（{fault}）") from None
    unknown = set(settings) - _SETTINGS
    if unknown:
        raise ProgrammeFault(file, None, f"不认识的设置“{'、'.join(sorted(unknown))}”")
    return Home(
        root,
        str(settings.get("filer", "")),
        str(settings.get("programme", "handcraft")),
        _limits(settings.get("limits", {}), file),
    )


def _limits(said: object, file: Path) -> Limits:
    """The limits with those of the home in their place."""
    known = {f.name for f in fields(Limits)}
    if not isinstance(said, dict):
        raise ProgrammeFault(file, None, "limits 要写成一节：[limits]")
    for name, value in said.items():
        if name not in known:
            raise ProgrammeFault(
                file, None, f"[limits] 不认识的设置“{name}”，可用：{'、'.join(sorted(known))}"
            )
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ProgrammeFault(file, None, f"[limits] {name} 要写成大于 0 的整数")
    return replace(LIMITS, **said)
