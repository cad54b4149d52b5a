"""The catalogue for everyone (找项目)."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from baiye.accounts.permissions import Permission, paths
from baiye.catalogue.forms.courses import CatalogueForm
from baiye.catalogue.models import RIASEC, STEPS
from baiye.catalogue.queries import courses as queries
from baiye.catalogue.queries.search import courses_in_order, find_lines
from baiye.catalogue.queries.supplies import materials_by_step, public_materials
from baiye.catalogue.reading import facts
from baiye.catalogue.shell import shell_of
from baiye.core import files
from baiye.core.search import CappedPaginator
from baiye.core.shapes import Choice

PER_PAGE = 20


@require_safe
def course_list(request: HttpRequest) -> HttpResponse:
    """Published courses by interest, host and words; below, what public sources tell of and nobody offers here yet."""
    form = CatalogueForm(request.GET, hosts=queries.hosts_with_courses())
    asked = form.asked()
    found = find_lines(q=asked.q, riasec=asked.k, host=asked.host).values_list("version", flat=True)
    page = CappedPaginator(found, PER_PAGE, words=asked.q).get_page(request.GET.get("page"))
    kinds = [("", _("全部")), *RIASEC]
    query = asked.in_address()
    context = {
        "form": form,
        "page": page,
        "versions": courses_in_order(list(page)),
        "asked": asked,
        "kinds": [(k, Choice(str(name), "?" + urlencode(query | {"k": k}), asked.k == k)) for k, name in kinds],
        "reported": [] if query or page.number > 1 else queries.reported_courses(),
        "shell": shell_of(request.user),
    }
    return render(request, "catalogue/course_list.html", context)


@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """One course: what it is, its four steps, what to bring, what must be said before."""
    version = get_object_or_404(queries.current_versions(), course__slug=slug)
    papers = materials_by_step(version, readers=("pupil",))
    context = facts(version) | {
        "course": version.course,
        "steps": [
            (name, version.steps.get(key, ""), version.pupil_notes.get(key, ""), papers.get(key, []))
            for key, name in STEPS
        ],
        "may_copy": request.user.is_authenticated and bool(paths(request.user, Permission.COURSE_MANAGE)),
        "shell": shell_of(request.user),
    }
    return render(request, "catalogue/course.html", context)


@require_safe
def paper(_request: HttpRequest, material_id: int) -> HttpResponse:
    """A paper for pupils, of a published course."""
    return files.answer(get_object_or_404(public_materials(), pk=material_id).file)
