from django.urls import URLPattern, URLResolver, path

from baiye.schools.views import calendar, children, classes, consents, pupils, roster, sign_in

app_name = "schools"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/pupil/", sign_in.pupil, name="sign-in-pupil"),
    path("sign-in/guardian/", sign_in.guardian, name="sign-in-guardian"),
    path("sign-in/guardian/phone/", sign_in.guardian_phone, name="sign-in-guardian-phone"),
    path("sign-in/guardian/code/", sign_in.guardian_code, name="sign-in-guardian-code"),
    path("sign-in/guardian/again/", sign_in.guardian_again, name="sign-in-guardian-again"),
    path("rosters/", roster.roster_list, name="roster-list"),
    path("rosters/template.xlsx", roster.template, name="roster-template"),
    path("rosters/<int:pk>/", roster.detail, name="roster"),
    path("rosters/<int:pk>/state/", roster.state, name="roster-state"),
    path("rosters/<int:pk>/application/", roster.application, name="roster-application"),
    path("rosters/<int:pk>/errors.xlsx", roster.errors, name="roster-errors"),
    path("classes/", classes.class_list, name="class-list"),
    path("classes/<int:pk>/", classes.detail, name="class"),
    path("classes/<int:pk>/cards/", classes.cards, name="class-cards"),
    path("classes/<int:pk>/teachers/", classes.teachers, name="class-teachers"),
    path("class-teachers/<int:pk>/end/", classes.teacher_end, name="class-teacher-end"),
    path("pupils/<int:pk>/", pupils.detail, name="pupil"),
    path("pupils/<int:pk>/card/", pupils.card, name="pupil-card"),
    path("pupils/<int:pk>/departure/", pupils.departure, name="pupil-departure"),
    path("children/<int:pk>/", children.choose, name="child"),
    path("children/<int:pk>/guardians/", children.guardians, name="guardians"),
    path("children/<int:pk>/consents/", consents.consents, name="consents"),
    path("consents/<int:pk>/withdrawal/", consents.withdrawal, name="consent-withdrawal"),
    path("guardianships/<int:pk>/end/", children.guardianship_end, name="guardianship-end"),
    path("guardian-requests/<int:pk>/answer/", children.request_answer, name="guardian-request-answer"),
    path("guardian-contacts/<int:pk>/removal/", children.contact_removal, name="guardian-contact-removal"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/terms/", calendar.terms, name="terms"),
    path("calendar/days/", calendar.days, name="days"),
    path("calendar/days/<int:pk>/removal/", calendar.day_removal, name="day-removal"),
]
