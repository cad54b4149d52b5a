"""What the public may check of a published round: rule, hash, seed, proof, and the files without any name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from baiye.rounds.policies import level_rows
from baiye.rounds.queries.runs import published_rounds, published_run_with_files


@require_GET
def verification(request: HttpRequest, round_id: int) -> HttpResponse:
    round = get_object_or_404(published_rounds(), pk=round_id)
    run = published_run_with_files(round)
    context = {"round": round, "run": run, "levels": level_rows(run.figures) if run else []}
    return render(request, "rounds/verification.html", context)


@require_GET
def verification_file(_request: HttpRequest, round_id: int, name: str) -> HttpResponse:
    """The frozen input, or the result with its certificate, as a zip of CSV files that know pseudonyms alone."""
    run = published_run_with_files(get_object_or_404(published_rounds(), pk=round_id))
    files = {"input.zip": run.input_zip, "output.zip": run.output_zip} if run else {}
    content = files.get(name)
    if content is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="round-{round_id}-{name}"'}
    return HttpResponse(bytes(content), content_type="application/zip", headers=headers)
