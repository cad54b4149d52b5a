"""Django's rules for passwords, in our words: length, not a common one, not one's own name."""

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("密码短了，至少要 %(count)s 个字") % {"count": self.min_length}


class NotCommon(CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("这个密码用的人太多，容易被猜到，请换一个")


class NotOnesName(UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return _("密码和用户名或邮箱太像，请换一个")
