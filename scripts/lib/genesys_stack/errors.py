"""What goes wrong in words for the person at the terminal; printed without a traceback."""


class StackError(Exception):
    """The message says what failed, where to look, and what to do about it."""
