"""python -m bot VERB: the way in. Each verb is a module of bot.commands."""

import sys

from bot.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
