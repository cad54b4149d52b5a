"""What no log may hold: the tokens of secret links."""

import logging
import re

# As addresses carry them: calendars, invitations, applications, complaints and papers that are checked.
TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}(?=[/.\s?'\"]|$)")


class HideSecrets(logging.Filter):
    """Writes … for whatever looks like a token in an address, wherever in a record's text it stands."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record; only its words change."""
        said = record.getMessage()
        hidden = TOKEN.sub("…", said)
        if hidden != said:
            record.msg, record.args = hidden, None
        return True
