"""The verbs of the command line, one module each, imported only when called."""

import argparse
import importlib

VERBS = {
    "serve": "all channels that are configured, in one process",
    "talk": "a conversation in the terminal",
    "check": "everything an editor can get wrong, one sentence each; exit 1 where something is",
    "draw": "a flow as Mermaid",
    "understand": "what a message means: one JSON object a line",
    "nearest": "what the words for a place mean, and the help nearest to it: one JSON object a line",
    "centres": "the directory: import a CSV, check it, see what it covers, read what people said of it",
    "places": "the map: import a gazetteer, measure how well places are understood",
}


def main(words: list[str]) -> int:
    """Run one verb; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="pana")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    asked = words[0] if words and words[0] in VERBS else None
    for verb, told in VERBS.items():
        sub = verbs.add_parser(verb, help=told, description=told)
        if verb == asked:
            module = importlib.import_module(f"bot.commands.{verb}")
            module.arguments(sub)
            sub.set_defaults(run=module.run)
    options = parser.parse_args(words)
    return int(options.run(options))
