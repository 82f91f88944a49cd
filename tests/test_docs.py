"""The pages in docs/ tell the truth: their Python runs and prints what they say.

A block with ``>>>`` must print what it shows, any other must run; the blocks of one page share one
namespace, top to bottom. Commands in ``console`` blocks run one after the other in one folder, and
print what stands below them.
"""

import doctest
from pathlib import Path

import pytest

import nn
from autograd_core.primitive import REGISTRY
from tests.test_readme import FLAGS, blocks, commands, run_command

DOCS = Path(__file__).resolve().parents[1] / "docs"
CONSOLE_PAGES = [
    page for page in sorted(DOCS.glob("*.md")) if blocks(page.read_text("utf-8"), "console")
]
PAGES = [page for page in sorted(DOCS.glob("*.md")) if blocks(page.read_text("utf-8"), "python")]


@pytest.fixture
def _no_new_primitives():
    """What a page defines is gone after it."""
    before = dict(REGISTRY)
    yield
    for name in set(REGISTRY) - set(before):
        del REGISTRY[name]


@pytest.mark.usefixtures("_no_new_primitives")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_python_of_a_page_runs_and_prints_what_it_says(page, tmp_path, monkeypatch):
    text = page.read_text("utf-8")
    if "scipy" in text:
        pytest.importorskip("scipy")
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": page.stem}
    for block in blocks(text, "python"):
        if ">>>" not in block.text:
            exec(compile(block.text, f"{page.name}:{block.line}", "exec"), namespace)
            continue
        report: list[str] = []
        examples = doctest.DocTestParser().get_doctest(
            block.text, namespace, page.name, page.name, block.line
        )
        result = doctest.DocTestRunner(optionflags=FLAGS).run(
            examples, out=report.append, clear_globs=False
        )
        namespace.update(examples.globs)
        if result.failed:
            pytest.fail("".join(report), pytrace=False)


@pytest.mark.parametrize("page", CONSOLE_PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_work_and_print_what_it_says(page, tmp_path):
    text = page.read_text("utf-8")
    if "sklearn" in text:
        pytest.importorskip("sklearn")
        pytest.importorskip("pandas")
        pytest.importorskip("matplotlib")
    for block in blocks(text, "console"):
        for command, expected in commands(block):
            run_command(command, expected, tmp_path)


def test_the_page_about_the_command_line_is_among_them():
    assert "command_line.md" in [page.name for page in CONSOLE_PAGES]


def test_the_page_for_newcomers_is_among_them():
    assert "differentiate_anything.md" in [page.name for page in PAGES]


def test_every_layer_loss_optimiser_and_schedule_is_listed():
    page = (DOCS / "networks.md").read_text("utf-8")
    public = {name: getattr(nn, name) for name in nn.__all__}
    layers = {
        name
        for name, value in public.items()
        if isinstance(value, type) and issubclass(value, nn.Module) and value is not nn.Module
    }
    optimizers = {name for name in public if hasattr(nn.optim, name)} - {"Optimizer"}
    losses = {name for name in public if hasattr(nn.losses, name)}
    schedules = {name for name in vars(nn.schedules) if name[0].isupper() and name != "Schedule"}
    listed = layers | optimizers | losses | schedules
    missing = sorted(name for name in listed if f"`{name}`" not in page)
    assert not missing
    assert len(listed) > 80
