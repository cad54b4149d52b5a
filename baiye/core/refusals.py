"""How an action says no: a sentence for the person, in Chinese, saying what is wrong and what to do."""


class Refused(Exception):
    """The action may not be done now; ``str()`` is the sentence to show, nothing was changed."""
