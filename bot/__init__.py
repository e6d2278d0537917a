"""pana: the bot. README.md beside this file is the map of the house."""
