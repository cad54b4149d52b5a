"""What every template may use: the site, and how this person wants it to look (cookies, no script, no flash)."""

from django.conf import settings
from django.http import HttpRequest

THEMES = ("auto", "light", "dark")


def site(request: HttpRequest) -> dict[str, object]:
    """``site`` (district, help_phone, filings, mode), ``theme`` (auto, light, dark) and ``large`` (大字版)."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "site": {
            "district": settings.BAIYE_DISTRICT,
            "help_phone": settings.BAIYE_HELP_PHONE,
            "filings": settings.BAIYE_FILINGS,
            "mode": settings.BAIYE_MODE,
        },
        "theme": theme if theme in THEMES else "auto",
        "large": request.COOKIES.get("large") == "1",
    }
