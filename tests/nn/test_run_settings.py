"""Resuming a run with other settings is refused by name; what may change goes through."""

import zlib

import numpy as np
import pytest

import nn
from nn.checkpoint import Checkpoints, read_checkpoint, write_checkpoint

X = np.random.default_rng(0).standard_normal((12, 2)).astype(np.float32)
Y = (X[:, 0] > 0).astype(int)


class Own(nn.Module):
    """Not one of nn's own: there is no description of it."""

    def __init__(self, inner):
        self.inner = inner

    def forward(self, x):
        return self.inner(x)


def network(activation="relu", hidden=3, wrap=lambda model: model):
    return wrap(nn.MLP(2, [hidden], 2, activation, rng=np.random.default_rng(0)))


def train(folder, *, model=None, kind=nn.Adam, seed=1, groups=lambda m: m.parameters(), **options):
    model = network() if model is None else model
    numbers = {"lr": options.pop("lr", 0.02), **options.pop("numbers", {})}
    optimizer = options.pop("optimizer", None) or kind(groups(model), **numbers)
    make_schedule = options.pop("schedule", lambda _: None)
    return nn.fit(
        model,
        (X, Y),
        **{"loss": nn.cross_entropy, "epochs": 2, "batch_size": 4} | options,
        rng=None if seed is None else np.random.default_rng(seed),
        optimizer=optimizer,
        schedule=make_schedule(optimizer),
        progress=False,
        checkpoint=folder,
        resume=True,
    )


def with_decay(model):
    first, *rest = [list(layer.parameters()) for layer in model.modules() if hasattr(layer, "bias")]
    return [{"parameters": first, "weight_decay": 0.1}, *[{"parameters": each} for each in rest]]


def warmup(optimizer, milestones):
    then = nn.schedules.MultiStep(optimizer, milestones)
    return nn.schedules.Warmup(optimizer, steps=3, then=then)


def plateau(optimizer, **options):
    return nn.schedules.ReduceOnPlateau(optimizer, **options)


def checksum(rows):
    return f"{zlib.crc32(Y[:rows].tobytes(), zlib.crc32(X[:rows].tobytes())):08x}"


CHECKSUM, CHECKSUM_OF_10 = checksum(12), checksum(10)
WATCHED = {"validation": (X, Y), "patience": 5}

REFUSED = {
    "lr": ({}, {"lr": 0.5}, "lr is 0.02 in the checkpoint, 0.5 in this run"),
    "activation": (
        {},
        {"model": network("tanh")},
        "layer '1' is ReLU() in the checkpoint, Tanh() in this run",
    ),
    "activation in a class of one's own": (
        {"model": network(wrap=Own)},
        {"model": network("tanh", wrap=Own)},
        "layer 'inner.1' is ReLU() in the checkpoint, Tanh() in this run",
    ),
    "hidden": (
        {},
        {"model": network(hidden=4)},
        (
            "layer '0' is Linear(2, 3) in the checkpoint, Linear(2, 4) in this run\n"
            "  layer '2' is Linear(3, 2) in the checkpoint, Linear(4, 2) in this run"
        ),
    ),
    "clip": ({"clip": 1.0}, {"clip": 2.0}, "clip is 1.0 in the checkpoint, 2.0 in this run"),
    "no clip": ({"clip": 1.0}, {}, "clip is 1.0 in the checkpoint, None in this run"),
    "seed": ({}, {"seed": 2}, "seed of the rows' order is 1 in the checkpoint, 2 in this run"),
    "validation": (
        {},
        {"validation": (X, Y)},
        (
            "validation columns is None in the checkpoint, "
            "['validation_loss', 'validation_accuracy'] in this run"
        ),
    ),
    "betas": (
        {},
        {"numbers": {"betas": (0.8, 0.9)}},
        "optimizer betas is [0.9, 0.999] in the checkpoint, [0.8, 0.9] in this run",
    ),
    "a group's decay": (
        {},
        {"groups": with_decay},
        ("optimizer weight_decay is 0.0 in the checkpoint, [0.1, 0.1, 0.0, 0.0] in this run"),
    ),
    "average": (
        {"average": 0.9},
        {"average": 0.5},
        "average decay is 0.9 in the checkpoint, 0.5 in this run",
    ),
    "loss": (
        {},
        {"loss": nn.hinge_loss},
        "loss is cross_entropy in the checkpoint, hinge_loss in this run",
    ),
    "monitor": (
        WATCHED | {"monitor": "validation_accuracy"},
        WATCHED,
        (
            "monitor is validation_accuracy in the checkpoint, validation_loss in this run\n"
            "  best value of the monitor is the largest in the checkpoint, the smallest in this run"
        ),
    ),
    "direction of the monitor": (
        WATCHED | {"monitor": ("validation_loss", "max")},
        WATCHED,
        "best value of the monitor is the largest in the checkpoint, the smallest in this run",
    ),
    "monitor of a plateau": (
        {"validation": (X, Y), "schedule": plateau},
        {"validation": (X, Y), "schedule": plateau, "monitor": ("validation_accuracy", "min")},
        "monitor is validation_loss in the checkpoint, validation_accuracy in this run",
    ),
    "validation rows": (
        {"validation": (X, Y)},
        {"validation": (X[:10], Y[:10])},
        (
            f"validation rows is inputs (12, 2) float32, targets (12,) int64, checksum {CHECKSUM} "
            "in the checkpoint, inputs (10, 2) float32, targets (10,) int64, checksum "
            f"{CHECKSUM_OF_10} in this run"
        ),
    ),
    "schedule": (
        {"schedule": lambda optimizer: nn.schedules.Cosine(optimizer, steps=10)},
        {"schedule": lambda optimizer: nn.schedules.Cosine(optimizer, steps=20)},
        "schedule steps is 10 in the checkpoint, 20 in this run",
    ),
    "schedule behind a warm-up": (
        {"schedule": lambda optimizer: warmup(optimizer, [1, 9])},
        {"schedule": lambda optimizer: warmup(optimizer, [1, 2])},
        "schedule then milestones is [1, 9] in the checkpoint, [1, 2] in this run",
    ),
    "patience of a plateau": (
        {"schedule": lambda optimizer: plateau(optimizer, patience=3)},
        {"schedule": lambda optimizer: plateau(optimizer, patience=4)},
        "schedule patience is 3 in the checkpoint, 4 in this run",
    ),
}


