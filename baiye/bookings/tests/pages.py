"""Pages of this room as tests ask for them and read them."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse


def page(name: str, *args: Any) -> str:
    return reverse(f"bookings:{name}", args=args)


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())
