"""What operators do with the bot besides running it; the words are for them, in English."""
