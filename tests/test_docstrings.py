"""Every docstring example runs and prints what it says; every public name has one."""

import doctest
import importlib
import inspect
import pkgutil
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograd_core
import nn
from autograd_core.primitive import REGISTRY

PACKAGES = (autograd_core, nn)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


MODULES = [package.__name__ for package in PACKAGES] + [
    module.name
    for package in PACKAGES
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
]
PUBLIC = [(package, name) for package in PACKAGES for name in package.__all__]


def run(test: doctest.DocTest) -> int:
    """Run the examples of one docstring; the number that ran. A failure shows itself."""
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=report.append)
    if result.failed:
        pytest.fail("".join(report), pytrace=False)
    return result.attempted


@pytest.fixture
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Examples may write files, into a folder of their own, and leave no primitive behind."""
    monkeypatch.chdir(tmp_path)
    yield
    for name in [name for name in REGISTRY if name.endswith("_example")]:
        del REGISTRY[name]


@pytest.mark.usefixtures("_somewhere_else")
@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module_print_what_they_say(name: str) -> None:
    module = importlib.import_module(name)
    for test in doctest.DocTestFinder(exclude_empty=True).find(module, name):
        run(test)


@pytest.mark.usefixtures("_somewhere_else")
@pytest.mark.parametrize(
    ("package", "name"), PUBLIC, ids=lambda part: getattr(part, "__name__", part)
)
def test_a_public_name_has_a_docstring_with_an_example(
    package: types.ModuleType, name: str
) -> None:
    value = getattr(package, name)
    if isinstance(value, str | int | float):
        pytest.skip("data: a number or a text has no docstring")
    # `inspect.getdoc` would pass off a base class's docstring as this name's own.
    own = value.__doc__ if isinstance(value, type) or value.__doc__ != type(value).__doc__ else ""
    text = inspect.cleandoc(own or "")
    assert text, f"{package.__name__}.{name} has no docstring of its own"
    if isinstance(value, types.ModuleType):
        return
    assert "Examples\n--------" in text, f"{package.__name__}.{name} has no section Examples"
    test = doctest.DocTestParser().get_doctest(text, {}, f"{package.__name__}.{name}", None, None)
    assert test.examples, f"the Examples of {package.__name__}.{name} have no line with >>>"
    # The module's test finds functions and classes; a primitive is an object, found only here.
    if not isinstance(value, type | types.FunctionType):
        run(test)


def test_a_wrong_example_is_caught() -> None:
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, None)
    with pytest.raises(pytest.fail.Exception, match="Expected:"):
        run(wrong)
