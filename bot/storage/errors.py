"""What the database refuses: to be used at all, or to spend more than the owner allows."""


class DatabaseUnusable(Exception):
    """One line for the operator: what is wrong, and the command that mends it."""


class LimitExceeded(Exception):
    """The charge does not fit into what may be spent on its day; nothing was changed."""
