"""The document: one file, closed to the network, with everything from outside as text."""

import html.parser
import json
import re
import time

import numpy as np

import autograd_core as ag
from autograd_core.visualize.page import page
from autograd_core.visualize.replay import derive


class Elements(html.parser.HTMLParser):
    """Collects what elements a document has, and the text of its scripts."""

    def __init__(self, text):
        super().__init__()
        self.found, self.scripts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, text):
        if self.found and self.found[-1][0] == "script":
            self.scripts[-1] += text


def small():
    x, w = ag.Tensor(2.0, name="x"), ag.Tensor(-3.0, name="w")
    return np.tanh(x * w) + x


def test_nothing_is_loaded():
    text = page(derive(small()))
    addresses = set(re.findall(r"https?://[^\s\"'<>)\\]*", text))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"}
    for tag, attributes in Elements(text).found:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
        assert not {"src", "srcset", "onclick", "onload"} & attributes.keys()
    assert "default-src 'none'; script-src 'unsafe-inline'" in text
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "fetch(",
    ):
        assert forbidden not in text


def test_hostile_names_and_titles_make_no_elements():
    plain = Elements(page(derive(small()), title="x"))
    hostile = (
        "</title></script><script>alert('1')</script><img src=x onerror=\"alert(2)\">&amp;\n\u202e"
    )
    x = ag.Tensor(2.0, name=hostile)
    w = ag.Tensor(-3.0, name="$title </style>")
    text = page(derive(np.tanh(x * w) + x), title=hostile)
    assert [tag for tag, _ in Elements(text).found] == [tag for tag, _ in plain.found]
    assert "<script>alert" not in text


def test_the_data_can_be_read_back():
    out = small()
    scripts = Elements(page(derive(out))).scripts
    data = json.loads(scripts[0])
    result = next(v for v in data["vertices"] if v["id"] == data["result"])
    assert result["value"]["number"] == float(out.data)


def test_the_title_says_what_is_computed_or_what_was_asked_for():
    assert "<title>v4 = v3 + x, step by step</title>" in page(derive(small()))
    assert "<h1>My neuron</h1>" in page(derive(small()), title="My neuron")


def test_any_values_make_a_page():
    for value in (np.nan, 1e308, 1 + 2j, np.zeros((0, 2)), np.float16(1), np.ones((3, 4, 5))):
        x = ag.Tensor(value, name="x")
        with np.errstate(over="ignore"):
            assert page(derive((x * x * 2.0).sum())).startswith("<!doctype html>")
    x = ag.Tensor(np.eye(3), name="x")
    assert page(derive(np.linalg.svd(x)[1].sum())).startswith("<!doctype html>")


def test_300_nodes_are_quick_and_small():
    z = x = ag.Tensor(1.0, name="x")
    for _ in range(150):
        z = z * 1.01 + x
    derivation = derive(z)
    begin = time.process_time()
    text = page(derivation)
    assert time.process_time() - begin < 3
    assert len(text) < 1_000_000
