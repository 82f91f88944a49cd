"""What a name in source text stands for, and the function behind it: looked up, never executed."""

from __future__ import annotations

import ast
import inspect
import sysconfig
from collections.abc import Iterable, Mapping, MutableMapping
from types import (
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any

from autograd_core.provenance import HIDDEN

from .cuts import targets_of
from .names import named_arrays

__all__ = [
    "UNKNOWN",
    "contents",
    "function_of",
    "is_users",
    "note_objects",
    "parameters",
    "paths_to",
    "resolve",
    "rest",
]

#: Stands for an object that cannot be told.
UNKNOWN = object()

INSTALLED = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib"))


def resolve(expression: ast.expr, objects: MutableMapping[str, Any]) -> Any:
    """The object that a name or a dotted name stands for, without running any code.

    Examples
    --------
    >>> import math
    >>> resolve(ast.parse("math.pi", mode="eval").body, {"math": math})
    3.141592653589793
    """
    if isinstance(expression, ast.Name):
        return objects.get(expression.id, UNKNOWN)
    if not isinstance(expression, ast.Attribute):
        return UNKNOWN
    owner = resolve(expression.value, objects)
    if owner is UNKNOWN:
        return UNKNOWN
    if isinstance(owner, ModuleType):
        return vars(owner).get(expression.attr, UNKNOWN)
    found = inspect.getattr_static(owner, expression.attr, UNKNOWN)
    if isinstance(found, staticmethod):
        return found.__func__
    if isinstance(found, classmethod):
        return MethodType(found.__func__, owner if isinstance(owner, type) else type(owner))
    if isinstance(found, FunctionType):
        on_class = inspect.getattr_static(type(owner), expression.attr, None) is found
        return MethodType(found, owner) if on_class else found
    return UNKNOWN if hasattr(type(found), "__get__") else found


def note_objects(statement: ast.stmt, objects: MutableMapping[str, Any]) -> None:
    """Keep what the names stand for up to date: ``layer = self.first``.

    Examples
    --------
    >>> objects = {"a": 1, "b": 2}
    >>> note_objects(ast.parse("a = b").body[0], objects)
    >>> objects
    {'a': 2, 'b': 2}
    """
    for target in targets_of(statement):
        if target in objects:
            plain = isinstance(statement, ast.Assign) and isinstance(
                statement.targets[0], ast.Name | ast.Attribute
            )
            value = statement.value if plain else None  # type: ignore[attr-defined]
            objects[target] = UNKNOWN if value is None else resolve(value, objects)


def function_of(called: Any) -> tuple[FunctionType | None, Any]:
    """The user's function behind a callable, or None, and the object that is its first argument.

    Examples
    --------
    >>> function_of(resolve)[0] is None
    True
    """
    owner = UNKNOWN
    if isinstance(called, MethodType):
        called, owner = called.__func__, called.__self__
    elif not isinstance(called, FunctionType):
        owner = called
        methods = [inspect.getattr_static(type(owner), n, None) for n in ("forward", "__call__")]
        called = next((method for method in methods if method is not None), None)
    while isinstance(called, FunctionType) and not is_users(called.__code__):
        called = getattr(called, "__wrapped__", None)  # no_grad() as a decorator
    return (called if isinstance(called, FunctionType) else None), owner


def is_users(code: CodeType) -> bool:
    """Whether code is neither installed nor part of this library.

    Examples
    --------
    >>> is_users(ast.parse.__code__)
    False
    """
    return not HIDDEN[code.co_filename] and not code.co_filename.startswith(INSTALLED)


def parameters(code: CodeType) -> tuple[str, ...]:
    """The names of a function's parameters.

    Examples
    --------
    >>> parameters(resolve.__code__)
    ('expression', 'objects')
    """
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def paths_to(x: Any, objects: Mapping[str, Any]) -> set[str]:
    """The names under which `x` is found: a variable, a list, a module, an object's attribute.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> x = np.ones(2)
    >>> sorted(paths_to(x, {"a": x, "pair": [x, 1], "model": SimpleNamespace(weight=x)}))
    ['a', 'model.weight', 'pair']
    """
    paths = {path.split("[")[0] for path, value in named_arrays(objects) if value is x}
    for name, owner in objects.items():
        if isinstance(owner, type | ModuleType) or not hasattr(type(owner), "__dict__"):
            continue
        inside = inspect.getattr_static(owner, "__dict__", None)
        if isinstance(inside, GetSetDescriptorType | MemberDescriptorType):
            own = dict(vars(owner))
            paths |= {f"{name}.{key}" for key, value in own.items() if value is x}
            if not hasattr(type(owner), "named_parameters"):  # one that keeps a module: a trainer
                found = {path.split("[")[0] for path, value in named_arrays(own) if value is x}
                paths |= {f"{name}.{path}" for path in found}
    return paths


def rest(code: CodeType) -> tuple[str, ...]:
    """The names of ``*arguments`` and ``**options``.

    Examples
    --------
    >>> rest((lambda *values: values).__code__)
    ('values',)
    """
    count = code.co_argcount + code.co_kwonlyargcount
    flags = (inspect.CO_VARARGS, inspect.CO_VARKEYWORDS)
    return code.co_varnames[count : count + sum(bool(code.co_flags & flag) for flag in flags)]


def contents(function: FunctionType) -> Iterable[Any]:
    """What the variables of the enclosing function hold; one may not be assigned yet.

    Examples
    --------
    >>> number = 3
    >>> list(contents((lambda n: lambda: n)(number)))
    [3]
    """
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:
            yield UNKNOWN
