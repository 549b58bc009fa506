"""The side of the program that Telegram sees: updates come in, messages go out."""
