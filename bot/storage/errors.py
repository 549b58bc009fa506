"""What can be wrong with a database before it serves anybody."""


class DatabaseUnusable(Exception):
    """One line for the operator: what is wrong, and the command that mends it."""
