"""The rules: whose turn it is, who may use the bot, what is remembered."""
