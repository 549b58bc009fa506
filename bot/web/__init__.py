"""What others ask of the bot over HTTP: whether it is well, what it counted, and the webhook."""
