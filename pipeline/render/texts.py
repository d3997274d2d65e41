"""Text papers from text templates: the index page, the mail's words, the rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import SandboxedEnvironment

from pipeline.programme import ProgrammeFault


def fill_text(templates: Path, name: str, view: Mapping[str, Any]) -> str:
    """A text template filled in. Raises ProgrammeFault, naming the file and the line."""
    try:
        return _environment(templates, name.endswith(".html")).get_template(name).render(view)
    except TemplateNotFound as fault:
        raise ProgrammeFault(templates / str(fault.name), None, "找不到这个模板") from None
    except TemplateError as fault:
        line = getattr(fault, "lineno", None)
        raise ProgrammeFault(templates / name, line, f"模板写法有误（{fault.message}）") from None


@cache
def _environment(templates: Path, autoescape: bool) -> SandboxedEnvironment:
    """The templates of a folder, each compiled once; one that was edited since is compiled again."""
    return SandboxedEnvironment(
        loader=FileSystemLoader(templates, encoding="utf-8-sig"),
        undefined=StrictUndefined,
        autoescape=autoescape,
        optimized=False,  # a page is filled once: its constants are not worth looking for
        trim_blocks=True,
        lstrip_blocks=True,
    )
