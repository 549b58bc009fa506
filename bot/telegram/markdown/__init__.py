"""From Markdown to text with entities, step by step; `bot.telegram.render` is the way in."""
