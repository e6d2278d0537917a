"""YAML as editors mean it: every value is text, a doubled key is a mistake, and each key knows its line."""

from pathlib import Path
from typing import Any

import yaml

from bot.core.check import Problem


class Map(dict[str, Any]):
    """A mapping that knows on which line each key stands."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}
        self.line = 0


class Mistake(Exception):
    """Something an editor wrote that cannot be read; carries the problem to be shown."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.told)
        self.problem = problem


def read(path: Path, name: str) -> Map:
    """Return the mapping in `path`; raises Mistake, with `name` as the file it names."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except UnicodeDecodeError as e:
        raise Mistake(Problem(file=name, line=1, told="This file is not UTF-8 text.")) from e
    except yaml.MarkedYAMLError as e:
        line = e.problem_mark.line + 1 if e.problem_mark else 1
        raise Mistake(Problem(file=name, line=line, told=f"This is no YAML: {e.problem}.")) from e
    except yaml.YAMLError as e:
        raise Mistake(Problem(file=name, line=1, told="There is a character in it that YAML cannot hold.")) from e
    if not isinstance(node, yaml.MappingNode):
        raise Mistake(Problem(file=name, line=1, told="This file should be a list of `key: value` lines."))
    return _mapping(node, name)


def _mapping(node: yaml.MappingNode, name: str) -> Map:
    found = Map()
    found.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in found:
            raise Mistake(Problem(file=name, line=line, told=f"`{key}` stands here twice; keep one of them."))
        found[key] = _value(value_node, name)
        found.lines[key] = line
    return found


def _value(node: yaml.Node, name: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, name)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, name) for item in node.value]
    return str(node.value)
