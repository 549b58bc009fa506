"""The rules: whose turn it is, who may use the bot, what is remembered, what may be ordered."""
