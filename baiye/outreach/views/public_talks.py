"""What the public may read of a campaign: its rules, its result without anybody's name, and the files to check it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from baiye.core import clock
from baiye.outreach.models.talks import PHASES
from baiye.outreach.queries import talks as queries
from baiye.outreach.views.campaigns import steps
from baiye.outreach.views.matches import aim_rows


@require_GET
def public_campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Rules and days; once published, which school has which talk when, and the proofs."""
    campaign = get_object_or_404(queries.public_campaigns(), pk=campaign_id)
    matches = list(queries.published_matches(campaign).defer("input_zip", "output_zip"))
    context = {
        "campaign": campaign,
        "phase": dict(PHASES)[campaign.phase(clock.today())],
        "steps": steps(campaign, clock.today()),
        "matches": [(match, aim_rows(match)) for match in matches],
        "talks": list(queries.talks_of(campaign)) if matches else [],
    }
    return render(request, "outreach/public_campaign.html", context)


@require_GET
def public_file(_request: HttpRequest, campaign_id: int, match_id: UUID, name: str) -> HttpResponse:
    """The frozen input, or the result with its certificate: keys alone, no names."""
    campaign = get_object_or_404(queries.public_campaigns(), pk=campaign_id)
    match = get_object_or_404(queries.published_matches(campaign), pk=match_id)
    content = {"input.zip": match.input_zip, "output.zip": match.output_zip}.get(name)
    if content is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="talks-{campaign_id}-{name}"'}
    return HttpResponse(bytes(content), content_type="application/zip", headers=headers)
