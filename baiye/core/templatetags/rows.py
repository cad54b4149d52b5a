"""Parts around lists and tables: notes, segments, chips, filters, sorting, choosing rows, pages, steps, figures."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from baiye.core.shapes import Choice, Stat, Step
from baiye.core.templatetags.marks import icon, kdot

register = Library()

NOTES = {"info": "info-circle", "ok": "check", "due": "clock", "bad": "alert-triangle", "plain": "bulb"}


@register.simple_block_tag
def note(
    content: str,
    kind: str = "info",
    title: str = "",
    icon: str = "",
    action: str = "",
    action_label: str = "",
    role: str = "",
) -> SafeString:
    """A word at the side: info, ok, due, bad or plain; with ``action`` one button."""
    context = {"content": content, "kind": kind, "title": title, "role": role}
    context |= {"icon": icon or NOTES[kind], "action": action, "action_label": action_label}
    return render_to_string("core/parts/note.html", context)


@register.simple_block_tag
def netbar(content: str, hidden: bool = False) -> SafeString:
    """The bar of being offline: a normal state with its own count. ``hidden`` until a script shows it."""
    away = flatatt({"hidden": hidden})
    drawing = icon("wifi-off")
    return format_html(
        '<div class="netbar" role="status" data-netbar{}>{}<span>{}</span></div>', away, drawing, content
    )


@register.inclusion_tag("core/parts/seg.html")
def seg(choices: Sequence[Choice], label: str, wide: bool = False) -> dict[str, object]:
    """A few ways to see the same list, as links."""
    return {"choices": choices, "label": label, "wide": wide}


@register.simple_tag
def chip(
    text: object, url: str, pressed: bool = False, icon: str = "", k: str = "", remove: bool = False
) -> SafeString:
    """A filter as a link: chosen = filled with ink; ``remove`` ends in × and leads to the list without it."""
    before = kdot(k) if k else _drawing(icon)
    letter = format_html(' <b class="num">{}</b>', k) if k else ""
    after = format_html('{}<span class="vh">{}</span>', _drawing("x"), _("，点一下去掉")) if remove else ""
    current = flatatt({"aria-current": "true"} if pressed or remove else {})
    return format_html('<a class="chip" href="{}"{}>{}{}{}{}</a>', url, current, before, text, letter, after)


def _drawing(name: str) -> str:
    return icon(name) if name else ""


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str, label: str = "") -> SafeString:
    """A GET form around fields and chips; its state lives in the address, and the sort order is kept."""
    sort = _request(context).GET.get("sort", "")
    values = {"content": content, "label": label or _("筛选"), "sort": sort}
    return render_to_string("core/parts/filters.html", values)


@register.simple_tag(takes_context=True)
def sort_th(context: Context, text: str, key: str, align: str = "") -> SafeString:
    """A column head that sorts: ``?sort=key``, then ``?sort=-key``; the other parameters stay, the page goes."""
    query = _request(context).GET.copy()
    now = query.get("sort", "")
    query.pop("page", None)
    query["sort"] = f"-{key}" if now == key else key
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    drawing = icon({"ascending": "chevron-up", "descending": "chevron-down"}.get(order, "arrows-sort"))
    sorted_ = format_html(' aria-sort="{}"', order) if order else ""
    css = format_html(' class="{}"', align) if align else ""
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{}{}</a></th>', css, sorted_, query.urlencode(), text, drawing
    )


@register.simple_tag
def select_all(label: str = "") -> SafeString:
    """The head's box that chooses all rows of the page; there only with script."""
    return format_html(
        '<label class="hit"><input type="checkbox" data-bulk-all hidden aria-label="{}"></label>',
        label or _("全选本页"),
    )


@register.simple_tag
def select_row(value: object, name: object, field: str = "pick", checked: bool = False) -> SafeString:
    """The box that chooses a row; posts ``pick=value``."""
    box = '<label class="hit"><input type="checkbox" name="{}" value="{}" data-bulk-row aria-label="{}"{}></label>'
    return format_html(box, field, value, _("选择%(name)s") % {"name": name}, flatatt({"checked": checked}))


@register.simple_block_tag
def bulk(content: str, unit: str = "") -> SafeString:
    """What can be done with the chosen rows, and how many they are."""
    context = {"content": content, "unit": unit or _("人")}
    return render_to_string("core/parts/bulk.html", context)


@register.inclusion_tag("core/parts/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any], unit: str = "") -> dict[str, object]:
    """Which rows these are of how many, and the way to the others; ``?page=`` beside what is already asked for."""
    paginator = page.paginator
    numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    pages = [(number, _query(context, number) if isinstance(number, int) else None) for number in numbers]
    return {
        "page": page,
        "unit": unit or _("人"),
        "pages": pages if paginator.num_pages > 1 else [],
        "before": _query(context, page.previous_page_number()) if page.has_previous() else "",
        "after": _query(context, page.next_page_number()) if page.has_next() else "",
    }


def _query(context: Context, number: int) -> str:
    query = _request(context).GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


def _request(context: Context) -> HttpRequest:
    request: HttpRequest = context["request"]
    return request


@register.inclusion_tag("core/parts/river.html")
def river(steps: Sequence[Step], label: str = "", small: bool = False) -> dict[str, object]:
    """How far a process has come; ``small`` is the line of a phone, which says it in its label."""
    return {"steps": steps, "label": label or _river_label(steps), "small": small}


def _river_label(steps: Sequence[Step]) -> str:
    now = next((number for number, step in enumerate(steps, 1) if step.state == "now"), 0)
    if not now:
        return _("共 %(total)s 步") % {"total": len(steps)}
    facts = {"now": now, "total": len(steps), "label": steps[now - 1].label}
    return _("第 %(now)s 步，共 %(total)s 步：%(label)s") % facts


@register.inclusion_tag("core/parts/stats.html")
def stats(figures: Sequence[Stat], css: str = "") -> dict[str, object]:
    """Key figures, parted by lines."""
    return {"figures": figures, "css": css}


@register.inclusion_tag("core/parts/empty.html")
def empty(title: str, text: str = "", action: str = "", action_label: str = "", level: str = "h2") -> dict[str, object]:
    """Nothing here yet: what to do, and one button."""
    return {"title": title, "text": text, "action": action, "action_label": action_label, "level": level}


@register.inclusion_tag("core/parts/skel.html")
def skel(lines: int = 3, tile: bool = False) -> dict[str, object]:
    """Where something will stand in a moment."""
    return {"lines": range(lines), "tile": tile}