@pytest.mark.parametrize(("before", "after", "line"), REFUSED.values(), ids=REFUSED)
def test_another_setting_is_refused_with_both_values_the_file_and_what_to_do(
    tmp_path, message, before, after, line
):
    train(tmp_path, **before)
    assert message(nn.StateDictError, lambda: train(tmp_path, **{"epochs": 3} | after)) == (
        f"fit: the checkpoint {tmp_path / 'step-0000000006.safetensors'} is of another run than "
        f"this one:\n  {line}\n"
        "Resume with the same model, data and settings, or use another folder"
    )


def test_a_refused_run_leaves_model_and_optimizer(tmp_path):
    train(tmp_path)
    model = network()
    before = model.state_dict()
    optimizer = nn.Adam(model.parameters(), lr=0.5)
    with pytest.raises(nn.StateDictError):
        train(tmp_path, model=model, optimizer=optimizer)
    assert optimizer.lr == 0.5
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_many_differences_are_counted(tmp_path, message):
    train(tmp_path)
    deep = nn.Sequential(*[nn.Linear(2, 2) for _ in range(9)])
    text = message(nn.StateDictError, lambda: train(tmp_path, model=deep, lr=0.1, clip=1.0))
    lines = text.splitlines()
    assert len(lines) == 8
    assert lines[2] == "  layer '0' is Linear(2, 3) in the checkpoint, Linear(2, 2) in this run"
    # The model's class, its 9 layers, the rate, the clipping.
    assert lines[6] == "  and 7 more"


def shrink(training):
    training.optimizer.lr *= 0.5


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"seed": None},
        {"schedule": lambda optimizer: nn.schedules.Cosine(optimizer, steps=9)},
        {"schedule": lambda optimizer: nn.schedules.Warmup(optimizer, steps=2)},
        {"schedule": lambda optimizer: nn.schedules.ReduceOnPlateau(optimizer, patience=0)},
        {"callbacks": [shrink]},
        {"loss": lambda outputs, targets: 2 * nn.cross_entropy(outputs, targets)},
        {"average": 0.9, "clip": 1.0, "validation": (X, Y)},
        {"groups": with_decay},
        {"schedule": lambda optimizer: warmup(optimizer, [1, 9]), "validation": (X, Y)},
        WATCHED | {"schedule": plateau, "monitor": ("validation_accuracy", "max")},
    ],
    ids=["plain", "unseeded", "schedule", "warm-up", "plateau", "callback", "own loss", "all",
         "groups", "milestones", "monitor"],
)  # fmt: skip
@pytest.mark.parametrize("own", [False, True], ids=["described", "own class"])
def test_the_same_settings_and_more_epochs_go_on(tmp_path, options, own):
    wrap = Own if own else lambda model: model
    train(tmp_path, model=network(wrap=wrap), **options)
    assert len(train(tmp_path, model=network(wrap=wrap), epochs=4, **options)) == 4


