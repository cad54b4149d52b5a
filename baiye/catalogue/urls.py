from django.urls import URLPattern, URLResolver, path

from baiye.catalogue.views import courses, drafts, reviews, series, supplies

app_name = "catalogue"
urlpatterns: list[URLPattern | URLResolver] = [
    path("courses/", courses.course_list, name="course-list"),
    path("courses/papers/<int:material_id>/", courses.paper, name="paper"),
    path("courses/drafts/", drafts.draft_list, name="draft-list"),
    path("courses/drafts/new/", drafts.draft_new, name="draft-new"),
    path("courses/drafts/<int:version_id>/", drafts.draft, name="draft"),
    path("courses/drafts/<int:version_id>/proposal/", drafts.proposal, name="proposal"),
    path("courses/drafts/<int:version_id>/withdrawal/", drafts.withdrawal, name="withdrawal"),
    path("courses/drafts/<int:version_id>/publication/", drafts.publication, name="publication"),
    path("courses/drafts/<int:version_id>/revision/", drafts.revision, name="revision"),
    path("courses/drafts/<int:version_id>/comparison/", drafts.comparison, name="comparison"),
    path("courses/drafts/<int:version_id>/retirement/", drafts.retirement, name="retirement"),
    path("courses/drafts/<int:version_id>/supplies/", supplies.supplies, name="supplies"),
    path("courses/drafts/<int:version_id>/materials/", supplies.materials, name="materials"),
    path("courses/materials/<int:material_id>/", supplies.material, name="material"),
    path("courses/materials/<int:material_id>/removal/", supplies.material_removal, name="material-removal"),
    path("courses/reviews/", reviews.review_list, name="review-list"),
    path("courses/reviews/<int:review_id>/", reviews.review, name="review"),
    path("courses/stock/", supplies.stock_list, name="stock-list"),
    path("courses/stock/<int:venue_id>/", supplies.stock, name="stock"),
    path("courses/<slug:slug>/", courses.course, name="course"),
    path("courses/<slug:slug>/copy/", drafts.copy, name="copy"),
    path("reported-events/", series.reported_event_list, name="reported-event-list"),
    path("series/", series.series_list, name="series-list"),
    path("series/desk/", series.series_desk, name="series-desk"),
    path("series/desk/new/", series.series_new, name="series-new"),
    path("series/desk/<int:series_id>/", series.series_edit, name="series-edit"),
    path("series/desk/<int:series_id>/steps/", series.series_steps, name="series-steps"),
    path("series/desk/<int:series_id>/publication/", series.series_publication, name="series-publication"),
    path("series/desk/steps/<int:step_id>/", series.series_step, name="series-step"),
    path("series/<slug:slug>/", series.series, name="series"),
]
