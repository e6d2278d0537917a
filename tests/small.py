"""A tiny content folder without a single mistake, for tests that then break one thing in it."""

from datetime import date
from itertools import product
from pathlib import Path

from bot.adapters.files import BadContent, load
from bot.adapters.phrases import read_phrases
from bot.core.check import Problem
from bot.core.library import Library
from bot.core.talk import LOCALES, Locale
from bot.core.understanding import INTENTS
from bot.settings import LOCALES_FOLDER

TODAY = date(2026, 11, 22)
CALM: dict[Locale, str] = {"kk": "Тыныш сөз.", "ru": "Спокойное слово.", "en": "A calm word."}
LABEL: dict[Locale, str] = {"kk": "Таңдау", "ru": "Выбор", "en": "Choice"}
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight")
_OWN_DOORS = {"danger_now", "self_harm"}

FLOWS = {
    "menu": """
flow: menu
about: The first screens.
start: hello
steps:
  hello:
    ask: always
    choose: {safe: home}
  home:
    ask: always
    choose: {others: doors, numbers: hotline}
""",
    "doors": """
flow: doors
about: What every other meaning opens.
opens_on: [INTENTS]
start: start
steps:
  start:
    ask: always
    choose: {ok: end}
""",
    "settings": """
flow: settings
about: The language.
start: language
steps:
  language:
    ask: always
    choose: {stay: end}
""",
    "hotline": """
flow: hotline
about: The numbers.
start: start
steps:
  start:
    ask: always
    choose: {ok: end}
""",
    "cover": """
flow: cover
about: A harmless helper.
start: home
steps:
  home:
    ask: always
    choose: {tip: home}
  lost:
    ask: always
    choose: {tip: home}
""",
    "not_understood": """
flow: not_understood
about: Heard, but not clear.
start: start
steps:
  did_you_mean:
    ask: always
    choose: {from: doors_meant, then: start, none: start}
  start:
    ask: always
    choose: {home: menu/home}
""",
    "i_cannot_write": """
flow: i_cannot_write
about: A voice message, a photo.
start: sent_something
steps:
  sent_something:
    ask: always
    choose: {ok: end}
""",
    "danger": """
flow: danger
about: It happens now.
opens_on: [danger_now]
start: start
steps:
  start:
    ask: always
    choose: {calm: end}
  aside:
    ask: always
    choose: {go_on: end, now: start}
""",
    "self_harm": """
flow: self_harm
about: Somebody does not want to live.
opens_on: [self_harm]
start: start
steps:
  start:
    ask: always
    choose: {calm: end}
  aside:
    ask: always
    choose: {go_on: end, now: start}
""",
    "extra": """
flow: extra
about: Everything an editor may write; nothing else leads here.
links: [extra]
start: greeting
keep: 24h
steps:
  greeting:
    then: ask
  ask:
    choose: {yes: tools, no: tools}
  tools:
    tick: [hammer, saw]
    or: {skip: paper}
    then: paper
  paper:
    write: private
    up_to: 3
    or: {skip: gate}
    then: gate
  gate:
    decide:
      - if: {ask: yes}
        then: silent
      - if: {rule: high_danger}
        then: silent
      - then: visit
  visit:
    then: hotline
    afterwards: silent
  silent:
    choose: {tell: tell_now, not_now: last}
  tell_now:
    do: open_case
    with: {urgency: now}
    quiet: true
    then: last
  last:
    was: [the_last, final]
    ask: always
    choose: {change: change, finish: end}
  change:
    ask: always
    choose: {from: plan_answers, then: reopen, none: last}
  reopen:
    do: reopen_answer
    then: ask
""",
}

WORDS: dict[str, dict[str, str]] = {
    "menu": {"hello": "safe", "home": "others numbers"},
    "doors": {"start": "ok"},
    "settings": {"language": "stay"},
    "hotline": {"start": "ok"},
    "cover": {"home": "tip", "lost": "tip"},
    "not_understood": {"did_you_mean": "", "start": "home"},
    "i_cannot_write": {"sent_something": "ok"},
    "danger": {"start": "calm", "aside": "go_on now"},
    "self_harm": {"start": "calm", "aside": "go_on now"},
    "extra": {
        "greeting": "", "ask": "yes no", "tools": "hammer saw skip", "paper": "skip", "visit": "",
        "silent": "tell not_now", "last": "change finish", "change": "",
    },
}  # fmt: skip
"""The steps that speak, and the labels they need."""

