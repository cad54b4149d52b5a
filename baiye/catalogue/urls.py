from django.urls import URLPattern, URLResolver, path

from baiye.catalogue.views import courses as views

app_name = "catalogue"
urlpatterns: list[URLPattern | URLResolver] = [
    path("courses/", views.course_list, name="course-list"),
    path("courses/drafts/", views.draft_list, name="draft-list"),
    path("courses/drafts/new/", views.draft_new, name="draft-new"),
    path("courses/drafts/<int:version_id>/", views.draft, name="draft"),
    path("courses/drafts/<int:version_id>/publication/", views.publication, name="publication"),
    path("courses/drafts/<int:version_id>/revision/", views.revision, name="revision"),
    path("courses/drafts/<int:version_id>/retirement/", views.retirement, name="retirement"),
    path("courses/<slug:slug>/", views.course, name="course"),
]
