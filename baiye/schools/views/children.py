"""Who stands for a child: choosing among one's children, other guardians, requests."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_above, refused_on
from baiye.schools import actions, queries
from baiye.schools.forms import NewContactForm
from baiye.schools.shells import shell_of


@require_POST
@login_required
def choose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Look at this child from now on."""
    child = get_object_or_404(queries.children_of(request.user), pk=pk)
    request.session[queries.CHILD] = child.pk
    return redirect("home")


@require_http_methods(["GET", "POST"])
@login_required
def guardians(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who stands for the child; the POST vouches for another guardian's phone."""
    pupil = get_object_or_404(queries.families_of(request.user), pk=pk)
    form = NewContactForm(request.POST or None)
    if form.is_valid():
        with refused_on(form, "phone"):
            actions.add_contact(pupil=pupil, by=request.user, **form.cleaned_data)
            messages.success(request, _("加好了。请对方用孩子的码和这个手机号登录"))
            return redirect("schools:guardians", pk)
    if request.method == "GET":
        actions.note_look(pupil=pupil, by=request.user, page="guardians")
    context = {
        "pupil": pupil,
        "guardianships": queries.guardianships_of(pupil, clock.today()),
        "requests": queries.open_requests(pupil),
        "contacts": queries.contacts_of(pupil),
        "form": form,
        "shell": shell_of(request.user),
    }
    return render(request, "schools/guardians.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def request_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(queries.requests_for(request.user), pk=pk)
    agreed = request.POST.get("agreed") == "yes"
    with refused_above(request):
        actions.answer_request(request=asked, agreed=agreed, by=request.user, at=clock.now())
        said = _("%(name)s可以登录了") if agreed else _("没有让%(name)s加入")
        messages.success(request, said % {"name": asked.user.name})
    return redirect("schools:guardians", asked.pupil_id)


@require_http_methods(["GET", "POST"])
@login_required
def guardianship_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks, then ends a guardianship: one's own, or as the teacher anyone's."""
    guardianship = get_object_or_404(queries.guardianships_for(request.user), pk=pk)
    is_own = guardianship.user_id == request.user.pk
    if request.method == "GET":
        context = {"guardianship": guardianship, "is_own": is_own, "shell": shell_of(request.user)}
        return render(request, "schools/guardianship_end.html", context)
    actions.end_guardianship(guardianship=guardianship, by=request.user, at=clock.now())
    messages.success(request, _("%(name)s不再是孩子在这里的监护人") % {"name": guardianship.user.name})
    return redirect("home") if is_own else redirect("schools:guardians", guardianship.pupil_id)


@require_POST
@login_required
def contact_removal(request: SignedInRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(queries.contacts_for(request.user), pk=pk)
    actions.remove_contact(contact=contact, by=request.user)
    messages.success(request, _("已移除这个手机号"))
    return redirect("schools:guardians", contact.pupil_id)
