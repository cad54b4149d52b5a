"""How allauth behaves here: nobody signs up by themselves, sign-ins are throttled and audited."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Staff accounts are made by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An outside account opens an account here only where the two were connected before."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        return False
