"""Addresses of a host's life: applying, the desk of applications, a host's file, papers, merging."""

from django.urls import URLPattern, URLResolver, path

from baiye.registry.views import applications, applying, documents, hosts, merging

urlpatterns: list[URLPattern | URLResolver] = [
    path("apply/", applying.begin, name="apply-begin"),
    path("apply/<str:token>/", applying.status, name="apply"),
    path("apply/<str:token>/letter/", applying.link, name="apply-letter"),
    path("apply/<str:token>/papers/", applying.papers, name="apply-papers"),
    path("apply/<str:token>/papers/<int:paper_id>/", applying.paper_file, name="apply-paper"),
    path("apply/<str:token>/papers/<int:paper_id>/removal/", applying.paper_removal, name="apply-paper-removal"),
    path("apply/<str:token>/submission/", applying.submission, name="apply-submission"),
    path("apply/<str:token>/withdrawal/", applying.withdrawal, name="apply-withdrawal"),
    path("apply/<str:token>/pages/<slug:step>/", applying.step, name="apply-step"),
    path("applications/", applications.application_list, name="application-list"),
    path("applications/list.xlsx", applications.application_export, name="application-export"),
    path("applications/paper-form/", applications.application_on_paper, name="application-on-paper"),
    path("applications/<int:application_id>/", applications.application, name="application"),
    path("applications/<int:application_id>/taking/", applications.taking, name="application-taking"),
    path("applications/<int:application_id>/return/", applications.return_, name="application-return"),
    path(
        "applications/<int:application_id>/credit-code/",
        applications.credit_code_confirmation,
        name="application-credit-code",
    ),
    path("applications/<int:application_id>/host/", applications.host_choice, name="application-host"),
    path("applications/<int:application_id>/phone/", applications.phone, name="application-phone"),
    path("applications/<int:application_id>/passage/", applications.passage, name="application-passage"),
    path("hosts/files/", hosts.host_desk, name="host-desk"),
    path("hosts/files/<int:host_id>/", hosts.host_file, name="host-file"),
    path("hosts/files/<int:host_id>/details/", hosts.host_details, name="host-details"),
    path("hosts/files/<int:host_id>/phone/", hosts.host_phone, name="host-phone"),
    path("hosts/files/<int:host_id>/credit-code/", hosts.host_credit_code, name="host-credit-code"),
    path("hosts/files/<int:host_id>/manager/", hosts.manager_new, name="host-manager-new"),
    path("hosts/files/<int:host_id>/venues/", hosts.venue_new, name="venue-new"),
    path("hosts/files/<int:host_id>/papers/", documents.host_papers, name="host-papers"),
    path("hosts/files/<int:host_id>/papers/new/", documents.paper_new, name="paper-new"),
    path("hosts/files/<int:host_id>/merger/<int:into_id>/", merging.merger, name="merger"),
    path("hosts/files/venues/<int:venue_id>/", hosts.venue, name="venue"),
    path("hosts/files/venues/<int:venue_id>/closure/", hosts.venue_closure, name="venue-closure"),
    path("hosts/files/papers/<int:document_id>/", documents.paper_file, name="paper-file"),
    path("hosts/files/papers/<int:document_id>/verdict/", documents.paper_verdict, name="paper-verdict"),
    path("hosts/files/endings/", documents.ending_list, name="ending-list"),
    path("hosts/files/endings/list.xlsx", documents.ending_export, name="ending-export"),
    path("hosts/files/duplicates/", merging.duplicate_list, name="duplicate-list"),
]
