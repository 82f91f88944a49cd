"""``explain``: names from the caller, files by suffix, a frame in notebooks, hostile names."""

import html
import re
from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.visualize.render import PictureError


def test_the_callers_names_are_taken():
    weight, data = Tensor(2.0), Tensor(3.0)
    explanation = ag.explain(weight * data)
    assert "v2 = weight × data" in explanation.text
    assert repr(explanation) == (
        "<Explanation of v2 = weight × data: 3 values forward, 3 steps back;"
        " .text .latex .markdown .html>"
    )
    assert "v2 = v0 × v1" in ag.explain(weight * data, names={}).text
    assert str(explanation) == explanation.text


def test_the_users_line_stands_beside_its_step():
    x = Tensor(2.0)
    y = np.sin(x)  # this very line
    (step,) = [s for s in ag.explain(y).derivation.forward if s.expression is not None]
    assert step.source == "y = np.sin(x)  # this very line"
    assert step.location.startswith("test_explaining.py:")
    assert "y = np.sin(x)  # this very line" in ag.explain(y).text


@pytest.mark.parametrize("suffix", [".html", ".md", ".tex", ".txt", ".HTML"])
def test_saves_by_suffix(tmp_path, suffix):
    x = Tensor(2.0)
    explanation = ag.explain(x * x)
    path = explanation.save(tmp_path / "new" / f"steps{suffix}")
    content = Path(path).read_bytes().decode()
    forms = {
        ".html": explanation.html,
        ".md": explanation.markdown,
        ".tex": explanation.latex,
        ".txt": explanation.text + "\n",
    }
    assert content == forms[suffix.lower()]


@pytest.mark.parametrize(("name", "says"), [("a.pdf", "ends in '.pdf'"), ("a", "has no suffix")])
def test_another_suffix_is_refused(name, says):
    x = Tensor(2.0)
    with pytest.raises(
        PictureError, match=re.escape(f"saved as .html, .md, .tex or .txt; '{name}'")
    ) as e:
        ag.explain(x * x).save(name)
    assert says in str(e.value)


def test_bad_arguments():
    x = Tensor(2.0)
    with pytest.raises(PictureError, match="at least 1, not 0"):
        ag.explain(x * x, limit=0)
    with pytest.raises(ag.DTypeError):
        ag.explain(3.0)
    with pytest.raises(ag.GraphError):
        ag.explain(x.detach())
    with pytest.raises(ag.GraphError, match="seed must have the shape"):
        ag.explain(x * x, seed=[1.0, 2.0])


def test_a_notebook_shows_the_page_in_a_frame_without_rights():
    x = Tensor(2.0)
    explanation = ag.explain(x * x)
    cell = explanation._repr_html_()
    assert cell.startswith("<iframe srcdoc=")
    assert 'sandbox="allow-scripts"' in cell
    document = re.search('srcdoc="([^"]*)"', cell)[1]
    assert html.unescape(document) == explanation.html
    assert not hasattr(explanation, "_repr_markdown_")


HOSTILE = [
    "<script>alert(1)</script>",
    "\"x\" & 'y'",
    "two\nlines",
    "a\u202eb",
    "\\end{document}$%",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_as_text(name):
    x = Tensor(2.0, name=name)
    explanation = ag.explain(x * x, names={})
    text = explanation.text
    assert "\u202e" not in text
    assert all(not line.startswith("lines") for line in text.splitlines())
    assert "<script>alert" not in explanation.html
    assert "<script>alert" not in explanation._repr_html_()
    assert explanation.latex
    assert explanation.markdown


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e308, 1 + 2j])
def test_strange_values_are_explained(value):
    x = Tensor(value)
    with np.errstate(all="ignore"):
        y = np.real(x * x)
    explanation = ag.explain(y)
    for form in (explanation.text, explanation.latex, explanation.markdown, explanation.html):
        assert form


def test_a_seed_scales_everything():
    x = Tensor([1.0, 2.0])
    explanation = ag.explain(x * x, seed=[1.0, 10.0])
    assert explanation.derivation.reverse[-1].incoming.data.tolist() == [2.0, 40.0]
    assert x.grad is None


@pytest.mark.parametrize(
    ("value", "words"), [(5.0, "the number 5.0"), (np.ones(3), "array of shape")]
)
def test_what_is_no_tensor_is_told_so_in_its_own_words(value, words):
    with pytest.raises(ag.DTypeError, match=f"explain: {words}.* not a Tensor.*before .item"):
        ag.explain(value)
