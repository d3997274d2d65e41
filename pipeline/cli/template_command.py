"""`pipeline templates`: the templates to edit, and every name they may speak of."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from pipeline.cli.opening import home_command
from pipeline.cli.speaking import Place

_LISTED, _NAMES = "名字一览.xlsx", "可用名字.xlsx"


@home_command
@click.argument("target", required=False, type=Place(folder=True), metavar="[文件夹]")
def templates(folder: Path, target: Path | None) -> None:
    """把模板写出来供修改，并列出模板里可用的名字；已有的模板不覆盖，写法有错会指出。

    放在 inbox 旁边的 templates 文件夹里的，下次运行就用。

    \b
    例：
      pipeline templates
      pipeline templates 模板样本
    """
    from pipeline.home import built_in, open_home
    from pipeline.office.fill import filled
    from pipeline.programme.engine_rules import TEMPLATES
    from pipeline.render import check_templates, names_in_words

    home = open_home(folder)
    shipped = built_in("templates") / home.programme_name
    source = home.templates if home.templates.is_dir() else shipped
    place = target or home.root / "templates" / home.programme_name
    place.mkdir(parents=True, exist_ok=True)
    fresh = [name for name in TEMPLATES if not (place / name).exists()]
    for name in fresh:  # what is new with a release is in no office's own folder yet
        own = source / name
        shutil.copyfile(own if own.is_file() else shipped / name, place / name)
    programme = home.programme()
    names = names_in_words(shipped.parent, programme)
    view = {"office": programme.office, "names": names}
    (place / _NAMES).write_bytes(filled(place / _LISTED, view))
    kept = len(TEMPLATES) - len(fresh)
    old = f"，原有 {kept} 个没有动" if kept else ""
    click.echo(f"写出 {len(fresh)} 个模板{old}，在 {place}")
    click.echo(f"可用的名字和改法见 {place / _NAMES}")
    check_templates(place, shipped.parent, programme)
    click.echo("模板的写法都没有问题。")
