"""Addresses from the standard to the appeal; part of the registry's own."""

from django.urls import URLPattern, URLResolver, path

from baiye.registry.views import accreditations, appealing, appeals, assessments, inspections, standards

urlpatterns: list[URLPattern | URLResolver] = [
    path("standards/", standards.standard_list, name="standard-list"),
    path("standards/new/", standards.standard_new, name="standard-new"),
    path("standards/<int:standard_id>/", standards.standard, name="standard"),
    path("standards/<int:standard_id>/publication/", standards.standard_publication, name="standard-publication"),
    path("standards/<int:standard_id>/revision/", standards.standard_revision, name="standard-revision"),
    path("standards/<int:standard_id>/withdrawal/", standards.standard_withdrawal, name="standard-withdrawal"),
    path("assessments/", assessments.assessment_list, name="assessment-list"),
    path("assessments/<int:application_id>/", assessments.assessment, name="assessment"),
    path("assessments/<int:application_id>/inspection/", assessments.plan, name="inspection-plan"),
    path("assessments/<int:application_id>/penalties/", assessments.penalty_check, name="penalty-check"),
    path("inspections/", inspections.inspection_list, name="inspection-list"),
    path("inspections/worker.js", inspections.worker, name="inspection-worker"),
    path("inspections/<int:inspection_id>/", inspections.inspection, name="inspection"),
    path("inspections/<int:inspection_id>/checklist/", inspections.checklist, name="inspection-checklist"),
    path("inspections/<int:inspection_id>/findings/", inspections.inspection_findings, name="inspection-findings"),
    path("inspections/<int:inspection_id>/photos/", inspections.inspection_photos, name="inspection-photos"),
    path("inspections/<int:inspection_id>/signature/", inspections.inspection_signature, name="inspection-signature"),
    path(
        "inspections/<int:inspection_id>/signature/removal/",
        inspections.inspection_signature_removal,
        name="inspection-signature-removal",
    ),
    path(
        "inspections/<int:inspection_id>/cancellation/",
        inspections.inspection_cancellation,
        name="inspection-cancellation",
    ),
    path("inspections/<int:inspection_id>/decision/", assessments.decision_proposal, name="decision-proposal"),
    path("inspections/photos/<uuid:photo_id>/", inspections.inspection_photo, name="inspection-photo"),
    path(
        "inspections/photos/<uuid:photo_id>/emptying/",
        inspections.inspection_photo_emptying,
        name="inspection-photo-emptying",
    ),
    path("apply/<str:token>/appeal/", appealing.apply_appeal, name="apply-appeal"),
    path("decisions/<int:decision_id>/", appeals.decision, name="decision"),
    path("decisions/<int:decision_id>/signature/", assessments.decision_signature, name="decision-signature"),
    path("accreditations/", accreditations.accreditation_list, name="accreditation-list"),
    path("accreditations/<int:accreditation_id>/", accreditations.accreditation, name="accreditation"),
    path("accreditations/<int:accreditation_id>/measures/", accreditations.measure_new, name="measure-new"),
    path("accreditations/<int:accreditation_id>/review/", accreditations.review_plan, name="review-plan"),
    path("accreditations/<int:accreditation_id>/renewal/", accreditations.renewal, name="renewal"),
    path(
        "accreditations/<int:accreditation_id>/revocation/",
        accreditations.revocation_proposal,
        name="revocation-proposal",
    ),
    path("revocations/<int:proposal_id>/signature/", accreditations.revocation_signature, name="revocation-signature"),
    path("measures/<int:measure_id>/", appeals.measure, name="measure"),
    path("host-appeals/", appeals.appeal_list, name="appeal-list"),
    path("host-appeals/<int:appeal_id>/", appeals.appeal, name="appeal"),
    path("host-appeals/<int:appeal_id>/file/", appeals.appeal_file, name="appeal-file"),
]
