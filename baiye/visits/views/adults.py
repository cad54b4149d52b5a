"""Who is with the pupils: of a visit, of a mentor, and one's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.navigation import shell_of
from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.core import choosing, clock
from baiye.core.refusals import refused_above, refused_on
from baiye.mentors.queries.mentors import mentors_for
from baiye.visits import assigning, queries
from baiye.visits.forms import AssignmentForm


@login_required
@require_http_methods(["GET", "POST"])
def adults(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """Who is with the pupils of a visit; a POST puts one more there."""
    visit = get_object_or_404(queries.visits_for(request.user, Permission.MENTOR_MANAGE), pk=visit_id)
    form = AssignmentForm(request.POST or None, mentors=queries.assignable(request.user, visit))
    if suggested := choosing.suggestions(request, form):
        return suggested
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            assigning.assign_mentor(visit=visit, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已安排。"))
            return redirect("visits:adults", visit.pk)
    context = {
        "visit": visit,
        "form": form,
        "assignments": queries.assignments_of(visit),
        "is_open": visit.cancelled_at is None and visit.ends_at > clock.now(),
    }
    return render(request, "visits/adults.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def assignment_end(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    """Take somebody off a visit."""
    assignment = get_object_or_404(queries.assignments_for(request.user), pk=assignment_id)
    with refused_above(request):
        assigning.end_assignment(assignment=assignment, by=request.user, at=clock.now())
        messages.success(request, _("已取消这项安排。"))
    return redirect("visits:adults", assignment.visit_id)


@never_cache
@login_required
@require_GET
def mentor_assignments(request: SignedInRequest, mentor_id: int) -> HttpResponse:
    """Where a mentor one sees is expected."""
    mentor = get_object_or_404(mentors_for(request.user), pk=mentor_id)
    context = {"mentor": mentor, "assignments": queries.visits_of_mentor(mentor, at=clock.now()), "is_own": False}
    return render(request, "visits/assignments.html", context | {"shell": shell_of(request.user)})


@never_cache
@login_required
@require_GET
def my_assignments(request: SignedInRequest) -> HttpResponse:
    """Where one is expected oneself."""
    mentor = queries.own_mentor(request.user)
    if mentor is None and "mentor" not in request.user.roles:
        raise Http404
    found = queries.visits_of_mentor(mentor, at=clock.now()) if mentor else []
    context = {"mentor": mentor, "assignments": found, "is_own": True, "shell": shell_of(request.user)}
    return render(request, "visits/assignments.html", context)
