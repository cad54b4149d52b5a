"""Duplicates (重复的基地): pairs that look alike, what a merge would move, and the merge."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_on
from baiye.registry.actions.merging import merge_hosts
from baiye.registry.forms.review import MergeForm, NameFilter
from baiye.registry.models import Host
from baiye.registry.permissions import keeps, kept_paths
from baiye.registry.queries import hosts as queries

PER_PAGE = 30


@require_safe
@login_required
def duplicate_list(request: SignedInRequest) -> HttpResponse:
    """Pairs of hosts that may be one."""
    if not kept_paths(request.user):
        raise Http404
    form = NameFilter(request.GET)
    q = form.asked()
    page = Paginator(queries.duplicate_pairs(request.user, q=q), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "registry/duplicate_list.html", {"page": page, "form": form, "q": q})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def merger(request: SignedInRequest, host_id: int, into_id: int) -> HttpResponse:
    """Show side by side what would become one; once the name is typed, merge."""
    old, new = _find(request, host_id), _find(request, into_id)
    if old.merged_into_id == new.pk:
        return redirect("registry:host-file", new.pk)
    form = MergeForm(request.POST or None, name=old.unit.name)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            merge_hosts(old=old, new=new, by=request.user, at=clock.now())
            messages.success(request, _("合并好了。「%(old)s」的页面会转到这里") % {"old": old.unit.name})
            return redirect("registry:host-file", new.pk)
    sides = [(host, queries.weight_of(host)) for host in (old, new)]
    context = {"old": old, "new": new, "sides": sides, "form": form}
    return render(request, "registry/merger.html", context, status=422 if form.errors else 200)


def _find(request: SignedInRequest, host_id: int) -> Host:
    host = queries.find_desk_host(request.user, host_id)
    if host is None or not keeps(request.user, host.unit):
        raise Http404
    return host
