from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from baiye.core import views, views_design, views_look, views_sheets

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="health"),
    path("look/", views_look.look, name="look"),
    path("help/", views_look.help_page, name="help"),
    path("sheets/uploads/<int:upload_id>/", views_sheets.upload, name="upload"),
    path("sheets/uploads/<int:upload_id>/state/", views_sheets.state, name="upload-state"),
    path("sheets/uploads/<int:upload_id>/application/", views_sheets.application, name="upload-application"),
    path("sheets/uploads/<int:upload_id>/notes.xlsx", views_sheets.notes, name="upload-notes"),
    path("sheets/<slug:kind>/", views_sheets.sheet, name="sheet"),
    path("sheets/<slug:kind>/template.xlsx", views_sheets.template, name="sheet-template"),
    path("sheets/<slug:kind>/rows.xlsx", views_sheets.export, name="sheet-export"),
]
if settings.DEMONSTRATION or settings.BAIYE_MODE == "development":
    urlpatterns.append(path("design/", views_design.design, name="design"))
