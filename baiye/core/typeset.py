"""Papers as PDF: a Typst template, set with the fonts that came with the site; the same inputs give the same bytes."""

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst


def pdf(template: Path, data: object, *, at: datetime, **drawn: str) -> bytes:
    """The paper ``template`` makes of ``data`` (JSON in sys.inputs.data) and drawings, dated ``at``."""
    made = compiler(template).compile(format="pdf", sys_inputs=inputs(data) | drawn, timestamp=int(at.timestamp()))
    assert isinstance(made, bytes)
    return made


def inputs(data: object) -> dict[str, str]:
    """What a template is given, whichever format it is set in."""
    return {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}


@cache
def compiler(template: Path) -> typst.Compiler:
    """What sets ``template``, for paper or for the screen; kept, for it reads the fonts once."""
    fonts = [str(Path(pylopdf_fonts_zh_cn.__file__).parent)]
    return typst.Compiler(str(template), font_paths=fonts, ignore_system_fonts=True)


def han(on: date) -> str:
    """A day in Chinese, whatever language is read: the papers are Chinese."""
    return f"{on.year} 年 {on.month} 月 {on.day} 日"
