from django.urls import URLPattern, path

from baiye.rounds.views import results, runs, verification

app_name = "rounds"
ROUND = "rounds/<int:round_id>/"
RUN = f"{ROUND}runs/<uuid:run_id>/"
PUPIL = f"{ROUND}pupils/<int:pupil_id>/"

run_urls: list[URLPattern] = [
    path(f"{ROUND}runs/", runs.run_create, name="run-create"),
    path(RUN, runs.run, name="run"),
    path(f"{RUN}export/", runs.run_export, name="run-export"),
    path(f"{RUN}discard/", runs.run_discard, name="run-discard"),
    path(f"{RUN}messages/", runs.run_message, name="run-message"),
    path(f"{RUN}proposal/", runs.proposal_create, name="proposal"),
    path(f"{RUN}proposal/withdrawal/", runs.proposal_withdraw, name="proposal-withdrawal"),
    path(f"{RUN}approval/", runs.approval, name="approval"),
    path(f"{ROUND}verification/", verification.verification, name="verification"),
    path(f"{ROUND}verification/<str:name>", verification.verification_file, name="verification-file"),
]
result_urls: list[URLPattern] = [
    path(f"{PUPIL}result/", results.result, name="result"),
    path(f"{PUPIL}appeal/", results.appeal_create, name="appeal"),
    path("appeals/", results.appeal_list, name="appeal-list"),
]
urlpatterns: list[URLPattern] = [*run_urls, *result_urls]
