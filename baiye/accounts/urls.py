from django.urls import URLPattern, URLResolver, path

from baiye.accounts.views import api_keys, deliveries, inbox, invitation, people, preferences, sign_in, trail

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/staff/", sign_in.StaffSignInView.as_view(), name="staff-sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("invitations/<str:token>/", invitation.invitation, name="invitation"),
    path("messages/", inbox.inbox, name="inbox"),
    path("messages/readings/", inbox.reading_create, name="reading-create"),
    path("messages/<int:pk>/", inbox.message, name="message"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/addresses/<slug:channel>/", preferences.address, name="address"),
    path("preferences/addresses/<slug:channel>/dropping/", preferences.address_dropping, name="address-dropping"),
    path("deliveries/", deliveries.delivery_list, name="delivery-list"),
    path("deliveries/<uuid:pk>/retrial/", deliveries.retrial, name="retrial"),
    path("audit/", trail.trail, name="audit"),
    path("audit/export/", trail.trail_export, name="audit-export"),
    path("people/", people.grant_list, name="grant-list"),
    path("people/new/", people.person_create, name="person-create"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/grants/", people.grant_create, name="grant-create"),
    path("people/<int:pk>/link/", people.link_create, name="link-create"),
    path("people/<int:pk>/closure/", people.closure, name="closure"),
    path("people/<int:pk>/second-factor/clearing/", people.second_factor_clearing, name="second-factor-clearing"),
    path("api-keys/", api_keys.key_list, name="api-key-list"),
    path("api-keys/<int:pk>/revocation/", api_keys.revocation, name="api-key-revocation"),
    path("grants/<int:pk>/ending/", people.grant_ending, name="grant-ending"),
]
