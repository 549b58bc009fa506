"""A Telegram bot in front of the Elumenta API."""
