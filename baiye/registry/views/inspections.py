"""An inspection on a phone: what is to inspect, the rubric, findings and photos as they come in, two signatures."""

import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.requests import SignedInRequest
from baiye.core import clock, files
from baiye.core.refusals import Refused, refused_above
from baiye.registry import conduct
from baiye.registry.actions import findings, inspections
from baiye.registry.actions.findings import Finding, Outcome
from baiye.registry.forms.accrediting import FindingForm, PhotoForm
from baiye.registry.models import Inspection, Score
from baiye.registry.permissions import may_review
from baiye.registry.queries.inspections import Area, areas_of, inspections_for, photos_for, tally_of, to_do

MOST_FINDINGS = 200


@login_required
@require_GET
def inspection_list(request: SignedInRequest) -> HttpResponse:
    """What waits for the member of staff who is signed in: to inspect, or to sign as the second."""
    if not request.user.is_staff:
        raise Http404
    rows = list(to_do(request.user))
    context = {
        "mine": [row for row in rows if row.inspector_id == request.user.pk],
        "to_sign": [row for row in rows if row.inspector_id != request.user.pk],
        "today": clock.today(),
    }
    return render(request, "registry/inspection_list.html", context)


@login_required
@require_GET
def inspection(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The rubric on a phone; it works without a network once it was opened."""
    found = get_object_or_404(inspections_for(request.user), pk=inspection_id)
    return render(request, "registry/inspection.html", _context(request, found))


@login_required
@require_GET
def checklist(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The rubric for paper: what was found so far, or empty lines."""
    found = get_object_or_404(inspections_for(request.user), pk=inspection_id)
    return render(request, "registry/checklist.html", _context(request, found))


@login_required
@require_POST
def inspection_findings(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Findings: the whole form, or a batch from a device's store."""
    found = get_object_or_404(inspections_for(request.user).filter(inspector=request.user), pk=inspection_id)
    if request.content_type == "application/json":
        return _batch(request, found)
    given = _from_form(request, found)
    try:
        outcomes = findings.save_findings(inspection=found, findings=given, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("registry:inspection", found.pk)
    problems = [outcome.sentence for outcome in outcomes if outcome.status in {"refused", "conflict"}]
    for problem in problems:
        messages.error(request, problem)
    if problems:
        return render(request, "registry/inspection.html", _context(request, found, outcomes), status=422)
    messages.success(request, _("存好了。"))
    return redirect("registry:inspection", found.pk)


def _as_typed(areas: list[Area], outcomes: Sequence[Outcome]) -> list[Area]:
    """The rubric with what was typed and not kept, so that nothing is lost."""
    lost = {one.finding.indicator: one.finding for one in outcomes if one.status in {"refused", "conflict"}}
    for row in (row for area in areas for row in area.rows):
        if finding := lost.get(row.indicator.pk):
            version = row.score.version if row.score else 0
            verdict = finding.verdict if finding.verdict in dict(Score.VERDICTS) else "pending"
            row.score = Score(verdict=verdict, points=finding.points, note=finding.note, version=version)
    return areas


def _batch(request: SignedInRequest, found: Inspection) -> HttpResponse:
    try:
        given = [_from_wire(item) for item in json.loads(request.body)["findings"][:MOST_FINDINGS]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponseBadRequest()
    try:
        outcomes = findings.save_findings(inspection=found, findings=given, by=request.user, at=clock.now())
    except Refused as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=409)
    return JsonResponse({"outcomes": [_to_wire(outcome) for outcome in outcomes]})


def _from_wire(item: dict[str, Any]) -> Finding:
    points, base = item.get("points"), item.get("base")
    return Finding(
        indicator=int(item["indicator"]),
        edit=uuid.UUID(item["edit"]),
        verdict=str(item["verdict"]),
        points=None if points is None else int(points),
        note=str(item.get("note", "")),
        base=None if base is None else int(base),
    )


def _to_wire(outcome: Outcome) -> dict[str, object]:
    finding, score = outcome.finding, outcome.score
    said: dict[str, object] = {"indicator": finding.indicator, "edit": str(finding.edit), "status": outcome.status}
    said["sentence"] = outcome.sentence
    if score is not None:
        said |= {"version": score.version, "verdict": score.verdict, "points": score.points, "note": score.note}
    return said


def _from_form(request: SignedInRequest, found: Inspection) -> list[Finding]:
    """What a form without a script says; lines that were not touched are left out."""
    given = []
    for area in areas_of(found):
        for row in area.rows:
            names = ("edit", "base", "verdict", "points", "note")
            form = FindingForm({name: request.POST.get(f"{name}-{row.indicator.pk}", "") for name in names})
            if not form.is_valid() and "verdict" in form.errors:
                continue
            data = form.cleaned_data
            now = row.score or Score(note="")
            said = (data["verdict"], data.get("points"), data.get("note", ""))
            if said != (now.verdict, now.points, now.note):
                edit = data.get("edit") or uuid.uuid4()
                facts = {"verdict": said[0], "points": said[1], "note": said[2], "base": data.get("base")}
                given.append(Finding(indicator=row.indicator.pk, edit=edit, **facts))
    return given


@login_required
@require_POST
def inspection_photos(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """One photo, from a form or from a device's store; the same id is one photo."""
    found = get_object_or_404(inspections_for(request.user).filter(inspector=request.user), pk=inspection_id)
    form = PhotoForm(request.POST, request.FILES)
    wants_json = request.headers.get("Accept", "") == "application/json"
    if not form.is_valid():
        return _photo_answer(request, found, wants_json, _("请先选一张照片。"))
    data = form.cleaned_data
    indicator = found.standard.indicators.filter(pk=data["indicator"]).first() if data["indicator"] else None
    upload: UploadedFile[bytes] = data["photo"]
    try:
        findings.add_photo(
            inspection=found,
            photo_id=data["id"],
            upload=upload,
            no_faces=data["no_faces"],
            indicator=indicator,
            by=request.user,
            at=clock.now(),
        )
    except Refused as refusal:
        return _photo_answer(request, found, wants_json, str(refusal))
    return _photo_answer(request, found, wants_json, "")


def _photo_answer(request: SignedInRequest, found: Inspection, wants_json: bool, problem: str) -> HttpResponse:
    if wants_json:
        return JsonResponse({"sentence": problem}, status=422 if problem else 200)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, _("照片存好了。"))
    return redirect("registry:inspection", found.pk)


@login_required
@require_GET
def inspection_photo(request: SignedInRequest, photo_id: uuid.UUID) -> HttpResponse:
    """A photo of an inspection that one sees."""
    return files.answer(get_object_or_404(photos_for(request.user), pk=photo_id).file)


@login_required
@require_http_methods(["GET", "POST"])
def inspection_photo_emptying(request: SignedInRequest, photo_id: uuid.UUID) -> HttpResponse:
    """Ask, then take away for good what a photo shows."""
    photo = get_object_or_404(photos_for(request.user), pk=photo_id)
    if not may_review(request.user, photo.inspection.standard):
        raise Http404
    if request.method == "GET":
        return render(request, "registry/photo_emptying.html", {"photo": photo})
    findings.empty_photo(photo=photo, by=request.user, at=clock.now())
    messages.success(request, _("照片清除了，记录里留着一行。"))
    return redirect("registry:inspection-checklist", photo.inspection_id)


@login_required
@require_POST
def inspection_signature(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The first or the second signature."""
    found = get_object_or_404(inspections_for(request.user), pk=inspection_id)
    with refused_above(request):
        now = inspections.sign_inspection(inspection=found, by=request.user, at=clock.now())
        done = _("两个人都签了，交给评审。") if now.second_at else _("签好了。请基地或办公室的另一位用自己的账号来签。")
        messages.success(request, done)
    return redirect("registry:inspection", found.pk)


@login_required
@require_POST
def inspection_signature_removal(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The inspector takes the first signature back."""
    found = get_object_or_404(inspections_for(request.user).filter(inspector=request.user), pk=inspection_id)
    with refused_above(request):
        inspections.take_back_signature(inspection=found, by=request.user)
        messages.success(request, _("签字收回了，可以改了。改完要再签一次。"))
    return redirect("registry:inspection", found.pk)


@login_required
@require_POST
def inspection_cancellation(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Call an inspection off."""
    found = get_object_or_404(inspections_for(request.user), pk=inspection_id)
    with refused_above(request):
        inspections.cancel_inspection(inspection=found, by=request.user, at=clock.now())
        messages.success(request, _("这次核查取消了，可以另排。"))
    if found.application_id:
        return redirect("registry:assessment", found.application_id)
    return redirect("registry:inspection-list")


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """The script that keeps opened inspections in the browser; it must lie above the pages that it keeps."""
    found = finders.find("registry/worker.js")
    assert isinstance(found, str)  # it is ours
    return HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")


def _context(request: SignedInRequest, found: Inspection, outcomes: Sequence[Outcome] = ()) -> dict[str, object]:
    areas = areas_of(found)
    counted = tally_of(found, areas)  # before what was typed and not kept
    is_open = found.cancelled_at is None and found.signed_at is None
    mine = found.inspector_id == request.user.pk
    waits = found.signed_at is not None and found.second_at is None and found.cancelled_at is None
    return {
        "inspection": found,
        "areas": _as_typed(areas, outcomes),
        "tally": counted,
        "writes": is_open and mine,
        "takes_back": waits and mine,
        "signs_second": waits and inspections.may_sign(found, request.user),
        "cancels": found.second_at is None and found.cancelled_at is None and may_review(request.user, found.standard),
        "verdicts": Score.VERDICTS,
        "empties": may_review(request.user, found.standard),
        "known": conduct.known_of(found.host, clock.today()) if may_review(request.user, found.standard) else [],
    }
