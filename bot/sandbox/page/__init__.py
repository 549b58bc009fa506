"""A page in the browser that plays the Telegram app."""
