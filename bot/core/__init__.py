"""Floor 0: nouns. Pure; pydantic and the standard library only."""
