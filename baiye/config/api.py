"""The open API: each room's routers under one address, with an OpenAPI document and a page that explains it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from baiye.catalogue.api import router as catalogue
from baiye.registry.api import open_router, partner_router
from baiye.visits.api import router as visits

api = NinjaAPI(
    title="百业开放接口",
    version="1",
    description="职业体验单位名单、项目、职业和系列的开放数据，只读。数据按 CC BY 4.0 使用；示例数据不在里面。",
    docs_url=None,  # its pages load scripts from elsewhere; ours is `guide`
    urls_namespace="api",
)
api.add_router("/v1", open_router)
api.add_router("/v1", catalogue)
api.add_router("/v1/partner", partner_router)
api.add_router("/v1/partner", visits)


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """What there is to ask, read from the OpenAPI document itself, so that it cannot go stale."""
    schema = api.get_openapi_schema()
    operations = [
        {
            "path": path,
            "summary": said["get"]["summary"],
            "about": said["get"].get("description", ""),
            "needs_key": "security" in said["get"],
            "parameters": said["get"]["parameters"],
        }
        for path, said in schema["paths"].items()
    ]
    return render(request, "config/api_guide.html", {"operations": operations, "info": schema["info"]})
