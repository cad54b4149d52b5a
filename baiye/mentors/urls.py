from django.urls import URLPattern, URLResolver, path

from baiye.mentors.views import mentors, records, trainings

app_name = "mentors"
urlpatterns: list[URLPattern | URLResolver] = [
    path("mentors/", mentors.mentor_list, name="mentor-list"),
    path("mentors/export/", mentors.mentor_export, name="mentor-export"),
    path("mentors/new/", mentors.mentor_new, name="mentor-new"),
    path("mentors/<int:mentor_id>/", mentors.mentor, name="mentor"),
    path("mentors/<int:mentor_id>/particulars/", mentors.particulars, name="particulars"),
    path("mentors/<int:mentor_id>/account/", mentors.account, name="account"),
    path("mentors/<int:mentor_id>/checks/new/", records.check_new, name="check-new"),
    path("mentors/<int:mentor_id>/titles/new/", records.title_new, name="title-new"),
    path("mentors/<int:mentor_id>/certificates/new/", records.certificate_new, name="certificate-new"),
    path("mentors/<int:mentor_id>/appointments/new/", records.appointment_new, name="appointment-new"),
    path("mentors/<int:mentor_id>/evaluations/new/", records.evaluation_new, name="evaluation-new"),
    path("mentors/<int:mentor_id>/departure/", records.departure, name="departure"),
    path("mentor-titles/<int:title_id>/confirmation/", records.title_confirmation, name="title-confirmation"),
    path("mentor-titles/<int:title_id>/paper/", records.title_paper, name="title-paper"),
    path("mentor-certificates/<int:certificate_id>/paper/", records.certificate_paper, name="certificate-paper"),
    path("appointments/<int:appointment_id>/paper/", records.appointment_paper, name="appointment-paper"),
    path("appointments/<int:appointment_id>/ending/", records.appointment_ending, name="appointment-ending"),
    path("trainings/", trainings.training_list, name="training-list"),
    path("trainings/new/", trainings.training_new, name="training-new"),
    path("trainings/<int:training_id>/", trainings.training, name="training"),
    path("trainings/<int:training_id>/certificates/", trainings.training_certificates, name="training-certificates"),
    path("training-sessions/<int:session_id>/attendance/", trainings.attendance, name="attendance"),
]
