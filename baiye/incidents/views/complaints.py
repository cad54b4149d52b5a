"""The complaint line: the form for anyone, the link that follows it, one's own, and the desk that answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.links import make_token
from baiye.accounts.models import User
from baiye.accounts.navigation import shell_of
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import choosing, clock, throttle
from baiye.core.refusals import refused_above, refused_on
from baiye.core.shapes import Stat
from baiye.incidents import permissions
from baiye.incidents.actions import complaints as actions
from baiye.incidents.forms.complaints import AnswerForm, ComplaintFilter, ComplaintForm
from baiye.incidents.models import Complaint
from baiye.incidents.queries import complaints as queries
from baiye.registry.queries.register import public_hosts

PER_PAGE = 40
AN_HOUR, A_DAY = 3600, 86400


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A complaint by anyone; the link that follows it is shown once it is sent."""
    user = request.user if isinstance(request.user, User) else None
    shell = shell_of(user) if user else "core/public.html"
    asked = request.GET.get("host", "")
    host = public_hosts().filter(pk=int(asked)).first() if asked.isdecimal() else None
    form = ComplaintForm(request.POST) if request.method == "POST" else ComplaintForm.fresh(make_token(), host)
    if suggested := choosing.suggestions(request, form):
        return suggested
    if request.method == "POST" and form.is_valid():
        if not _within_limits(request, user):
            form.add_error(None, _("今天从这里提交得太多了。请明天再来，或打电话给协调中心。"))
        else:
            with refused_on(form):
                actions.make_complaint(**form.cleaned_data, by=user, at=clock.now())
                return redirect("incidents:followed", form.cleaned_data["token"])
    status = 422 if form.is_bound else 200
    return render(request, "incidents/complain.html", {"shell": shell, "form": form}, status=status)


def _within_limits(request: HttpRequest, user: User | None) -> bool:
    """A handful a day and person, a few dozen an hour and address: a whole class may write from one school."""
    if user is not None:
        return throttle.hit(f"complaint-user-{user.pk}", limit=10, per_s=A_DAY)
    return throttle.hit_from(request, "complaint at", limit=30, per_s=AN_HOUR)


@never_cache
@require_http_methods(["GET", "POST"])
def followed(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a complaint, for who has its link; POST asks that somebody else looks at it."""
    complaint = queries.find_by_link(token)
    if complaint is None:
        raise Http404
    shell = shell_of(request.user) if isinstance(request.user, User) else "core/public.html"
    link = request.build_absolute_uri(request.path)
    return _follow(request, complaint, {"shell": shell, "link": link, "again": "incidents:followed", "key": token})


@login_required
@require_http_methods(["GET", "POST"])
def own(request: SignedInRequest, complaint_id: int) -> HttpResponse:
    """One's own complaint, made while signed in."""
    complaint = get_object_or_404(queries.own_complaints(request.user), pk=complaint_id)
    again = {"shell": shell_of(request.user), "again": "incidents:own-complaint", "key": complaint.pk}
    return _follow(request, complaint, again)


def _follow(request: HttpRequest, complaint: Complaint, context: dict[str, object]) -> HttpResponse:
    if request.method == "POST":
        user = request.user if isinstance(request.user, User) else None
        with refused_above(request):
            actions.escalate(complaint=complaint, by=user, at=clock.now())
            messages.success(request, _("收到了，会由另一位来复核。"))
        return redirect(str(context["again"]), context["key"])
    return render(request, "incidents/followed.html", context | {"complaint": complaint})


@login_required
@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """What one wrote while signed in."""
    page = Paginator(queries.own_complaints(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "incidents/own_complaints.html", {"shell": shell_of(request.user), "page": page})


@login_required
@require_GET
def index(request: SignedInRequest) -> HttpResponse:
    """Complaints where one handles them."""
    require_somewhere(request, permissions.HANDLE)
    form = ComplaintFilter(request.GET)
    asked = form.said()
    page = Paginator(queries.complaints_for(request.user, **asked), PER_PAGE).get_page(request.GET.get("page"))
    counts = queries.counts(request.user)
    stats = [Stat(_("待办"), counts["open"], _("件")), Stat(_("已超期"), counts["overdue"], _("件"))]
    context = {"form": form, "page": page, "is_filtered": any(asked.values()), "stats": stats, "today": clock.today()}
    return render(request, "incidents/complaint_list.html", context)


@login_required
@require_GET
def show(request: SignedInRequest, complaint_id: int) -> HttpResponse:
    """One complaint and its answer. Each look is written down."""
    complaint = _find(request, complaint_id)
    actions.record_look(complaint=complaint, by=request.user)
    return render(request, "incidents/complaint.html", {"complaint": complaint, "form": _answer_form(complaint)})


@login_required
@require_POST
def answer(request: SignedInRequest, complaint_id: int) -> HttpResponse:
    """The answer, or the last word after it was escalated."""
    complaint = _find(request, complaint_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with refused_on(form):
            actions.answer_complaint(complaint=complaint, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("答复送出了。"))
            return redirect("incidents:complaint", complaint.pk)
    return render(request, "incidents/complaint.html", {"complaint": complaint, "form": form}, status=422)


def _answer_form(complaint: Complaint) -> AnswerForm | None:
    waits = complaint.answered_at is None or (complaint.escalated_at is not None and complaint.final_at is None)
    return AnswerForm() if waits else None


def _find(request: SignedInRequest, complaint_id: int) -> Complaint:
    found = queries.complaints_for(request.user).select_related("answered_by", "final_by", "made_by")
    return get_object_or_404(found, pk=complaint_id)
