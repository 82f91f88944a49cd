"""Which module computed a node, from its parameters, its code, and what lies between."""

import xml.dom.minidom

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core.visualize import PictureError, read
from autograd_core.visualize.clusters import cluster
from autograd_core.visualize.parts import parts_of_mapping, parts_of_module

X = np.ones((3, 2), np.float32)


class Block(nn.Module):
    def __init__(self, size):
        self.a, self.b = nn.Linear(size, size), nn.Linear(size, size)

    def forward(self, x):
        return x + self.b(np.tanh(self.a(x)))


class Net(nn.Module):
    def __init__(self):
        self.stem = nn.Linear(2, 4)
        self.blocks = [Block(4) for _ in range(2)]
        self.head = nn.MLP(4, [3], 1, activation="tanh")

    def forward(self, x):
        h = self.stem(x * 2.0)
        for block in self.blocks:
            h = block(h)
        return self.head(h) * 0.5


def places(tensor, parts):
    """Expression (or name) of each vertex and the title of its innermost frame."""
    names = {f"p{i}": t for i, part in enumerate(parts) for t in part.parameters}
    view = cluster(read(tensor, names), tensor, parts)
    titles = {frame.identity: frame.title for frame in view.clusters} | {"": ""}
    return [
        (vertex.operation.name, titles[vertex.cluster])
        for vertex in view.vertices
        if vertex.operation is not None
    ]


def test_layers_and_the_activations_between_them():
    model = nn.MLP(2, [3], 1, activation="tanh")
    loss = ((model(X) - 1) ** 2).mean()
    assert places(loss, parts_of_module(model)) == [
        ("linear", "0: Linear(2, 3)"),
        ("tanh", "1: Tanh()"),
        ("linear", "2: Linear(3, 1)"),
        ("subtract", ""),
        ("power", ""),
        ("mean", ""),
    ]


def test_an_activation_at_the_end_is_still_inside():
    model = nn.Sequential(nn.Linear(2, 3), nn.Sigmoid())
    assert places(model(X).sum(), parts_of_module(model))[1:] == [
        ("sigmoid", "1: Sigmoid()"),
        ("sum", ""),
    ]


def test_modules_inside_modules_and_what_their_own_forward_computes():
    net = Net()
    assert places(net(ag.Tensor(X)).sum(), parts_of_module(net)) == [
        ("multiply", "Net"),
        ("linear", "stem: Linear(2, 4)"),
        ("linear", "blocks.0.a: Linear(4, 4)"),
        ("tanh", "blocks.0: Block"),
        ("linear", "blocks.0.b: Linear(4, 4)"),
        ("add", "blocks.0: Block"),
        ("linear", "blocks.1.a: Linear(4, 4)"),
        ("tanh", "blocks.1: Block"),
        ("linear", "blocks.1.b: Linear(4, 4)"),
        ("add", "blocks.1: Block"),
        ("linear", "head.0: Linear(4, 3)"),
        ("tanh", "head.1: Tanh()"),
        ("linear", "head.2: Linear(3, 1)"),
        ("multiply", "Net"),
        ("sum", ""),
    ]


def test_frames_are_nested():
    net = Net()
    loss = net(X).sum()
    view = cluster(read(loss), loss, parts_of_module(net))
    frames = {frame.identity: frame for frame in view.clusters}
    (inner,) = [frame for frame in view.clusters if frame.title == "head.2: Linear(3, 1)"]
    outer = frames[inner.parent]
    assert outer.title == "head: MLP"
    assert frames[outer.parent].title == "Net"
    assert frames[outer.parent].parent == ""


