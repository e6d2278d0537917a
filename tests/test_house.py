"""The house itself: sizes, documented settings and verbs, the same intents in both houses, locks without addresses."""

import ast
import re
from dataclasses import fields
from pathlib import Path
from statistics import median

import yaml

from bot.commands import VERBS
from bot.core.understanding import INTENTS
from bot.settings import PREFIX, ROOT, Settings

MODULES = sorted((ROOT / "bot").rglob("*.py"))


def _lines_of_code(tree: ast.AST, source: list[str]) -> int:
    """Lines that are neither blank, comment, nor docstring."""
    docs = set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docs |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return sum(
        1 for n, line in enumerate(source, 1) if line.strip() and not line.strip().startswith("#") and n not in docs
    )


def test_modules_are_small() -> None:
    sizes = {m: _lines_of_code(ast.parse(m.read_text()), m.read_text().splitlines()) for m in MODULES}
    assert max(sizes.values()) <= 300, max(sizes, key=lambda m: sizes[m])
    assert median(sizes.values()) <= 90


def test_functions_are_small() -> None:
    sizes = []
    for module in MODULES:
        source = module.read_text().splitlines()
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = source[node.body[0].lineno - 1 : node.end_lineno]
                sizes.append((_lines_of_code(node, body), f"{module.name}:{node.name}"))
    assert max(sizes)[0] <= 60, max(sizes)
    assert median(size for size, _ in sizes) <= 8


def test_every_module_says_what_it_is_for() -> None:
    for module in MODULES:
        doc = ast.get_docstring(ast.parse(module.read_text()))
        assert doc, module
        assert doc.splitlines()[0].endswith((".", "?", "…")), module


def test_public_functions_say_what_goes_in_and_out() -> None:
    for module in MODULES:
        for node in ast.parse(module.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_":
                assert ast.get_docstring(node), f"{module.name}:{node.name}"


def test_every_setting_is_documented() -> None:
    example = (ROOT / ".env.example").read_text()
    for setting in fields(Settings):
        assert re.search(rf"^#? ?{PREFIX}{setting.name.upper()}=", example, re.M), setting.name


def test_every_verb_is_documented() -> None:
    readme = (ROOT / "README.md").read_text()
    for verb in VERBS:
        assert f"python -m bot {verb}" in readme, verb


def test_both_houses_know_the_same_intents() -> None:
    domain = yaml.safe_load((ROOT / "nlu" / "domain.yml").read_text())
    assert set(domain["intents"]) == set(INTENTS)


def test_locks_name_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "bot", ROOT / "tests", ROOT / "nlu"):
        text = (lock / "requirements.lock").read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", text)


def test_nothing_names_a_path_of_one_machine() -> None:
    for file in [*MODULES, *(ROOT / "nlu").glob("*.py"), ROOT / "Makefile", ROOT / ".ci" / "run"]:
        assert not re.search(r"/(root|work|home)/", file.read_text()), file


def test_the_catalogues_hold_every_message_in_every_language() -> None:
    from babel.messages.extract import extract_from_dir
    from babel.messages.pofile import read_po

    found = {
        str(message)
        for _, _, message, _, _ in extract_from_dir(ROOT / "bot", [("**.py", "python")], keywords={"N_": None})
    }
    for locale in ("kk", "ru", "en"):
        path = Path(ROOT / "locales" / locale / "LC_MESSAGES" / "messages.po")
        with path.open("rb") as po:
            catalogue = read_po(po, locale=locale)
        translated = {str(entry.id) for entry in catalogue if entry.id and entry.string}
        assert translated == found, locale
