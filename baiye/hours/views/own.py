"""A pupil's class hours: what stands, what is missing and why; and the papers over them."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.attendance.shell import shell_of
from baiye.core import clock
from baiye.hours import papers, queries
from baiye.hours.models import QUOTA_MINUTES, VOCATIONAL_QUOTA_MINUTES
from baiye.schools.actions import note_look
from baiye.schools.models import Pupil
from baiye.schools.queries import classes_for, current_child, pupils_for


@require_GET
@login_required
def mine(request: SignedInRequest) -> HttpResponse:
    """The hours of the pupil who is signed in, or of the child a guardian looks at."""
    pupil = current_child(request)
    if pupil is None:
        return redirect("hours:desk") if request.user.kind == "staff" else render(request, "hours/nobody.html")
    return render(request, "hours/mine.html", _own(request.user, pupil, clock.now()))


@require_GET
@login_required
def pupil(request: SignedInRequest, pupil_id: int) -> HttpResponse:
    """The same page for whoever may see the pupil's hours."""
    found = get_object_or_404(pupils_for(request.user, Permission.HOURS_VIEW), pk=pupil_id)
    return render(request, "hours/mine.html", _own(request.user, found, clock.now()))


def _own(user: User, found: Pupil, at: datetime) -> dict[str, object]:
    note_look(pupil=found, by=user, page="hours")
    balance = queries.balance([found.pk])[found.pk]
    days = queries.half_days(found, at)
    return {
        "shell": shell_of(user),
        "pupil": found,
        "own": user.kind != "staff",
        "class_name": found.school_class.name(clock.day_of(at)),
        "balance": balance,
        "goal": VOCATIONAL_QUOTA_MINUTES // 40,
        "days": days,
        "waiting": sum(day.entry is None and day.verdict.waits for day in days),
        "categories": [(name, balance.hours(name), quota // 40) for name, quota in QUOTA_MINUTES.items()],
        "certificates": queries.certificates_for(user).filter(pupil=found),
        "notices": queries.running_notices(found.school_class.school.unit, clock.day_of(at)),
    }


@require_GET
@login_required
def certificate(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    """One certificate as PDF; a revoked one is not given out any more."""
    found = get_object_or_404(queries.certificates_for(request.user).filter(revoked_at=None), pk=certificate_id)
    note_look(pupil=found.pupil, by=request.user, page="certificate")
    return _pdf(papers.certificates([found]), found.number)


@require_GET
@login_required
def class_certificates(request: SignedInRequest, class_id: int) -> HttpResponse:
    """The standing certificates of a class as one PDF, a page each, by pinyin."""
    found = get_object_or_404(classes_for(request.user, Permission.HOURS_VIEW), pk=class_id)
    chosen = list(queries.class_certificates(found))
    if not chosen:
        return redirect("hours:class", class_id)
    return _pdf(papers.certificates(chosen), f"{found.school.code}-{found.entry_year}-{found.number}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}.pdf"' if name.isascii() else 'attachment; filename="certificates.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})
