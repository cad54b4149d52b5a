"""Applying to become a host (申报成为基地): no account, a secret link, one page a subject."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baiye.accounts.models import User
from baiye.core import clock, files, throttle
from baiye.core.refusals import refused_above, refused_on
from baiye.core.shapes import Step
from baiye.registry.actions import applications, documents
from baiye.registry.forms.applications import PAGES, PageForm, PaperForm
from baiye.registry.forms.review import BeginForm, ReasonForm
from baiye.registry.models import DOCUMENTS, Application, HostDocument
from baiye.registry.queries import applications as queries
from baiye.registry.queries.register import streets
from baiye.registry.views.entry import applied_for

AN_HOUR = 3600  # seconds
BEGUN_AN_HOUR, PAPERS_AN_HOUR, LETTERS_A_DAY = 20, 80, 5
TITLES = {"body": gettext_lazy("单位"), "contact": gettext_lazy("联系人"), "venue": gettext_lazy("场地")}
TITLES |= {"papers": gettext_lazy("材料"), "declaration": gettext_lazy("声明")}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """What it takes, and by which standard; a draft begins with its link."""
    standards = queries.open_standards(clock.today())
    form = BeginForm(request.POST or None, standards=standards, initial={"request": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        if not throttle.hit_from(request, "apply", limit=BEGUN_AN_HOUR, per_s=AN_HOUR):
            form.add_error(None, _("从这个网络开始的申报太多了。请过一小时再来，或打电话"))
        else:
            with refused_on(form):
                made = applications.start_application(**form.cleaned_data, on=clock.today())
                return redirect(applications.link_of(made) + "?new=1")
    context = {"form": form, "standards": standards}
    return render(request, "registry/apply_begin.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def status(request: HttpRequest, token: str) -> HttpResponse:
    """How far it is: what is still missing, or what has been decided, step by step."""
    application = applied_for(request, token)
    papers = queries.papers_of(application)
    context = _frame(application, token) | {
        "papers": papers,
        "steps": list(queries.steps_of(application)),
        "lacks": applications.lacking(application, papers, clock.today()),
        "is_new": "new" in request.GET,
        "address": request.build_absolute_uri(applications.link_of(application)),
        "may_withdraw": application.state in applications.BACK,
        "titles": TITLES,
    }
    return render(request, "registry/apply.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def step(request: HttpRequest, token: str, step: str) -> HttpResponse:
    """One page of questions; 先存着 keeps what is there although something is missing."""
    application = applied_for(request, token)
    if step not in PAGES:
        raise Http404
    if application.state not in applications.OPEN:
        return redirect("registry:apply", token)
    form = _page_form(request, application, step)
    later = "later" in request.POST
    if request.method == "POST" and (form.is_valid() or (later and form.only_lacks())) and _save(request, form, step):
        return redirect("registry:apply", token) if later else _next(token, step)
    context = _frame(application, token) | {"form": form, "step": step}
    return render(request, "registry/apply_step.html", context, status=422 if form.errors else 200)


def _page_form(request: HttpRequest, application: Application, step: str) -> PageForm:
    more: dict[str, Any] = {"streets": [shape.name for shape in streets()]} if step == "body" else {}
    return PAGES[step](request.POST or None, application=application, **more)


def _save(request: HttpRequest, form: PageForm, step: str) -> bool:
    application, by = form.application, _enterer(request, form.application)
    fields = {name: value for name, value in form.cleaned_data.items() if name not in form.errors}
    declared = fields.pop("declared", False)
    with refused_on(form):
        if step == "declaration" and declared:
            applications.declare(application=application, fields=fields, at=clock.now(), by=by)
        else:
            applications.save_application(application=application, fields=fields, by=by)
        return True
    return False


def _next(token: str, step: str) -> HttpResponse:
    after = dict(zip(TITLES, list(TITLES)[1:], strict=False)).get(step)
    if after is None:
        return redirect("registry:apply", token)
    return (
        redirect("registry:apply-papers", token) if after == "papers" else redirect("registry:apply-step", token, after)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def papers(request: HttpRequest, token: str) -> HttpResponse:
    """The papers that the standard needs; each with the days it holds."""
    application = applied_for(request, token)
    if application.state not in applications.OPEN:
        return redirect("registry:apply", token)
    by = _enterer(request, application)
    start = {"request": uuid.uuid4(), "kind": request.GET.get("kind", "")}
    form = PaperForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        initial=start,
        seen_on_paper=by is not None,
        today=clock.today(),
    )
    counted = request.method == "POST" and by is None
    if counted and not throttle.hit_from(request, "apply paper", limit=PAPERS_AN_HOUR, per_s=AN_HOUR):
        form.add_error(None, _("从这个网络传的文件太多了。请过一小时再传，前面的都收下了"))
    elif request.method == "POST" and form.is_valid() and _hand_in(form, application, by):
        messages.success(request, _("收下了：%(paper)s") % {"paper": dict(DOCUMENTS)[form.cleaned_data["kind"]]})
        return redirect("registry:apply-papers", token)
    given = queries.papers_of(application)
    lacks = [lack.text for lack in applications.lacking(application, given, clock.today()) if lack.step == "papers"]
    context = _frame(application, token) | {"form": form, "papers": given, "lacks": lacks, "step": "papers"}
    return render(request, "registry/apply_papers.html", context, status=422 if form.errors else 200)


def _hand_in(form: PaperForm, application: Application, by: User | None) -> bool:
    data = dict(form.cleaned_data)
    request_id = data.pop("request")
    with refused_on(form, "file"):
        paper = documents.Paper(**data)
        documents.hand_in_with(application=application, paper=paper, request=request_id, by=by)
        return True
    return False


@require_POST
def paper_removal(request: HttpRequest, token: str, paper_id: int) -> HttpResponse:
    """Take one paper back."""
    application = applied_for(request, token)
    paper = _paper(application, paper_id)
    with refused_above(request):
        documents.take_back(document=paper, by=_enterer(request, application))
        messages.success(request, _("已删掉"))
    return redirect("registry:apply-papers", token)


@require_safe
def paper_file(request: HttpRequest, token: str, paper_id: int) -> HttpResponse:
    """The file of one's own paper."""
    paper = _paper(applied_for(request, token), paper_id)
    if paper.file is None:
        raise Http404
    return files.answer(paper.file)