@pytest.mark.parametrize(
    "loss",
    [
        lambda out: nn.cross_entropy(out, np.array([0, 1, 1])),
        lambda out: nn.mse_loss(out, np.ones((3, 2), np.float32)),
        lambda out: ((out * X - X) ** 2).mean(),
        lambda out: nn.huber_loss(out, X),
    ],
    ids=["cross entropy", "mse", "by hand", "huber"],
)
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_losses_of_a_batch_with_arrays_as_targets(loss, done):
    model = nn.MLP(2, [3], 2)
    total = loss(model(X))
    if done:
        total.backward()
    picture = ag.draw(total, module=model, fold=False)
    assert "subgraph cluster" in picture.source
    xml.dom.minidom.parseString(picture.pipe("svg"))


def test_parameters_without_a_model():
    x = ag.Tensor(np.ones(3), name="x")
    w1, w2 = ag.Tensor(np.ones((3, 3)), name="w1"), ag.Tensor(np.ones((3, 3)), name="w2")
    y = (np.tanh(x @ w1.T) @ w2).sum()
    groups = {"net": [], "net.first": [w1], "net.second": w2}
    assert places(y, parts_of_mapping(groups)) == [
        ("transpose", "net.first"),
        ("matmul", "net.first"),
        ("tanh", "net"),
        ("matmul", "net.second"),
        ("sum", ""),
    ]


def test_a_shared_parameter_belongs_to_its_first_holder():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    model[1].weight = model[0].weight
    titles = [title for _, title in places(model(X).sum(), parts_of_module(model))]
    assert titles == ["0: Linear(2, 2)", "Sequential", ""]


def test_the_picture_has_frames_and_is_well_formed():
    net = Net()
    loss = net(X).sum()
    for fold in (True, False):
        svg = ag.draw(loss, module=net, fold=fold).pipe("svg", encoding="utf-8")
        document = xml.dom.minidom.parseString(svg)
        frames = [
            group
            for group in document.getElementsByTagName("g")
            if group.getAttribute("class").startswith("cluster")
        ]
        assert len(frames) >= 5
        assert "head.2: Linear(3, 1)" in svg


def test_parameters_are_called_as_the_model_calls_them():
    class Holder:
        model = nn.MLP(2, [3], 1)

    drawing = ag.draw(Holder.model(X).sum(), module=Holder.model)
    assert "0.weight" in [vertex.label for vertex in drawing.graph_view.vertices]


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", 'a"b', "a\nb", "&amp;", "\u202ex", "a\\N"]
)
def test_hostile_titles(name):
    w = ag.Tensor(2.0)
    svg = ag.draw(w * 3.0, clusters={name: [w]}).pipe("svg")
    document = xml.dom.minidom.parseString(svg)
    assert not document.getElementsByTagName("script")


NO_MODEL = (
    "module must be a model with named_modules() and named_parameters(), such as an nn.Module,"
    " not list. To group other Tensors, use clusters={name: [tensors]}."
)
NO_MAPPING = (
    "clusters must be a mapping from names to lists of Tensors, such as"
    " {'layer 1': [w1, b1]}, not list."
)
NO_TENSOR = "clusters['a'] must hold Tensors, but has a float."
EMPTY = "clusters is empty: give a mapping from names to lists of Tensors."
UNUSED = (
    "This graph uses none of the 2 parameters of Linear(2, 2), so there is nothing to group."
    " Give the model or the Tensors that computed what is drawn."
)
BOTH = "Give module= or clusters=, not both: frames come from one of them."


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"module": [1]}, NO_MODEL),
        ({"clusters": [1]}, NO_MAPPING),
        ({"clusters": {"a": [2.0]}}, NO_TENSOR),
        ({"clusters": {"a": 2.0}}, NO_TENSOR),
        ({"clusters": {}}, EMPTY),
        ({"module": nn.Linear(2, 2)}, UNUSED),
        ({"module": nn.Linear(2, 2), "clusters": {}}, BOTH),
    ],
)
def test_errors_say_what_to_give(options, message):
    with pytest.raises(PictureError) as caught:
        ag.draw(ag.Tensor(2.0) * 2.0, **options)
    assert str(caught.value) == message
