"""The class teacher's pages: my classes, what a class has booked and may book, a group of it in one go."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from baiye.accounts.requests import SignedInRequest
from baiye.bookings import lines, rules
from baiye.bookings.actions import groups as actions
from baiye.bookings.actions.rehearsals import rehearse
from baiye.bookings.forms.classes import GroupForm
from baiye.bookings.queries import classes as queries
from baiye.core import clock
from baiye.core.refusals import refused_on
from baiye.schools.models import SchoolClass
from baiye.schools.permissions import holds_in_office

PER_PAGE = 20


@login_required
@require_GET
def class_list(request: SignedInRequest) -> HttpResponse:
    """The classes for which one books; who has one alone goes there at once."""
    if not holds_in_office(request.user, queries.RECORD):
        raise Http404
    classes = list(queries.classes_of(request.user))
    if len(classes) == 1:
        return redirect("bookings:class", classes[0].pk)
    return render(request, "bookings/class_list.html", {"classes": classes, "today": clock.today()})


@login_required
@require_GET
def school_class(request: SignedInRequest, class_id: int) -> HttpResponse:
    """What the class has booked, and what it may book now or soon."""
    one, now = _find(request, class_id), clock.now()
    page = Paginator(queries.open_to_class(one, now), PER_PAGE).get_page(request.GET.get("page"))
    context = {"one": one, "name": one.name(clock.today()), "parties": queries.parties(one, now), "page": page}
    context |= {"groups": lines.grouped(lines.lines_of(page, {}, now))}
    return render(request, "bookings/class.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def group(request: SignedInRequest, class_id: int, opening_id: int) -> HttpResponse:
    """Ticks pupils of the class for one opening: all of them are booked, or none."""
    one, now = _find(request, class_id), clock.now()
    opening = get_object_or_404(queries.open_to_class(one, now), pk=opening_id)
    if queries.has_group(request.POST.get("request", ""), one):
        return redirect("bookings:class", one.pk)  # the same press again
    pupils = queries.roll_of(one)
    found = rehearse(opening=opening, pupils=pupils, by=request.user, at=now)
    form = GroupForm(request.POST or None, candidates=found)
    if request.method == "POST" and form.is_valid():
        chosen = [pupil for pupil in pupils if pupil.pk in form.cleaned_data["pick"]]
        key = form.cleaned_data["request"]
        with refused_on(form):
            actions.book_group(opening=opening, pupils=chosen, request=key, by=request.user, at=now)
            n = len(chosen)
            messages.success(request, ngettext("给 %(n)d 位同学约好了。", "给 %(n)d 位同学约好了。", n) % {"n": n})
            return redirect("bookings:class", one.pk)
    context = {"one": one, "name": one.name(clock.today()), "opening": opening, "visit": opening.visit, "form": form}
    context |= {"line": lines.Line(opening, now), "can": [each for each in found if not each.why]}
    context |= {"cannot": [each for each in found if each.why], "ticked": form.ticked()}
    context |= {"rules": rules.opening_rules(opening)}
    return render(request, "bookings/group.html", context, status=422 if form.errors else 200)


def _find(request: SignedInRequest, class_id: int) -> SchoolClass:
    return get_object_or_404(queries.classes_of(request.user), pk=class_id)