@require_POST
def submission(request: HttpRequest, token: str) -> HttpResponse:
    """Hand in."""
    application = applied_for(request, token)
    with refused_above(request):
        applications.submit_application(application=application, at=clock.now(), by=_enterer(request, application))
        messages.success(request, _("交上去了。进度看这一页，链接请留好"))
    return redirect("registry:apply", token)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdrawal(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then take the application back."""
    application = applied_for(request, token)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_above(request):
            applications.withdraw_application(
                application=application, because=form.cleaned_data["because"], by=_enterer(request, application)
            )
            messages.success(request, _("已撤回"))
        return redirect("registry:apply", token)
    context = _frame(application, token) | {"form": form}
    return render(request, "registry/apply_withdrawal.html", context, status=422 if form.errors else 200)


@require_POST
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail the link to the applicant's own address."""
    application = applied_for(request, token)
    if not application.email:
        messages.error(request, _("还没有填邮箱。请先在「联系人」一页填上"))
    elif not throttle.hit(f"apply letter {application.pk}", limit=LETTERS_A_DAY, per_s=86_400):
        messages.error(request, _("今天寄过好几次了，请先看看邮箱的垃圾箱"))
    else:
        applications.mail_link(application=application)
        messages.success(request, _("链接寄到了 %(email)s") % {"email": application.email})
    return redirect("registry:apply", token)


def _paper(application: Application, paper_id: int) -> HostDocument:
    found = next((paper for paper in queries.papers_of(application) if paper.pk == paper_id), None)
    if found is None:
        raise Http404
    return found


def _enterer(request: HttpRequest, application: Application) -> User | None:
    """The officer who enters this paper form; empty for who applies themselves."""
    user = request.user
    return user if isinstance(user, User) and application.on_paper_by_id == user.pk else None


def _frame(application: Application, token: str) -> dict[str, Any]:
    return {"application": application, "token": token, "river": _river(application)}


RIVER = (
    (gettext_lazy("填写"), {"draft", "returned"}),
    (gettext_lazy("材料初审"), {"submitted", "accepted"}),
    (gettext_lazy("现场核查"), {"inspection"}),
    (gettext_lazy("评审"), {"panel", "conditions"}),
    (gettext_lazy("结果"), {"passed", "failed"}),
)


def _river(application: Application) -> list[Step]:
    """The five bends of an application; a withdrawn one flows nowhere."""
    now = next((place for place, (_label, states) in enumerate(RIVER) if application.state in states), -1)
    done = application.state in {"passed", "failed"}
    return [
        Step(label, state="done" if place < now or done else "now" if place == now else "")
        for place, (label, _states) in enumerate(RIVER)
    ]
