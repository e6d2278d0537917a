"""content/ → Library. The only room that knows YAML and Markdown."""

from bot.adapters.files.load import BadContent, load, read_facts, read_map

__all__ = ["BadContent", "load", "read_facts", "read_map"]
