"""Stand-ins for the outside world, so that the bot can be tried and tested without credentials."""
