"""The rooms and their addresses."""

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from baiye.accounts.views.home import home
from baiye.config.api import api, guide

urlpatterns = [
    path("", include("baiye.bookings.urls")),  # before all others: in an opening minute each look-up counts
    path("", home, name="home"),
    path("i18n/", set_language, name="set_language"),
    path("", include("baiye.accounts.urls")),
    path("", include("baiye.accounts.urls_allauth")),
    path("", include("baiye.schools.urls")),
    path("", include("baiye.registry.urls")),
    path("", include("baiye.catalogue.urls")),
    path("", include("baiye.mentors.urls")),
    path("", include("baiye.visits.urls")),
    path("", include("baiye.attendance.urls")),
    path("", include("baiye.incidents.urls")),
    path("", include("baiye.hours.urls")),
    path("", include("baiye.partners.urls")),
    path("", include("baiye.rounds.urls")),
    path("", include("baiye.outreach.urls")),
    path("", include("baiye.portfolio.urls")),
    path("", include("baiye.core.urls")),
    path("api/", guide, name="api-guide"),
    path("api/", api.urls),
]
if settings.DEMONSTRATION or settings.BAIYE_MODE == "development":
    urlpatterns.append(path("", include("baiye.demo.urls")))
handler400 = "baiye.core.views.bad_request"
handler403 = "baiye.core.views.forbidden"
handler404 = "baiye.core.views.not_found"
handler500 = "baiye.core.views.server_error"
