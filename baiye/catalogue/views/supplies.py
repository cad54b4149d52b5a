"""The desk where it is said what a course needs, what papers its steps have, and what venues have."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.catalogue.actions import supplies as actions
from baiye.catalogue.actions.content import CourseRefused
from baiye.catalogue.forms.supplies import MaterialForm, StockFormSet, SupplyFormSet, counts_of, needed_of
from baiye.catalogue.models import STEPS
from baiye.catalogue.queries import supplies as queries
from baiye.catalogue.queries.courses import versions_for
from baiye.core import clock, files
from baiye.core.refusals import refused_above, refused_on

PER_PAGE = 20


@login_required
@require_http_methods(["GET", "POST"])
def supplies(request: SignedInRequest, version_id: int) -> HttpResponse:
    """What a draft needs; what its largest group is short of."""
    version = get_object_or_404(versions_for(request.user), pk=version_id)
    found = queries.supplied(version)
    initial = [{name: getattr(each, name) for name in ("name", "kind", "quantity", "share")} for each in found.supplies]
    lines = SupplyFormSet(request.POST or None, initial=initial, prefix="line")
    refusal = ""
    if request.method == "POST" and lines.is_valid():
        try:
            actions.set_supplies(version=version, supplies=needed_of(lines), by=request.user)
        except CourseRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("用品清单已存。"))
            return redirect("catalogue:supplies", version.pk)
    context = {"version": version, "supplied": found, "lines": lines, "refusal": refusal}
    return render(request, "catalogue/supplies.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_http_methods(["GET", "POST"])
def materials(request: SignedInRequest, version_id: int) -> HttpResponse:
    """The papers of a draft's steps, and one more."""
    version = get_object_or_404(versions_for(request.user), pk=version_id)
    form = MaterialForm(request.POST or None, request.FILES or None, initial={"request": uuid4()})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.add_material(version=version, by=request.user, **form.cleaned_data)
            messages.success(request, _("材料已存。"))
            return redirect("catalogue:materials", version.pk)
    papers = queries.materials_by_step(version, readers=("pupil", "instructor"))
    context = {"version": version, "form": form, "steps": [(name, papers.get(key, [])) for key, name in STEPS]}
    return render(request, "catalogue/materials.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def material(request: SignedInRequest, material_id: int) -> HttpResponse:
    """A paper, for who writes or reviews the course."""
    return files.answer(get_object_or_404(queries.materials_for(request.user), pk=material_id).file)


@login_required
@require_POST
def material_removal(request: SignedInRequest, material_id: int) -> HttpResponse:
    """Take a paper out of a draft."""
    found = get_object_or_404(queries.materials_for(request.user, Permission.COURSE_MANAGE), pk=material_id)
    version_id = found.version_id
    with refused_above(request):
        actions.remove_material(material=found, by=request.user)
        messages.success(request, _("材料已删。"))
    return redirect("catalogue:materials", version_id)


@login_required
@require_GET
def stock_list(request: SignedInRequest) -> HttpResponse:
    """Venues whose stock one may count, with how many things each lists."""
    require_somewhere(request, Permission.COURSE_MANAGE)
    q = request.GET.get("q", "")[:40]
    page = Paginator(queries.venues_to_stock(request.user, q=q), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalogue/stock_list.html", {"page": page, "q": q})


@login_required
@require_http_methods(["GET", "POST"])
def stock(request: SignedInRequest, venue_id: int) -> HttpResponse:
    """What a venue has of the things courses need."""
    venue = get_object_or_404(queries.venues_to_stock(request.user), pk=venue_id)
    counted = queries.stock_of(venue)
    named = {row.name for row in counted}
    initial: list[dict[str, object]] = [{"name": row.name, "count": row.count} for row in counted]
    initial += [{"name": name} for name in queries.wanted_at(venue) if name not in named]
    lines = StockFormSet(request.POST or None, initial=initial, prefix="line")
    refusal = ""
    if request.method == "POST" and lines.is_valid():
        try:
            actions.set_stock(venue=venue, counts=counts_of(lines), by=request.user, at=clock.now())
        except CourseRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("库存已存。"))
            return redirect("catalogue:stock", venue.pk)
    context = {"venue": venue, "counted": counted, "lines": lines, "refusal": refusal}
    return render(request, "catalogue/stock.html", context, status=422 if request.method == "POST" else 200)
