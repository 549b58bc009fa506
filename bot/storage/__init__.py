"""What the bot remembers, and the only package that knows SQL."""
