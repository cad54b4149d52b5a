"""What surrounds a page: addresses of files, navigation, crumbs, and the frames that hold other parts."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Library
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from baiye.core.shapes import NavItem

register = Library()

# What a visitor may open; an address that is not there yet is left out.
PUBLIC_PLACES = (
    (_("首页"), "registry:landing", "home"),
    (_("找项目"), "catalogue:course-list", "search"),
    (_("放号日历"), "bookings:calendar", "ticket"),
    (_("基地名录"), "registry:host-list", "building-community"),
    (_("公益项目"), "outreach:project-list", "calendar-event"),
    (_("身边"), "outreach:near", "map-2"),
    (_("学时公示"), "hours:notice-list", "clipboard-check"),
)


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file with a mark of its content, so that no browser shows yesterday's."""
    version = _digest(path) if not settings.DEBUG else ""
    return f"{static(path)}?v={version}" if version else static(path)


@cache
def _digest(path: str) -> str:
    found = finders.find(path)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:8] if found else ""


@register.simple_tag
def page_css(*names: str) -> SafeString:
    """Links ``css/pages/<name>.css``; for the block ``css``."""
    addresses = ((asset(f"core/css/pages/{name}.css"),) for name in names)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', addresses)


@register.simple_tag
def page_js(*names: str) -> SafeString:
    """Loads ``js/<name>.js`` as a module; for the block ``js``."""
    addresses = ((asset(f"core/js/{name}.js"),) for name in names)
    return format_html_join("\n", '<script type="module" src="{}"></script>', addresses)


@register.simple_tag
def html_lang() -> str:
    """The language of the page, as HTML names it."""
    return "en" if (get_language() or "").startswith("en") else "zh-Hans-CN"


@register.simple_tag
def district() -> str:
    """The district's name; from the settings, so that an error page knows it too."""
    return str(settings.BAIYE_DISTRICT)


@register.simple_tag
def help_phone() -> str:
    """Whom to call; empty where none is set."""
    return str(settings.BAIYE_HELP_PHONE)


@register.simple_tag(takes_context=True)
def shell_nav(context: Context) -> Iterable[NavItem]:
    """The context's ``nav``, or the public pages where there is none."""
    return context.get("nav") or list(public_places(getattr(context.get("request"), "path", "")))


@register.simple_tag(takes_context=True)
def public_nav(context: Context) -> Iterable[NavItem]:
    """The places of the public bar."""
    return list(public_places(getattr(context.get("request"), "path", "")))


def public_places(path: str) -> Iterable[NavItem]:
    for label, name, symbol in PUBLIC_PLACES:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        yield NavItem(
            label=str(label), url=url, icon=symbol, current=path == url or (url != "/" and path.startswith(url))
        )


@register.inclusion_tag("core/parts/crumbs.html")
def crumbs(*texts_and_addresses: str) -> dict[str, object]:
    """Where this page lies: text, address, text, address … and the page itself without one."""
    pairs = list(zip(texts_and_addresses[0::2], [*texts_and_addresses[1::2], ""], strict=False))
    return {"crumbs": pairs}


@register.simple_block_tag
def actionbar(content: str) -> SafeString:
    """The bar of one main action at the thumb; instead of the tab bar."""
    name = _("这一页的操作")
    return format_html('<div class="actionbar" role="region" aria-label="{}"><div>{}</div></div>', name, content)


@register.simple_block_tag
def tblbox(content: str, label: str) -> SafeString:
    """Room in which a wide table scrolls, by finger and by keyboard."""
    return format_html('<div class="tblbox" role="region" tabindex="0" aria-label="{}">{}</div>', label, content)


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:  # noqa: A002  (the name it has in HTML)
    """A question over the page; a link with ``data-dialog`` opens it, and leads to the same question without script."""
    return format_html(
        '<dialog id="{0}" aria-labelledby="{0}-title"><h2 id="{0}-title">{1}</h2>{2}</dialog>', id, title, content
    )
