"""Word papers from Word templates: docxtpl fills the Jinja2 tags an official typed into them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from pipeline.programme import ProgrammeFault
from pipeline.render.package import settled

# what XML 1.0 cannot hold: a control character in a county's text must not spoil the letter
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def fill_letter(template: Path, view: Mapping[str, Any]) -> bytes:
    """The letter with every tag filled in. Raises ProgrammeFault, naming the template."""
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        letter = DocxTemplate(template)
        letter.render(_printable(view), jinja_env=environment, autoescape=True)
    except (FileNotFoundError, PackageNotFoundError):
        raise ProgrammeFault(template, None, "找不到这个模板，或它不是 .docx 文件") from None
    except TemplateError as fault:
        raise ProgrammeFault(template, None, f"模板中的标签写法有误（{fault.message}）") from None
    out = io.BytesIO()
    letter.save(out)
    return settled(out.getvalue())


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNPRINTABLE.sub("", value)
    if isinstance(value, Mapping):
        return {k: _printable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        return [_printable(v) for v in value]
    return value
