"""Pages that belong to no room: errors, and whether the site is well."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from baiye.core import audit, health


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, else 503: what a load balancer asks."""
    if health.database_answers():
        return JsonResponse({"database": "ok"})
    return JsonResponse({"database": "unreachable"}, status=503)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 400, _("这个请求读不懂"), _("可能是链接不完整。请返回上一页再试一次。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What an action denied; the trail keeps who asked for what."""
    if request.user.is_authenticated:
        audit.record("access.refused", by=request.user, method=request.method, path=request.path)
    return _error(request, 403, _("这一步不归这个账号做"), _("什么都没有改动。如果应该能做，请找所在学校的统筹老师。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403, _("这一页放得太久了"), _("什么都没有改动。请返回上一页，刷新后再提交一次。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404, _("没有这一页"), _("可能是地址写错了，或者它不在您能看的范围里。"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request: nothing that asks the database may fail a second time."""
    return _error(None, 500, _("系统出错了"), _("已经保存的内容都在。请过几分钟再试，问题会自动记录下来。"))


def _error(request: HttpRequest | None, status: int, heading: str, lead: str) -> HttpResponse:
    """One page for all: what happened, what is safe, what to do."""
    return render(request, "core/error.html", {"status": status, "heading": heading, "lead": lead}, status=status)
