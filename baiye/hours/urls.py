from django.urls import URLPattern, URLResolver, path

from baiye.hours.views import check, desk, notices, own

app_name = "hours"
urlpatterns: list[URLPattern | URLResolver] = [
    path("hours/", own.mine, name="mine"),
    path("hours/pupils/<int:pupil_id>/", own.pupil, name="pupil"),
    path("hours/certificates/<int:certificate_id>.pdf", own.certificate, name="certificate"),
    path("hours/certificates/<int:certificate_id>/revocation/", desk.revocation, name="revocation"),
    path("hours/classes/<int:class_id>/", desk.school_class, name="class"),
    path("hours/classes/<int:class_id>/certificates.pdf", own.class_certificates, name="class-certificates"),
    path("hours/desk/", desk.desk, name="desk"),
    path("hours/schools/<int:unit_id>/certificates/", desk.issue, name="issue"),
    path("hours/exports/", desk.exports, name="exports"),
    path("notices/", notices.index, name="notice-list"),
    path("notices/schools/<int:unit_id>/", notices.new, name="notice-new"),
    path("notices/<int:notice_id>/", notices.show, name="notice"),
    path("notices/<int:notice_id>/objections/", notices.object_to, name="object"),
    path("objections/", notices.objections, name="objection-list"),
    path("objections/<int:objection_id>/", notices.objection, name="objection"),
    path("check/", check.form, name="check-form"),
    path("check/<uuid:token>/", check.show, name="check"),
]
