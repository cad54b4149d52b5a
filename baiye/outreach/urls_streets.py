"""Addresses of what is on in the streets: what is near, community projects, stations."""

from django.urls import URLPattern, URLResolver, path

from baiye.outreach.views import near, project_desk, projects, station_desk, stations

urlpatterns: list[URLPattern | URLResolver] = [
    path("nearby/", near.near, name="near"),
    path("nearby/points.json", near.points, name="points"),
    path("community/", projects.project_list, name="project-list"),
    path("community/<int:project_id>/", projects.project, name="project"),
    path("community/<int:project_id>/calendar.ics", projects.calendar, name="project-calendar"),
    path("community/desk/", project_desk.project_desk, name="project-desk"),
    path("community/desk/new/", project_desk.project_new, name="project-new"),
    path("community/desk/list.xlsx", project_desk.project_export, name="project-export"),
    path("community/desk/programmes/", project_desk.programmes, name="programmes"),
    path("community/desk/<int:project_id>/", project_desk.project_page, name="project-page"),
    path("community/desk/<int:project_id>/publication/", project_desk.publication, name="project-publication"),
    path("community/desk/<int:project_id>/sign-up/", project_desk.sign_up, name="project-sign-up"),
    path("community/desk/<int:project_id>/walk-ins/", project_desk.walk_ins, name="project-walk-ins"),
    path("community/desk/walk-ins/<int:walk_in_id>/voiding/", project_desk.walk_in_voiding, name="walk-in-voiding"),
    path("stations/", stations.station_list, name="station-list"),
    path("stations/<int:host_id>/", stations.station, name="station"),
    path("stations/desk/", station_desk.station_desk, name="station-desk"),
    path("stations/desk/<int:host_id>/", station_desk.station_form, name="station-form"),
]
