"""Addresses of talks in schools."""

from django.urls import URLPattern, URLResolver, path

from baiye.outreach.views import asking, campaigns, matches, public_talks, speaking, talks

urlpatterns: list[URLPattern | URLResolver] = [
    path("talk-campaigns/", campaigns.campaign_list, name="campaign-list"),
    path("talk-campaigns/new/", campaigns.campaign_new, name="campaign-new"),
    path("talk-campaigns/<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path("talk-campaigns/<int:campaign_id>/particulars/", campaigns.campaign_particulars, name="campaign-particulars"),
    path("talk-campaigns/<int:campaign_id>/announcement/", campaigns.announcement, name="announcement"),
    path("talk-campaigns/<int:campaign_id>/feedback-until/", campaigns.feedback_until, name="feedback-until"),
    path("talk-campaigns/<int:campaign_id>/talks/", campaigns.talk_list, name="talk-list"),
    path("talk-campaigns/<int:campaign_id>/talks/export/", campaigns.talk_export, name="talk-export"),
    path("talk-campaigns/<int:campaign_id>/talks/plan/", campaigns.talk_plan, name="talk-plan"),
    path("talk-campaigns/<int:campaign_id>/offers/", campaigns.offer_list, name="offer-list"),
    path("talk-campaigns/<int:campaign_id>/offers/export/", campaigns.offer_export, name="offer-export"),
    path("talk-campaigns/<int:campaign_id>/requests/", campaigns.request_list, name="request-list"),
    path("talk-campaigns/<int:campaign_id>/requests/export/", campaigns.request_export, name="request-export"),
    path("talk-campaigns/<int:campaign_id>/schools/", campaigns.school_list, name="school-list"),
    path("talk-campaigns/<int:campaign_id>/schools/export/", campaigns.school_export, name="school-export"),
    path("talk-campaigns/<int:campaign_id>/matches/", matches.match_create, name="match-create"),
    path("talk-campaigns/<int:campaign_id>/school/", asking.school_campaign, name="school-campaign"),
    path(
        "talk-campaigns/<int:campaign_id>/schools/<int:school_id>/requests/new/", asking.request_new, name="request-new"
    ),
    path("talk-campaigns/<int:campaign_id>/speakers/<int:mentor_id>/offer/", speaking.offer, name="offer"),
    path("talk-offers/<int:offer_id>/withdrawal/", speaking.offer_withdraw, name="offer-withdrawal"),
    path("talk-requests/<int:request_id>/", asking.talk_request, name="talk-request"),
    path("talk-requests/<int:request_id>/withdrawal/", asking.request_withdraw, name="request-withdrawal"),
    path("talk-matches/<uuid:match_id>/", matches.match, name="match"),
    path("talk-matches/<uuid:match_id>/discarding/", matches.match_discard, name="match-discarding"),
    path("talk-matches/<uuid:match_id>/proposal/", matches.match_propose, name="match-proposal"),
    path("talk-matches/<uuid:match_id>/proposal/withdrawal/", matches.match_withdraw, name="match-withdrawal"),
    path("talk-matches/<uuid:match_id>/approval/", matches.match_approval, name="match-approval"),
    path("my-talks/", speaking.my_talks, name="my-talks"),
    path("talks/<int:talk_id>/", talks.talk, name="talk"),
    path("talks/<int:talk_id>/acceptance/", talks.acceptance, name="acceptance"),
    path("talks/<int:talk_id>/refusal/", talks.refusal, name="refusal"),
    path("talks/<int:talk_id>/confirmation/", talks.confirmation, name="confirmation"),
    path("talks/<int:talk_id>/rehearsal/", talks.rehearsal, name="rehearsal"),
    path("talks/<int:talk_id>/holding/", talks.holding, name="holding"),
    path("talks/<int:talk_id>/cancellation/", talks.cancellation, name="cancellation"),
    path("talks/<int:talk_id>/feedback/", talks.feedback, name="feedback"),
    path("talks/<int:talk_id>/letter/", talks.letter, name="letter"),
    path("talks-in-schools/<int:campaign_id>/", public_talks.public_campaign, name="public-campaign"),
    path(
        "talks-in-schools/<int:campaign_id>/<uuid:match_id>/<str:name>",
        public_talks.public_file,
        name="public-campaign-file",
    ),
]
