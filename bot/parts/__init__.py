"""The larger parts of the program, each built from what it needs."""