@pytest.mark.parametrize("by", ["callback", "schedule"])
def test_the_same_objects_go_on_although_their_rate_has_moved(tmp_path, by):
    model = network()
    optimizer = nn.Adam(model.parameters(), lr=0.02)
    options = {"callbacks": [shrink]} if by == "callback" else {
        "schedule": lambda optimizer: nn.schedules.Cosine(optimizer, steps=9)
    }  # fmt: skip
    train(tmp_path, model=model, optimizer=optimizer, **options)
    assert optimizer.lr != 0.02
    again = train(tmp_path, model=model.eval(), optimizer=optimizer, epochs=4, **options)
    assert len(again) == 4


def test_a_checkpoint_of_a_version_that_wrote_no_settings_goes_on(tmp_path):
    train(tmp_path)
    checkpoints = Checkpoints(tmp_path)
    for path in checkpoints.files():
        state = read_checkpoint(path)
        assert state.pop("settings")["lr"] == 0.02
        write_checkpoint(path, state)
    # Validation is new to it: the epochs before have none.
    history = train(tmp_path, epochs=3, validation=(X, Y))
    assert np.isnan(history["validation_loss"]).tolist() == [True, True, False]


def test_another_patience_goes_on(tmp_path):
    train(tmp_path, **WATCHED)
    assert len(train(tmp_path, epochs=4, **WATCHED | {"patience": 2})) == 4


def test_rows_of_the_same_shape_are_told_apart_by_their_values(tmp_path):
    train(tmp_path, validation=(X, Y))
    with pytest.raises(nn.StateDictError, match="validation rows is inputs"):
        train(tmp_path, validation=(X[::-1], Y), epochs=3)


def of_an_earlier_version(folder):
    """Without the settings that it did not write."""
    for path in Checkpoints(folder).files():
        state = read_checkpoint(path)
        for name in ("monitor", "best value of the monitor", "validation rows", "schedule"):
            del state["settings"][name]
        write_checkpoint(path, state)


@pytest.mark.parametrize("monitor", ["validation_loss", "validation_accuracy"])
def test_a_checkpoint_that_does_not_name_its_monitor_goes_on_with_the_same(tmp_path, monitor):
    options = WATCHED | {"monitor": monitor, "schedule": warmup_of_two}
    train(tmp_path / "a", **options)
    of_an_earlier_version(tmp_path / "a")
    model, whole = network(), network()
    train(tmp_path / "a", model=model, epochs=4, **options)
    train(tmp_path / "b", model=whole, epochs=4, **options)
    for name, array in whole.state_dict().items():
        assert model.state_dict()[name].tobytes() == array.tobytes()


def warmup_of_two(optimizer):
    return nn.schedules.Warmup(optimizer, steps=2)


EARLIER = '(Earlier versions took what did not end in "loss" for best when large.)'


def test_a_checkpoint_that_does_not_name_its_monitor_is_refused_with_another(tmp_path, message):
    train(tmp_path, **WATCHED | {"monitor": ("validation_loss", "max")})
    of_an_earlier_version(tmp_path)
    assert message(nn.StateDictError, lambda: train(tmp_path, epochs=4, **WATCHED)) == (
        f"fit: the checkpoint {tmp_path / 'step-0000000006.safetensors'} keeps the weights of "
        "epoch 1, the largest validation_loss, as the best; this run looks for the smallest "
        f"validation_loss. {EARLIER} Resume with monitor=('validation_loss', 'max'), or use "
        "another folder"
    )


def test_a_best_epoch_that_is_none_by_any_monitor_is_refused(tmp_path, message):
    train(tmp_path, **WATCHED)
    of_an_earlier_version(tmp_path)
    for path in Checkpoints(tmp_path).files():
        state = read_checkpoint(path)
        # Compared with what another monitor had measured.
        state["stopping"]["value"] = -2.0
        write_checkpoint(path, state)
    assert message(nn.StateDictError, lambda: train(tmp_path, epochs=4, **WATCHED)) == (
        f"fit: the checkpoint {tmp_path / 'step-0000000006.safetensors'} keeps the weights of "
        "epoch 2 as the best; this run looks for the smallest validation_loss. "
        f"{EARLIER} Use another folder"
    )
