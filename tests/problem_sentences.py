"""The English sentences that tell what is wrong with the data, collected from the source that says them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.content import datafiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.content.problem_words import Part

SOURCES = sorted(Path(datafiles.__file__).parent.rglob("*.py"))
PARTS: tuple[Part, Part] = ("message", "fix")
ELSEWHERE = {  # what a call hands on; where the sentences come from is told in `sentences`
    "strict.py: message", "strict.py: fix", "strict.py: said", "samples.py: message", "samples.py: _FIXES[location[0]]",
    "samples.py: _FIXES['responses']", "samples.py: _FIXES['expected']", "likert.py: *told", "cli_advise.py: message",
    "cli_advise.py: problem.message", "cli_advise.py: problem.fix", "cli_advise.py: fix",
}  # fmt: skip


def written(node: ast.expr, scope: ast.AST, file: str) -> Iterator[str]:
    """Yield the sentences that an expression may be, as skeletons; a name is looked up in the function around it."""
    if isinstance(node, ast.Constant):
        yield skeleton_of(node)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(map(skeleton_of, node.values))
    elif isinstance(node, ast.IfExp):
        yield from written(node.body, scope, file)
        yield from written(node.orelse, scope, file)
    else:
        values = list(assigned(ast.unparse(node), scope))
        handed_on = f"{file}: {ast.unparse(node)}"
        assert values or handed_on in ELSEWHERE, f"{handed_on} (line {node.lineno}): collect its sentences here, too"
        for value in values:
            if isinstance(value, ast.Constant | ast.JoinedStr | ast.IfExp):
                yield from written(value, scope, file)
            else:
                assert handed_on in ELSEWHERE, f"{handed_on} (line {node.lineno}): collect its sentences here, too"


def skeleton_of(node: ast.expr) -> str:
    if isinstance(node, ast.FormattedValue):
        return "{!r}" if node.conversion == ord("r") else "{}"
    assert isinstance(node, ast.Constant)
    return str(node.value).replace("{", "{{").replace("}", "}}")


def assigned(name: str, scope: ast.AST) -> Iterator[ast.expr]:
    """Yield what a function assigns to a name, by itself or as one of several."""
    for node in (each for each in ast.walk(scope) if isinstance(each, ast.Assign)):
        for target in node.targets:
            if ast.unparse(target) == name:
                yield node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=False)
                yield from (value for part, value in pairs if ast.unparse(part) == name)


def told_by(call: ast.Call) -> list[ast.expr]:
    """Return the message and the fix of a call that makes a problem; nothing of another call."""
    is_method = isinstance(call.func, ast.Attribute) and call.func.attr == "problem"
    first = {"Problem": 3, "_unusable": 1}.get(ast.unparse(call.func), 1 if is_method else None)
    assert first is None or not call.keywords, f"{ast.unparse(call)}: give the sentences by place"
    return [] if first is None else call.args[first : first + 2]


def pieces(node: ast.AST, file: str) -> list[tuple[Part, ast.expr]]:
    """Return what in a node of the source is a message or a fix."""
    if isinstance(node, ast.Call):
        return list(zip(PARTS, told_by(node), strict=False))
    if isinstance(node, ast.Tuple) and file == "strict.py" and len(node.elts) == 2:  # _FIXES, and what it lacks
        fix = node.elts[1]
        is_text = isinstance(fix, ast.JoinedStr) or (isinstance(fix, ast.Constant) and isinstance(fix.value, str))
        return list(zip(PARTS, node.elts, strict=True)) if is_text else []
    if isinstance(node, ast.Dict) and file == "samples.py":  # _FIXES
        return [("fix", value) for value in node.values if isinstance(value, ast.Constant)]
    if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
        last = node.value.elts[-1]
        if file == "likert.py" and isinstance(last, ast.Tuple):
            return list(zip(PARTS, last.elts, strict=True))
        if file == "cases.py":  # where in a case, and what is wrong
            return [("message", last)]
    return []


def sentences() -> Iterator[tuple[Part, str]]:
    """Yield every sentence in the source that tells what is wrong with the data or how to mend it, as a skeleton."""
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
        tables = (node for node in tree.body if isinstance(node, ast.Assign))
        for scope in (*functions, *tables):
            for node in ast.walk(scope):
                for part, expression in pieces(node, path.name):
                    yield from ((part, one) for one in written(expression, scope, path.name))
