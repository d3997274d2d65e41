"""Where things lie: the home folder, its inbox and outbox, and the programme's schemas and templates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.limits import LIMITS, Limits
from pipeline.model.papers import NOBODY, Contact
from pipeline.programme import Programme, load_programme
from pipeline.programme.engine_rules import TEMPLATES
from pipeline.programme.faults import Faults, ProgrammeFault
from pipeline.programme.shapes import read_as
from pipeline.programme.toml import Toml, is_absent
from pipeline.programme.waivers import Waiver, read_waivers

_HERE = Path(__file__).resolve().parent


_SETTINGS = "pipeline.toml"


def built_in(folder: str) -> Path:
    """The schemas/ or templates/ that came with the program: in the wheel, or in the checkout."""
    packed = _HERE / "_data" / folder
    return packed if packed.is_dir() else _HERE.parent / folder


@dataclass(frozen=True)
class Home:
    """The folder that holds inbox/ and outbox/, with the settings of pipeline.toml in it."""

    root: Path
    filer: str = ""
    programme_name: str = ""
    limits: Limits = LIMITS
    contact: Contact = NOBODY
    pdf: bool = False  # whether the report and the summary are printed too

    def __post_init__(self) -> None:
        """Where no programme is named, the only one there is."""
        if not self.programme_name:
            name = _programme_name("", self.root, self.root / _SETTINGS, 1)
            object.__setattr__(self, "programme_name", name)

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
        """The programme as this office runs it, checked whole with its templates and the waivers.

        Raises ProgrammeFault for everything that is wrong in them, before any return is read.
        """
        faults = Faults()
        for name in TEMPLATES:
            template = self.templates / name
            if not template.is_file():
                faults.add(template, None, "找不到这个模板，请从自带的 templates 里复制")
        try:
            programme = load_programme(self._own("schemas"), self.programme_name)
            read_waivers(self._waivers, programme)
        except ProgrammeFault as fault:
            faults.take(fault)
        else:
            if self.filer and self.filer not in programme.gazetteer.by_code:
                settings = Toml(self.root / _SETTINGS)
                message = f"filer = “{self.filer}” 不在 units.csv 中，应为单位代码"
                faults.add(settings.path, settings.line("filer"), message)
        faults.stop()
        return programme.for_filer(self.filer) if self.filer else programme

    @property
    def _waivers(self) -> Path:
        return self.root / "waivers.toml"

    def waivers(self, programme: Programme) -> tuple[Waiver, ...]:
        """This office's waivers (豁免), from waivers.toml in the home folder."""
        return read_waivers(self._waivers, programme)


def open_home(root: Path) -> Home:
    """The home folder with its settings; raises ProgrammeFault where pipeline.toml is wrong."""
    file, faults = root / _SETTINGS, Faults()
    if is_absent(file):
        return Home(root)
    toml = Toml(file)
    values, wrong = read_as(_Settings, toml.whole, apart={"limits", "contact"})
    for place, message in wrong:
        faults.add(file, toml.line(*place), message)
    limits, contact = _limits(toml, faults), _contact(toml, faults)
    faults.stop()
    settings = _Settings(**values)
    name = _programme_name(settings.programme, root, file, toml.line("programme"))
    return Home(root, settings.filer, name, limits, contact, settings.pdf)


def _programme_name(named: str, root: Path, file: Path, line: int) -> str:
    """The programme the settings name; where they name none, the only one there is."""
    own, shipped = root / "schemas", built_in("schemas")
    names = sorted(
        {f.parent.name for place in (own, shipped) for f in place.glob("*/programme.toml")}
    )
    of_home = sorted(f.parent.name for f in own.glob("*/programme.toml"))
    if named in names:
        return named
    if named:
        raise ProgrammeFault(
            file, line, f"programme = “{named}”，schemas 里没有这个项目，现有：{'、'.join(names)}"
        )
    if len(choice := of_home or names) == 1:
        return choice[0]
    raise ProgrammeFault(
        file, None, f'schemas 里有几个项目，请写明 programme = "…"：{"、".join(choice)}'
    )


@dataclass(frozen=True)
class _Settings:
    """What pipeline.toml may say."""

    filer: str = ""
    programme: str = ""
    limits: Limits = field(default=LIMITS)
    contact: Contact = field(default=NOBODY)
    pdf: bool = False


def _contact(toml: Toml, faults: Faults) -> Contact:
    """Who stands at the foot of the letters."""
    return Contact(**_section("contact", Contact, toml, faults))


def _limits(toml: Toml, faults: Faults) -> Limits:
    """The limits with those of the home in their place."""
    values = _section("limits", Limits, toml, faults)
    for name, value in values.items():
        if value < 1:
            faults.add(toml.path, toml.line("limits", name), f"[limits] {name} 要写成大于 0 的整数")
    return replace(LIMITS, **values)


def _section(name: str, noun: type, toml: Toml, faults: Faults) -> dict[str, Any]:
    """What one section of the settings says for a noun, where it is one and of its types."""
    entries = toml.whole.get(name, {})
    if not isinstance(entries, dict):
        faults.add(toml.path, toml.line(name), f"{name} 要写成一节：[{name}]")
        return {}
    values, wrong = read_as(noun, entries)
    for place, message in wrong:
        faults.add(toml.path, toml.line(name, *place), f"[{name}] {message}")
    return dict(values)
