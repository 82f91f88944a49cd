"""Rows to train on and to judge by: what is no pair of inputs and targets."""

import numpy as np
import pytest

import nn

X, Y = np.zeros((6, 2), np.float32), np.arange(6) % 2
LENGTHS = np.arange(6)
SEVERAL = (
    "arrays; several inputs are given to a Loader, nn.Loader(x, lengths, y, shuffle=True), and fit "
    "calls model(x, lengths)"
)


def train(rows, model=None, **options):
    model = model or nn.Linear(2, 2)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    return nn.fit(
        model,
        rows,
        loss=nn.cross_entropy,
        optimizer=optimizer,
        epochs=1,
        progress=False,
        **options,
    )


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (((X, LENGTHS), Y), f"its inputs are a tuple of 2 {SEVERAL}"),
        ((X, LENGTHS, Y), f"got tuple of 3 {SEVERAL}"),
        ((X,), "got tuple of 1"),
        ((), "got tuple of 0"),
        (
            list(zip(X, Y, strict=True)),
            "got list of 6 pairs, one for each row; make arrays: x, y = map(np.array, zip(*rows))",
        ),
    ],
    ids=["inputs in a tuple", "three arrays", "one", "none", "pairs"],
)
@pytest.mark.parametrize("name", ["train", "validation"])
def test_what_is_no_pair_is_told_what_to_do(message, rows, found, name):
    arguments = (rows,) if name == "train" else ((X, Y),)
    options = {} if name == "train" else {"validation": rows}
    text = message(ValueError, lambda: train(*arguments, **options))
    expected = f"fit: {name} must be (inputs, targets); {found}"
    assert text == expected


def test_the_loader_of_several_inputs_that_the_message_names_works():
    class Both(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(2, 2)

        def forward(self, x, lengths):
            return self.layer(x) * lengths[:, None].astype(np.float32)

    assert len(train(nn.Loader(X, LENGTHS, Y, shuffle=True), Both())) == 1


def test_a_list_of_pairs_becomes_arrays_as_the_message_says():
    x, y = map(np.array, zip(*zip(X, Y, strict=True), strict=True))
    assert len(train((x, y))) == 1
