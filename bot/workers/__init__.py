"""What goes on by itself, whoever writes to the bot."""
