"""The house rules that a machine can see: small modules, said what for; a lock without addresses."""

import ast
import re

import pytest

from .conftest import HOUSE

MODULES = [path for part in ("*.py", "components/*.py", "tuning/*.py") for path in sorted(HOUSE.glob(part))]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_says_what_it_is_for_and_is_short(path):
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert text.startswith('"""')
    assert text.count("\n") <= 300


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_public_functions_say_what_they_do(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            inner = {"parse", "answer", "health", "metrics", "drop", "loss", "decorator", "filter", "learn"}
            assert node.name in inner or ast.get_docstring(node), node.name


def test_the_lock_names_no_address_and_has_a_hash_for_everything():
    lock = (HOUSE / "requirements.lock").read_text("utf-8")
    assert not re.search(r"://|index|find-links|/work|/opt|\.(org|com|net)\b", lock)
    pinned = re.findall(r"^[a-z0-9._-]+==\S+.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert len(pinned) > 100
    assert all("--hash=sha256:" in one for one in pinned)
