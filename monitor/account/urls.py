"""Routes: tokens, webhooks, people and organisations."""

from django.urls import path

from monitor.account import access, people, tokens, views, webhooks

_ORGANISATION = "people/organisations/<uuid:organisation_id>/"
_MEMBER = "people/members/<uuid:membership_id>/"
_WEBHOOK = "account/webhooks/<uuid:webhook_id>/"

urlpatterns = [
    path("account/", views.Profile.as_view(), name="account"),
    path("account/membership/", views.ActFor.as_view(), name="act_for"),
    path("account/second-factor/", access.second_factor, name="second_factor"),
    path("account/tokens/", tokens.Tokens.as_view(), name="tokens"),
    path(
        "account/tokens/<uuid:token_id>/revoke/",
        tokens.TokenRevoke.as_view(),
        name="token_revoke",
    ),
    path("account/phones/", tokens.Devices.as_view(), name="devices"),
    path(
        "account/phones/<uuid:device_id>/revoke/",
        tokens.DeviceRevoke.as_view(),
        name="device_revoke",
    ),
    path("account/webhooks/", webhooks.Webhooks.as_view(), name="webhooks"),
    path(_WEBHOOK, webhooks.WebhookPage.as_view(), name="webhook"),
    path(f"{_WEBHOOK}replay/", webhooks.WebhookReplay.as_view(), name="webhook_replay"),
    path(f"{_WEBHOOK}<slug:deed>/", webhooks.WebhookDo.as_view(), name="webhook_do"),
    path("people/", people.People.as_view(), name="people"),
    path(_ORGANISATION, people.OrganisationPage.as_view(), name="organisation"),
    path(_MEMBER, people.MemberPage.as_view(), name="member"),
    path(f"{_MEMBER}role/", people.MemberRole.as_view(), name="member_role"),
    path(f"{_MEMBER}token/", people.MemberToken.as_view(), name="member_token"),
    path(
        f"{_MEMBER}tokens/<uuid:token_id>/revoke/",
        people.MemberTokenRevoke.as_view(),
        name="member_token_revoke",
    ),
    path(f"{_MEMBER}<slug:deed>/", people.MemberDo.as_view(), name="member_do"),
]
