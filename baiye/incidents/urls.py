from django.urls import URLPattern, URLResolver, path

from baiye.incidents.views import complaints, desk, reports

app_name = "incidents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("incidents/", desk.index, name="incident-list"),
    path("incidents/figures.xlsx", desk.export, name="export"),
    path("incidents/new/", reports.new, name="report"),
    path("incidents/mine/", reports.mine, name="mine"),
    path("incidents/<int:incident_id>/", reports.show, name="incident"),
    path("incidents/<int:incident_id>/told/", reports.told, name="told"),
    path("incidents/<int:incident_id>/weighing/", desk.weighing, name="weighing"),
    path("incidents/<int:incident_id>/steps/", desk.steps, name="steps"),
    path("incidents/<int:incident_id>/suspension/", desk.suspension, name="suspension"),
    path("incidents/<int:incident_id>/closing/", desk.closing, name="closing"),
    path("incidents/photos/<uuid:photo_id>/", reports.photo, name="photo"),
    path("complaints/", complaints.index, name="complaint-list"),
    path("complaints/new/", complaints.new, name="complain"),
    path("complaints/mine/", complaints.mine, name="own-complaints"),
    path("complaints/mine/<int:complaint_id>/", complaints.own, name="own-complaint"),
    path("complaints/<int:complaint_id>/", complaints.show, name="complaint"),
    path("complaints/<int:complaint_id>/answer/", complaints.answer, name="answer"),
    path("complaints/followed/<str:token>/", complaints.followed, name="followed"),
]
