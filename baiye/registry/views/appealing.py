"""The appeal of who applied, by the secret link of the application; no account."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from baiye.core import clock, throttle
from baiye.core.refusals import refused_on
from baiye.registry.actions import appeals
from baiye.registry.forms.accrediting import AppealForm
from baiye.registry.queries.appeals import appeals_of, last_decision
from baiye.registry.views.entry import applied_for

AN_HOUR = 20  # from one network


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def apply_appeal(request: HttpRequest, token: str) -> HttpResponse:
    """What was decided about the application of this link, and the appeal against it."""
    application = applied_for(request, token)
    decision = last_decision(application)
    if decision is None:
        raise Http404
    form = AppealForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and not throttle.hit_from(request, "apply appeal", limit=AN_HOUR, per_s=3600):
        form.add_error(None, _("这个网络一小时内交得太多了。请过一小时再交。"))
    elif request.method == "POST" and form.is_valid():
        said = {"text": form.cleaned_data["text"], "request": form.cleaned_data["request"]}
        with refused_on(form):
            upload = form.cleaned_data["file"]
            appeals.make_appeal(against=decision, application=application, at=clock.now(), upload=upload, **said)
            messages.success(request, _("申诉交了。没有签过字的人会来答复。"))
            return redirect("registry:apply-appeal", token)
    context = {
        "application": application,
        "token": token,
        "decision": decision,
        "made": appeals_of(decision),
        "form": form,
        "may_appeal": appeals.may_appeal(decision, clock.now()),
    }
    return render(request, "registry/apply_appeal.html", context, status=422 if form.errors else 200)