SHORTCUTS = """
leave: [выйти, exit]
help: [помощь, help]
menu: [меню, menu]
language: [язык, language]
back: [назад, back]
done: [готово, done]
all: [все, all]
none: [ничего, none]
"yes": [да, "yes"]
"no": [нет, "no"]
kk: [қазақша]
ru: [русский]
en: [english]
"""
DANGER = """
now:
  ru:
    - он меня бьет
    - бьет прямо сейчас
self_harm:
  ru:
    - не хочу жить
unless:
  ru:
    - в кино
"""
BETRAYING = """
kk: ["111", зорлық]
ru: [насил, полиц]
en: [violen]
"""
FACTS = """
hotline: "111"
police: "102"
law:
  kk: № 1
  ru: № 1
  en: No. 1
"""


class Small:
    """The folder. `change` breaks something, `mistakes` tells what the check says, `line` where a text stands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "content"
        intents = ", ".join(i for i in INTENTS if i not in _OWN_DOORS)
        for name, flow in FLOWS.items():
            self.put(f"{name}/flow.yaml", flow.lstrip().replace("INTENTS", intents))
            for locale in LOCALES:
                self.put(f"{name}/{locale}.md", _page(WORDS[name], locale, in_plan=name == "extra"))
        for file, text in (
            ("shortcuts", SHORTCUTS), ("danger", DANGER), ("betraying", BETRAYING), ("facts", FACTS),
        ):  # fmt: skip
            self.put(f"{file}.yaml", text.lstrip())
        for locale in LOCALES:
            self.put(f"four_words/{locale}.txt", "\n".join(_four_words(locale)) + "\n")

    def put(self, file: str, text: str | bytes) -> None:
        """Write a whole file."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def text(self, file: str) -> str:
        """What stands in a file."""
        return (self.folder / file).read_bytes().decode()

    def change(self, file: str, old: str, new: str) -> None:
        """Replace the first `old`, which must be there."""
        text = self.text(file)
        assert old in text, (file, old)
        self.put(file, text.replace(old, new, 1))

    def line(self, file: str, text: str) -> int:
        """The line on which `text` stands first; "" is the first line."""
        return self.text(file).split(text)[0].count("\n") + 1 if text else 1

    def load(self, today: date = TODAY) -> tuple[Library, tuple[Problem, ...]]:
        """The library and its reminders; raises BadContent."""
        return load(self.folder, read_phrases(LOCALES_FOLDER), today)

    def mistakes(self) -> tuple[Problem, ...]:
        """Every mistake that is told; none where the content is served."""
        try:
            self.load()
        except BadContent as e:
            return e.problems
        return ()


def _page(steps: dict[str, str], locale: Locale, in_plan: bool) -> str:
    head = f"---\ntitle: {LABEL[locale]}\nreviewed: 2026-11-01\nreviewer: a lawyer\nsources: []\n---\n"
    return head + "".join(_step(name, labels.split(), locale, in_plan) for name, labels in steps.items())


def _step(name: str, options: list[str], locale: Locale, in_plan: bool) -> str:
    labels = "".join(f"- {option}: {LABEL[locale]} {_NUMBERS[n]}\n" for n, option in enumerate(options))
    text = f"\n## {name}\n\n{CALM[locale]}\n\n{labels}"
    if in_plan and name in ("ask", "tools"):
        text += f"\n### title\n{LABEL[locale]}\n\n### note: {options[0]}\n{CALM[locale]}\n"
    return text


def _four_words(locale: Locale) -> list[str]:
    hard, soft = ("bvgdzlmn", "aoui") if locale == "en" else ("бвгдзлмн", "аоуи")
    return ["".join(letters) for letters in product(hard, soft, hard, soft)][:600]
