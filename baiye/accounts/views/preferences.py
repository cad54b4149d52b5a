"""Message settings: channels, quiet hours, the digest, and one's addresses."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from baiye.accounts.actions import addresses
from baiye.accounts.actions.preferences import preference_of, save_preference
from baiye.accounts.models import User
from baiye.accounts.navigation import shell_of
from baiye.accounts.preference_form import AddressForm, CodeForm, PreferenceForm
from baiye.accounts.requests import SignedInRequest
from baiye.core import channels, clock, messages_kinds
from baiye.core.channels import mask
from baiye.core.refusals import refused_on


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def preferences(request: SignedInRequest) -> HttpResponse:
    """What one prefers, one's addresses, and the published list of kinds of messages."""
    reads = request.user.pk in messages_kinds.readers([request.user.pk])
    preference = preference_of(request.user)
    form = PreferenceForm(request.POST or None, preference=preference, reads_digest=reads)
    if request.method == "POST" and form.is_valid():
        save_preference(**form.wanted(), by=request.user)
        messages.success(request, _("已保存，从下一条消息开始照这样发。"))
        return redirect("accounts:preferences")
    context = {
        "form": form,
        "addresses": _addresses(request.user),
        "kinds": _published(),
        "shell": shell_of(request.user),
    }
    return render(request, "accounts/preferences.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def address(request: SignedInRequest, channel: str) -> HttpResponse:
    """Another address for a channel: first where, then the code that came there."""
    _require_own(request.user, channel)
    waiting = addresses.waiting_address(request.user, channel, clock.now())
    step = CodeForm if "code" in request.POST else AddressForm
    form = CodeForm(request.POST or None) if step is CodeForm else AddressForm(request.POST or None, channel=channel)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            return _take(request, channel, form.cleaned_data)
    context = {
        "channel": channel,
        "form": form if step is AddressForm else AddressForm(channel=channel),
        "code_form": form if step is CodeForm else CodeForm(),
        "sent_to": mask(channel, waiting) if waiting else "",
        "now": mask(channel, getattr(request.user, addresses.FIELDS[channel])),
        "shell": shell_of(request.user),
    }
    return render(request, "accounts/address.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def address_dropping(request: SignedInRequest, channel: str) -> HttpResponse:
    """Forget an address of one's own."""
    _require_own(request.user, channel)
    addresses.drop_address(channel=channel, by=request.user)
    messages.success(request, _("已删除，以后的消息不再发到那里。"))
    return redirect("accounts:preferences")


def _take(request: SignedInRequest, channel: str, given: dict[str, Any]) -> HttpResponse:
    now = clock.now()
    if "code" in given:
        addresses.prove_address(channel=channel, code=given["code"], by=request.user, at=now)
        messages.success(request, _("地址已确认，以后的消息会发到那里。"))
        return redirect("accounts:preferences")
    addresses.ask_address(channel=channel, address=given["address"], by=request.user, at=now)
    return redirect("accounts:address", channel)


def _require_own(user: User, channel: str) -> None:
    """There is no such page for pupils, nor for a channel that nobody types an address for."""
    if user.kind == "pupil" or channel not in addresses.FIELDS or not channels.is_open(channel):
        raise Http404


def _published() -> list[tuple[str, str]]:
    """How each kind of message travels: three lists of names, as they are published."""
    kinds = list(messages_kinds.KINDS.values())
    groups = [
        (_("邮件、企业微信，还有短信"), [kind.name for kind in kinds if kind.text]),
        (_("班主任和学校统筹老师在每日汇总里看，其他人单独收"), [kind.name for kind in kinds if kind.digest]),
        (_("邮件和企业微信"), [kind.name for kind in kinds if not kind.text and not kind.digest]),
    ]
    return [(name, "；".join(map(str, names))) for name, names in groups]


def _addresses(user: User) -> list[dict[str, str]]:
    """What the page shows of each open channel: its name, the address masked, whether it may be changed here."""
    known = {"mail": user.email, "wecom": user.wecom_id, "sms": user.phone}
    named = {"mail": _("邮箱"), "wecom": _("企业微信账号"), "sms": _("手机")}
    return [
        {
            "channel": channel,
            "name": named[channel],
            "address": mask(channel, text),
            "is_own": "yes" if channel in addresses.FIELDS and user.kind != "pupil" else "",
        }
        for channel, text in known.items()
        if channels.is_open(channel) and (text or (channel in addresses.FIELDS and user.kind != "pupil"))
    ]
