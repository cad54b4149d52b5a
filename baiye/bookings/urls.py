"""The addresses of this room."""

from django.urls import URLPattern, path

from baiye.bookings.views import answers, classes, furnishing, mine, openings, presses, public, ranks, releases, swaps

app_name = "bookings"
OPENING = "bookings/openings/<int:opening_id>/"
BOOKING = "bookings/<int:booking_id>/"
CLASS = "bookings/classes/<int:class_id>/"
RELEASE = "bookings/releases/<int:release_id>/"
PUBLIC = "bookings/calendar/<int:release_id>/"

family_urls: list[URLPattern] = [
    path("bookings/", openings.opening_list, name="opening-list"),
    path("bookings/presses/", presses.press, name="press"),
    path(OPENING, openings.opening, name="opening"),
    path("bookings/openings/free/", openings.free_tags, name="free-tags"),
    path(f"{OPENING}free/", openings.free, name="free"),
    path(f"{OPENING}swap/", swaps.swap, name="swap"),
    path("bookings/mine/", mine.mine, name="mine"),
    path(BOOKING, mine.booking, name="booking"),
    path(f"{BOOKING}cancellation/", answers.cancellation, name="cancellation"),
    path(f"{BOOKING}acceptance/", answers.acceptance, name="acceptance"),
    path(f"{BOOKING}refusal/", answers.refusal, name="refusal"),
    path("bookings/ranks/<int:release_id>/", ranks.ranks, name="ranks"),
    path("bookings/ranks/<int:release_id>/order/", ranks.rank_order, name="rank-order"),
]
class_urls: list[URLPattern] = [
    path("bookings/classes/", classes.class_list, name="class-list"),
    path(CLASS, classes.school_class, name="class"),
    path(f"{CLASS}openings/<int:opening_id>/", classes.group, name="group"),
]
desk_urls: list[URLPattern] = [
    path("bookings/releases/", releases.release_list, name="release-list"),
    path("bookings/releases.xlsx", releases.release_export, name="release-export"),
    path("bookings/releases/new/", releases.release_new, name="release-new"),
    path(RELEASE, releases.release_desk, name="release-desk"),
    path(f"{RELEASE}rules/", releases.release_rules, name="release-rules"),
    path(f"{RELEASE}openings/", furnishing.additions, name="additions"),
    path(f"{RELEASE}openings.xlsx", releases.opening_export, name="opening-export"),
    path(f"{RELEASE}preview/", releases.preview, name="preview"),
    path(f"{RELEASE}publication/", releases.publication, name="publication"),
    path(f"{RELEASE}easing/", releases.release_easing, name="release-easing"),
    path(f"{RELEASE}removal/", releases.discard, name="release-discard"),
    path(f"{OPENING}settings/", furnishing.settings, name="settings"),
    path(f"{OPENING}easing/", furnishing.opening_easing, name="opening-easing"),
    path(f"{OPENING}removal/", furnishing.removal, name="removal"),
    path(f"{OPENING}desk/", furnishing.opening_desk, name="opening-desk"),
]
public_urls: list[URLPattern] = [
    path("bookings/calendar/", public.calendar, name="calendar"),
    path(PUBLIC, public.release, name="release"),
    path(f"{PUBLIC}draw/", public.draw, name="draw"),
    path(f"{PUBLIC}draw/<str:name>", public.draw_file, name="draw-file"),
]
urlpatterns: list[URLPattern] = [*family_urls, *class_urls, *desk_urls, *public_urls]
