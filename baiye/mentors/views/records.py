"""What is entered about one mentor, and the papers behind it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock, files
from baiye.mentors import papers
from baiye.mentors.actions import appointments, mentors, trainings
from baiye.mentors.forms.records import (
    AppointmentForm,
    CertificateForm,
    CheckForm,
    DepartureForm,
    EndingForm,
    EvaluationForm,
    TitleForm,
)
from baiye.mentors.models import Mentor
from baiye.mentors.queries import mentors as queries
from baiye.mentors.views.entry import Entry, asked
from baiye.schools.models import school_year


@login_required
@require_http_methods(["GET", "POST"])
def check_new(request: SignedInRequest, mentor_id: int) -> HttpResponse:
    """Enter the result of a check: the district alone."""
    found = _mentor(request, mentor_id, Permission.MENTOR_VET)
    entry = Entry(
        _("登记从业查询结果"),
        _("登记结果"),
        _("已登记。"),
        _("只记结果、日期和方式，不记录查询到的内容，也不上传文件。登记以后不能改；有变化就再登记一次。"),
    )
    return asked(
        request,
        found,
        CheckForm(request.POST or None),
        entry,
        lambda data: mentors.enter_check(mentor=found, by=request.user, **data),
    )


@login_required
@require_http_methods(["GET", "POST"])
def title_new(request: SignedInRequest, mentor_id: int) -> HttpResponse:
    """Note a title of honour."""
    found = _mentor(request, mentor_id)
    form = TitleForm(request.POST or None, request.FILES or None)
    entry = Entry(_("登记称号"), _("登记称号"), _("已登记。"))
    return asked(
        request,
        found,
        form,
        entry,
        lambda data: mentors.claim_title(mentor=found, by=request.user, at=clock.now(), **data),
    )


@login_required
@require_POST
def title_confirmation(request: SignedInRequest, title_id: int) -> HttpResponse:
    """A union confirms a title."""
    title = get_object_or_404(queries.titles_for(request.user, Permission.MENTOR_MANAGE), pk=title_id)
    if mentors.union_of(request.user, title.mentor) is None:
        raise Http404
    mentors.confirm_title(title=title, by=request.user, at=clock.now())
    messages.success(request, _("已确认。"))
    return redirect("mentors:mentor", title.mentor_id)


@never_cache
@login_required
@require_GET
def title_paper(request: SignedInRequest, title_id: int) -> HttpResponse:
    """The paper of a title."""
    title = get_object_or_404(queries.titles_for(request.user).filter(file__isnull=False), pk=title_id)
    assert title.file is not None
    return files.answer(title.file)


@login_required
@require_http_methods(["GET", "POST"])
def certificate_new(request: SignedInRequest, mentor_id: int) -> HttpResponse:
    """Note a training certificate earned elsewhere."""
    found = _mentor(request, mentor_id)
    form = CertificateForm(request.POST or None, request.FILES or None)
    entry = Entry(_("登记培训合格证书"), _("登记证书"), _("已登记。"), _("在本区培训得的证书会自动登记，不用填。"))
    return asked(
        request,
        found,
        form,
        entry,
        lambda data: trainings.enter_certificate(mentor=found, by=request.user, at=clock.now(), **data),
    )


@never_cache
@login_required
@require_GET
def certificate_paper(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    """The paper of a certificate earned elsewhere."""
    certificate = get_object_or_404(
        queries.certificates_for(request.user).filter(file__isnull=False), pk=certificate_id
    )
    assert certificate.file is not None
    return files.answer(certificate.file)


@login_required
@require_http_methods(["GET", "POST"])
def appointment_new(request: SignedInRequest, mentor_id: int) -> HttpResponse:
    """Appoint somebody for a term."""
    found = _mentor(request, mentor_id)
    units = queries.appointers_for(request.user)
    if not units.exists():
        raise Http404
    form = AppointmentForm(request.POST or None, units=units, initial={"unit": found.appointed_by_id})
    entry = Entry(_("聘任"), _("聘任并出聘书"), _("已聘任，聘书可以打印了。"))
    return asked(
        request,
        found,
        form,
        entry,
        lambda data: appointments.appoint(mentor=found, by=request.user, at=clock.now(), **data),
    )


@never_cache
@login_required
@require_GET
def appointment_paper(request: SignedInRequest, appointment_id: int) -> HttpResponse:
    """The paper (聘书) as PDF."""
    found = get_object_or_404(queries.appointments_for(request.user), pk=appointment_id)
    headers = {"Content-Disposition": f'attachment; filename="appointment-{found.pk}.pdf"'}
    return HttpResponse(papers.appointment_paper(found), content_type="application/pdf", headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
def appointment_ending(request: SignedInRequest, appointment_id: int) -> HttpResponse:
    """End an appointment early."""
    found = get_object_or_404(
        queries.appointments_for(request.user, Permission.MENTOR_MANAGE).filter(
            unit__in=queries.appointers_for(request.user)
        ),
        pk=appointment_id,
    )
    entry = Entry(
        _("提前结束聘任"),
        _("结束聘任"),
        _("已结束。受影响的场次会通知协调中心。"),
        _("从那天起，已经排给这位老师的场次会列进「受影响的场次」。这一步会留痕。"),
        is_grave=True,
    )
    return asked(
        request,
        found.mentor,
        EndingForm(request.POST or None),
        entry,
        lambda data: appointments.end_appointment(appointment=found, by=request.user, **data),
    )


@login_required
@require_http_methods(["GET", "POST"])
def evaluation_new(request: SignedInRequest, mentor_id: int) -> HttpResponse:
    """Say how a school year went."""
    found = _mentor(request, mentor_id)
    form = EvaluationForm(request.POST or None, this_year=school_year(clock.today()))
    entry = Entry(_("年度评价"), _("存好评价"), _("已存好。"), _("同一学年再写一次，会替换原来的。"))
    return asked(request, found, form, entry, lambda data: appointments.evaluate(mentor=found, by=request.user, **data))


@login_required
@require_http_methods(["GET", "POST"])
def departure(request: SignedInRequest, mentor_id: int) -> HttpResponse:
    """Somebody guides nobody any more."""
    found = _mentor(request, mentor_id)
    entry = Entry(
        _("登记离任"),
        _("登记离任"),
        _("已登记离任。"),
        _("从那天起不能再排给这位老师；带过的场次都还在。这一步会留痕。"),
        is_grave=True,
    )
    return asked(
        request,
        found,
        DepartureForm(request.POST or None),
        entry,
        lambda data: mentors.note_departure(mentor=found, by=request.user, **data),
    )


def _mentor(request: SignedInRequest, pk: int, permission: Permission = Permission.MENTOR_MANAGE) -> Mentor:
    return get_object_or_404(queries.mentors_for(request.user, permission), pk=pk)
