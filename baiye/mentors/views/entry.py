"""One form about one mentor: asked, refused in words with everything kept, or done and back to the mentor's page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from baiye.accounts.requests import SignedInRequest
from baiye.core.refusals import refused_on
from baiye.mentors.models import Mentor

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """What a form about a mentor is called, what its button says, what is said once it is done."""

    heading: Text
    button: Text
    done: Text
    note: Text = ""
    is_grave: bool = False


def asked(
    request: SignedInRequest, mentor: Mentor, form: forms.Form, entry: Entry, do: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Show ``form``, or call ``do`` with what it holds."""
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            do(form.cleaned_data)
            messages.success(request, str(entry.done))
            return redirect("mentors:mentor", mentor.pk)
    context = {"form": form, "mentor": mentor, "entry": entry}
    return render(request, "mentors/entry.html", context, status=422 if form.errors else 200)
