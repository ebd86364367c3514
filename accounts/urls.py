"""allauth's pages, those that are open: nobody signs up or changes the address by themselves."""

from allauth.account import views
from django.urls import include, path, re_path

from accounts import factor_views
from accounts.password_reset import PasswordReset
from core.problems import not_found

_factors = [
    path("totp/activate/", factor_views.TotpAdd.as_view()),
    path("totp/deactivate/", factor_views.TotpRemove.as_view()),
    path("webauthn/add/", factor_views.KeyAdd.as_view()),
    path("webauthn/keys/<int:pk>/remove/", factor_views.KeyRemove.as_view()),
    path("recovery-codes/generate/", factor_views.CodesMake.as_view()),
]
_reset = [
    path("", PasswordReset.as_view(), name="account_reset_password"),
    path("done/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]
urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", include(_reset)),
    path("signup/", not_found, name="account_signup"),  # allauth's letters want its name
    path("2fa/", include(_factors)),  # before allauth's own, which it stands in for
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
