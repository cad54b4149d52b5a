"""The small parts: icon, tag, count, tile, seal, bar, ring. Each is one line of HTML with its meaning in words."""

from django.forms.utils import flatatt
from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.core.templatetags.frames import asset

register = Library()

KINDS = {"": "", "ok": "check", "due": "clock", "bad": "x", "info": "info-circle", "line": ""}
RIASEC = {
    "R": gettext_lazy("动手"),
    "I": gettext_lazy("探究"),
    "A": gettext_lazy("创意"),
    "S": gettext_lazy("助人"),
    "E": gettext_lazy("经营"),
    "C": gettext_lazy("条理"),
}
MOST_SEGMENTS = 40  # a ring of more is not counted any more: one arc


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A drawing of the sprite beside a word; sizes ``s`` and ``l``."""
    css = f"i i-{size}" if size else "i"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, asset("vendor/icons.svg"), name
    )


@register.simple_tag
def brand_mark(symbol: str = "logo", css: str = "") -> SafeString:
    """A symbol of brand.svg: logo, logo-mono, ribbon, pat-R … pat-C."""
    of_class = format_html(' class="{}"', css) if css else ""
    return format_html(
        '<svg{} aria-hidden="true"><use href="{}#{}"/></svg>', of_class, asset("core/img/brand.svg"), symbol
    )


@register.simple_tag
def tag(text: object, kind: str = "", icon: str | None = None, size: str = "") -> SafeString:
    """A state as icon and word. ``kind``: ok, due, bad, info, line; ``icon``: another one, or "" for none."""
    name = KINDS[kind] if icon is None else icon
    css = " ".join(["tag", *([f"tag--{kind}"] if kind else []), *([f"tag--{size}"] if size else [])])
    return format_html('<span class="{}">{}{}</span>', css, _icon(name), text)


@register.simple_tag
def riasec(letter: str) -> SafeString:
    """The type of an occupation: colour, letter and name together."""
    return format_html('<span class="tag" data-k="{}"><b class="num">{}</b>{}</span>', letter, letter, RIASEC[letter])


@register.simple_tag
def kdot(letter: str) -> SafeString:
    """The small square of a type, where its name stands beside it or in the row's heading."""
    return format_html('<i class="kdot" data-k="{}"></i>', letter)


@register.simple_tag
def count(number: int, kind: str = "", label: str = "") -> SafeString:
    """A number in a pill; ``label`` says what it counts to those who do not see it."""
    css = f"count count--{kind}" if kind else "count"
    if not label:
        return format_html('<span class="{}">{}</span>', css, number)
    return format_html('<span class="{}" aria-hidden="true">{}</span><span class="vh">{}</span>', css, number, label)


@register.simple_tag
def tile(glyph: str, letter: str, size: str = "") -> SafeString:
    """字头砖: the character of a course on the pattern of its type; sizes ``s``, ``l``, ``cover``."""
    css = f"tile tile--{size}" if size else "tile"
    pattern = brand_mark(f"pat-{letter}")
    return format_html(
        '<span class="{}" data-k="{}" aria-hidden="true">{}<b>{}</b></span>', css, letter, pattern, glyph
    )


@register.simple_tag
def sealmark(glyph: str, letter: str, earned: bool = True) -> SafeString:
    """印: the badge of an occupation, with a double ring once it is earned."""
    css = "sealmark" if earned else "sealmark sealmark--no"
    return format_html('<span class="{}" data-k="{}" aria-hidden="true">{}</span>', css, letter, glyph)


@register.simple_tag
def when(word: object, figure: object, after: object = "") -> SafeString:
    """One figure of a ticket: 日期 11.28 周六."""
    tail = format_html("<em>{}</em>", after) if after else ""
    return format_html('<div><small>{}</small><span class="num">{}</span>{}</div>', word, figure, tail)


@register.simple_tag
def bar(done: float, total: float, label: str = "", waiting: float = 0, tone: str = "") -> SafeString:
    """How much of ``total`` is done, and what more is on its way; without ``label`` it repeats a figure beside it."""
    width = _percent(done, total)
    rects = [(0.0, width, "")]
    if waiting:
        rects.append((width + 0.6, min(_percent(waiting, total), 100 - width), "waiting"))
    drawn = format_html_join(
        "", '<rect x="{}" width="{}" height="8" class="{}"/>', [(f"{x:g}", f"{w:g}", c) for x, w, c in rects]
    )
    css = f"bar bar--{tone}" if tone else "bar"
    meaning = flatatt({"role": "img", "aria-label": label} if label else {"aria-hidden": "true"})
    return format_html('<svg class="{}" viewBox="0 0 100 8" preserveAspectRatio="none"{}>{}</svg>', css, meaning, drawn)


@register.simple_tag
def ring(done: int, total: int, unit: str = "", deep: bool = False) -> SafeString:
    """Class hours as countable segments; ``deep`` on the dark river bank."""
    unit = unit or _("学时")
    label = _("已完成 %(done)s %(unit)s，目标 %(total)s %(unit)s") % {"done": done, "total": total, "unit": unit}
    segments = _segments(done, total) if total <= MOST_SEGMENTS else _arc(done, total)
    css = "ring ring--deep" if deep else "ring"
    return format_html(
        '<svg class="{}" viewBox="0 0 112 112" role="img" aria-label="{}"><g transform="rotate(-90 56 56)">{}</g>'
        '<text class="n" x="56" y="60" text-anchor="middle">{}</text>'
        '<text x="56" y="78" text-anchor="middle">/ {} {}</text></svg>',
        *(css, label, segments, done, total, unit),
    )


def _segments(done: int, total: int) -> SafeString:
    rows = [(total, f"{0.8:g} {total - 0.8:g}", f"{-(i + 0.1):g}", "done" if i < done else "") for i in range(total)]
    circle = '<circle cx="56" cy="56" r="48" pathLength="{}" stroke-dasharray="{}" stroke-dashoffset="{}" class="{}"/>'
    return format_html_join("", circle, rows)


def _arc(done: int, total: int) -> SafeString:
    width = _percent(done, total)
    rows = [("100 0", ""), (f"{width:g} {100 - width:g}", "done")]
    return format_html_join(
        "", '<circle cx="56" cy="56" r="48" pathLength="100" stroke-dasharray="{}" class="{}"/>', rows
    )


def _percent(part: float, total: float) -> float:
    return round(100 * min(max(part, 0), total) / total, 2) if total > 0 else 0.0


def _icon(name: str) -> str:
    return icon(name) if name else ""
