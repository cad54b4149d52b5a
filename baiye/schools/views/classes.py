"""Classes of a school: the list, one class, its cards, its teachers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import Refused, refused_above
from baiye.schools import actions, queries
from baiye.schools.cards import cards as make_cards
from baiye.schools.cards import sign_in_address
from baiye.schools.forms import TeacherForm
from baiye.schools.models import Pupil
from baiye.schools.permissions import holds_in_office
from baiye.schools.shells import shell_of


@require_safe
@login_required
def class_list(request: SignedInRequest) -> HttpResponse:
    if not holds_in_office(request.user, Permission.PUPIL_VIEW):
        raise Http404
    page = Paginator(queries.class_figures(request.user, clock.today()), 60).get_page(request.GET.get("page"))
    context = {"page": page, "today": clock.today(), "shell": shell_of(request.user)}
    return render(request, "schools/class_list.html", context)


@require_safe
@login_required
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    school_class = get_object_or_404(queries.classes_for(request.user), pk=pk)
    today = clock.today()
    context = {
        "school_class": school_class,
        "name": school_class.name(today),
        "pupils": list(queries.roll_of(school_class, today)),
        "teachers": queries.teacherships(school_class, today),
        "may_issue": queries.may_with_class(request.user, Permission.CODE_ISSUE, school_class),
        "may_appoint": queries.may_with_class(request.user, Permission.ROSTER_IMPORT, school_class),
        "form": TeacherForm(),
        "shell": shell_of(request.user),
    }
    return render(request, "schools/class.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def cards(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks, then issues: the answer to the POST is the sheet itself, the only time the codes are seen."""
    school_class = get_object_or_404(queries.classes_for(request.user, Permission.CODE_ISSUE), pk=pk)
    context = {"school_class": school_class, "name": school_class.name(clock.today()), "shell": shell_of(request.user)}
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        with refused_above(request):
            issued = actions.issue_codes(school_class=school_class, by=request.user, at=clock.now(), seen=seen)
            return render(request, "schools/cards.html", context | _sheet(issued))
        return redirect("schools:class-cards", pk)
    context |= {"seen": queries.last_issue(school_class), "pupils": queries.roll_of(school_class, clock.today())}
    return render(request, "schools/cards_ask.html", context)


def _sheet(issued: list[tuple[Pupil, str]]) -> dict[str, object]:
    term = queries.term_for_codes(clock.today())
    return {"cards": make_cards(issued), "address": sign_in_address(), "expires_on": term.ends_on if term else None}


@require_POST
@login_required
def teachers(request: SignedInRequest, pk: int) -> HttpResponse:
    school_class = get_object_or_404(queries.classes_for(request.user, Permission.ROSTER_IMPORT), pk=pk)
    form = TeacherForm(request.POST)
    user = queries.find_staff(form.cleaned_data["username"]) if form.is_valid() else None
    with refused_above(request):
        if user is None:
            raise Refused(_("没有这个用户名，请核对后再填"))
        actions.appoint_teacher(school_class=school_class, user=user, by=request.user, at=clock.now())
        messages.success(request, _("%(name)s从今天起是班主任") % {"name": user.name})
    return redirect("schools:class", pk)


@require_POST
@login_required
def teacher_end(request: SignedInRequest, pk: int) -> HttpResponse:
    teacher = get_object_or_404(queries.teacherships_for(request.user), pk=pk)
    actions.end_teacher(teacher=teacher, by=request.user, at=clock.now())
    messages.success(request, _("%(name)s不再是这个班的班主任") % {"name": teacher.user.name})
    return redirect("schools:class", teacher.school_class_id)
