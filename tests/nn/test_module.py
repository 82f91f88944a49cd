"""Module, Parameter, buffers: finding, saving, loading, switching, showing."""

import copy
import pickle

import numpy as np
import pytest

import nn
from autograd_core import Tensor


class Everything(nn.Module):
    """Attributes of every kind, defined in a known order."""

    def __init__(self):
        self.first = nn.Linear(2, 3)
        self.scale = nn.Parameter([1.0, 2.0])
        self.blocks = [nn.Linear(1, 1, bias=False), (nn.Parameter(0.5), nn.Tanh())]
        self.by_name = {"a": nn.Linear(1, 2, bias=False), "b": nn.Parameter(3.0)}
        self.constant = Tensor([7.0])
        self.number = 5
        self.register_buffer("mean", np.zeros(2))


NAMES = [
    "first.weight",
    "first.bias",
    "scale",
    "blocks.0.weight",
    "blocks.1.0",
    "by_name.a.weight",
    "by_name.b",
]


def test_parameters_are_found_in_definition_order_through_containers():
    assert [name for name, _ in Everything().named_parameters()] == NAMES


def test_a_plain_tensor_is_no_parameter_and_a_buffer_is_saved_after_them():
    model = Everything()
    assert list(model.state_dict()) == [*NAMES, "mean"]
    assert all(p is not model.constant for p in model.parameters())
    assert [name for name, _ in model.named_buffers()] == ["mean"]
    assert [b.tolist() for b in model.buffers()] == [[0.0, 0.0]]


def test_modules_are_named_by_their_path():
    names = [name for name, _ in Everything().named_modules()]
    assert names == ["", "first", "blocks.0", "blocks.1.1", "by_name.a"]


def test_shared_parameters_and_modules_are_listed_once():
    model = nn.Module()
    model.encoder = nn.Linear(2, 2, bias=False)
    model.decoder = model.encoder
    model.tied = model.encoder.weight
    assert [name for name, _ in model.named_parameters()] == ["encoder.weight"]
    assert [name for name, _ in model.named_modules()] == ["", "encoder"]


def test_a_module_that_refers_to_its_owner_is_walked_once():
    owner, part = nn.Module(), nn.Linear(1, 1)
    owner.part, part.owner = part, owner
    owner.names = ["x"]
    owner.names.append(owner.names)
    assert len(list(owner.parameters())) == 2


def test_parameters_are_float32_unless_told_otherwise():
    assert nn.Parameter(np.zeros(2)).dtype == np.float32
    assert nn.Parameter(np.zeros(2), dtype=np.float64).dtype == np.float64
    assert nn.Parameter([1.0], name="w").name == "w"


def test_a_result_of_parameters_is_an_ordinary_tensor():
    assert type(nn.Parameter([1.0]) * 2.0) is Tensor


def test_forward_must_be_written():
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError) as caught:
        Empty()(1)
    assert str(caught.value) == "Empty has no forward(): write `def forward(self, x): ...` in it"


def test_positional_and_keyword_arguments_reach_forward():
    class Add(nn.Module):
        def forward(self, a, b, *, c):
            return a + b + c

    assert Add()(1, 2, c=3) == 6


def test_state_dict_copies():
    model = nn.Linear(2, 2)
    state = model.state_dict()
    state["weight"][:] = 9.0
    assert not np.any(model.weight.data == 9.0)


def test_a_buffer_replaced_in_forward_is_still_saved():
    model = nn.Module()
    model.register_buffer("mean", [0.0])
    model.register_buffer("mean", [1.0])
    model.mean = np.array([2.0])
    assert {k: v.tolist() for k, v in model.state_dict().items()} == {"mean": [2.0]}


def test_load_state_dict_restores_everything_scalars_and_buffers_too():
    source, target = Everything(), Everything()
    source.mean[:] = 4.0
    source.by_name["b"].data = np.float32(8.0)
    target.load_state_dict(source.state_dict())
    for name, value in source.state_dict().items():
        np.testing.assert_array_equal(target.state_dict()[name], value)
    assert type(target.by_name["b"].data) is np.float32


def test_load_state_dict_names_every_key_and_shape_and_changes_nothing():
    model = nn.Linear(2, 3)
    model.register_buffer("count", np.zeros(1, np.int64))
    before = model.state_dict()
    state = {"weight": np.ones((3, 4)), "biass": np.zeros(3), "count": np.zeros(1)}
    with pytest.raises(nn.StateDictError) as caught:
        model.load_state_dict(state)
    assert str(caught.value) == (
        "load_state_dict: this state does not fit Linear:\n"
        "  missing: 'bias' of shape (3,)\n"
        "  not in the model: 'biass' of shape (3,)\n"
        "  'weight' has shape (3, 4) in the state, (3, 2) in the model\n"
        "  'count' has dtype float64 in the state, int64 in the model"
    )
    for name, value in before.items():
        np.testing.assert_array_equal(model.state_dict()[name], value)


def test_load_state_dict_not_strict_takes_what_fits_by_name():
    model = nn.Linear(2, 1)
    model.load_state_dict({"bias": [5.0], "other": [1.0]}, strict=False)
    assert model.bias.data.tolist() == [5.0]
    with pytest.raises(nn.StateDictError, match="has shape"):
        model.load_state_dict({"bias": [5.0, 6.0]}, strict=False)


def test_loading_is_seen_by_a_graph_that_saved_the_old_weights():
    model = nn.Linear(2, 1)
    loss = (model(np.ones((1, 2), np.float32)) * model.weight).sum()
    model.load_state_dict(model.state_dict())
    with pytest.raises(RuntimeError, match=r"overwritten|changed"):
        loss.backward()


def test_train_and_eval_reach_every_module():
    model = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.Tanh()))
    assert model.eval() is model
    assert [module.training for module in model.modules()] == [False] * 4
    model.train()
    assert [module.training for module in model.modules()] == [True] * 4


def test_frozen_parameters_get_no_gradient_and_can_be_unfrozen():
    model = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    x = np.ones((1, 1), np.float32)
    model(x).sum().backward()
    model[0].freeze()
    assert model[0].weight.grad is None
    assert model[1].weight.grad is not None
    model.zero_grad()
    model(x).sum().backward()
    assert [p.grad is None for p in model.parameters()] == [True, True, False, False]
    model.unfreeze().zero_grad()
    model(x).sum().backward()
    assert [p.grad is None for p in model.parameters()] == [False] * 4


def test_zero_grad_forgets():
    model = nn.Linear(1, 1)
    model(np.ones((1, 1), np.float32)).sum().backward()
    model.zero_grad()
    assert model.weight.grad is None


def test_repr_nests():
    first, blocks = repr(Everything()).splitlines()[1:3]
    assert first == "  (first): Linear(2, 3)"
    assert blocks.startswith("  (blocks): [Linear(1, 1, bias=False), (")
    model = nn.Sequential(nn.MLP(2, [3], 1), nn.Softmax(axis=0))
    assert repr(model) == (
        "Sequential(\n"
        "  (0): MLP(\n"
        "    (0): Linear(2, 3)\n"
        "    (1): ReLU()\n"
        "    (2): Linear(3, 1)\n"
        "  )\n"
        "  (1): Softmax(axis=0)\n"
        ")"
    )


def test_models_copy_and_pickle_independently():
    model = nn.MLP(2, [3], 1)
    x = np.ones((1, 2), np.float32)
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert all(type(p) is nn.Parameter for p in twin.parameters())
        np.testing.assert_array_equal(twin(x).data, model(x).data)
        twin[0].weight.data += 1.0
        assert not np.array_equal(twin[0].weight.data, model[0].weight.data)
