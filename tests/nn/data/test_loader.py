"""Loader, split and Standardizer."""

import numpy as np
import pytest

import autograd_core as ag
import nn


def test_batches_in_order_are_views_and_the_last_is_shorter():
    x = np.arange(10, dtype=np.float32).reshape(5, 2)
    loader = nn.Loader(x, np.arange(5), batch_size=2)
    batches = list(loader)
    assert len(loader) == len(batches) == 3
    assert [len(y) for _, y in batches] == [2, 2, 1]
    assert np.shares_memory(batches[0][0], x)
    assert all(type(array) is np.ndarray for batch in batches for array in batch)


def test_drop_last():
    loader = nn.Loader(np.arange(5.0), batch_size=2, drop_last=True)
    assert [len(x) for (x,) in loader] == [2, 2]
    assert len(loader) == 2
    assert len(nn.Loader(np.arange(4.0), batch_size=2)) == 2


def test_shuffling_is_new_each_pass_keeps_rows_together_and_repeats_by_seed():
    x = np.arange(20.0)

    def passes(seed):
        rng = np.random.default_rng(seed)
        loader = nn.Loader(x, x.astype(int), batch_size=6, shuffle=True, rng=rng)
        return [np.concatenate([y for _, y in loader]) for _ in range(2)]

    first, second = passes(0)
    assert sorted(first) == sorted(second) == list(range(20))
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(passes(0), [first, second])
    loader = nn.Loader(x, x.astype(int), shuffle=True)
    assert all(np.array_equal(a, b) for a, b in loader)


def test_floats_are_cast_once_and_integers_stay():
    loader = nn.Loader(np.zeros((2, 1)), np.zeros(2, np.uint8), [True, False])
    x, y, z = next(iter(loader))
    assert (x.dtype, y.dtype, z.dtype) == (np.float32, np.uint8, np.bool_)
    assert next(iter(nn.Loader(np.zeros(2), dtype=np.float64)))[0].dtype == np.float64


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (nn.Loader, ag.ShapeError, "Loader: no arrays were given"),
        (lambda: nn.Loader(3.0), ag.ShapeError,
         "Loader: array 0 is a single number; it has no rows"),
        (lambda: nn.Loader(np.zeros(3), np.zeros(4)), ag.ShapeError,
         "Loader: array 0 has 3 rows, array 1 has 4; they must belong together row by row"),
        (lambda: nn.Loader(np.zeros((0, 2))), ag.ShapeError, "Loader: the arrays have no rows"),
        (lambda: nn.Loader(np.zeros(3), batch_size=0), ValueError,
         "Loader: batch_size must be a whole number of at least 1; got 0"),
        (lambda: nn.Loader(np.zeros(3), batch_size=4, drop_last=True), ValueError,
         "Loader: 3 rows make no batch of 4 with drop_last=True"),
        (lambda: nn.Loader(np.zeros(3), prefetch=-1), ValueError,
         "Loader: prefetch must be a whole number of at least 0; got -1"),
        (lambda: nn.Loader(nn.IterableDataset(list), shuffle=True), ValueError,
         "Loader: an IterableDataset cannot be shuffled; shuffle where its rows come from"),
        (lambda: nn.Loader(nn.IterableDataset(list), [1]), ValueError,
         "Loader: an IterableDataset cannot be one of several"),
        (lambda: len(nn.Loader(nn.IterableDataset(list))), TypeError,
         "Loader: nobody knows how many rows come; give IterableDataset rows="),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == text


# --- going on in the middle of a pass ---------------------------------------------------------


def loader(seed=0, **options):
    return nn.Loader(
        np.arange(23), batch_size=4, shuffle=True, rng=np.random.default_rng(seed), **options
    )


@pytest.mark.parametrize("prefetch", [0, 3])
@pytest.mark.parametrize("done", range(13))
def test_from_a_saved_state_on_the_batches_are_those_that_would_have_come(done, prefetch):
    first, expected, state = loader(prefetch=prefetch), [], None
    for _ in range(3):
        for (batch,) in first:
            if len(expected) == done:
                state = state or first.state_dict()
            expected.append(batch.tolist())
    second = loader(seed=1, prefetch=prefetch)
    # As taken while a batch is worked on: that one counts as handed out.
    second.load_state_dict(state)
    found = [batch.tolist() for _ in range(3) for (batch,) in second]
    assert found[: len(expected) - done - 1] == expected[done + 1 :]


def test_a_state_between_passes_starts_the_next_one():
    first = loader()
    list(first)
    second = loader(seed=1)
    second.load_state_dict(first.state_dict())
    for (a,), (b,) in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_pass_that_was_broken_off_is_not_gone_on_with():
    batches = nn.Loader(np.arange(6), batch_size=2)
    next(iter(batches))
    assert [x.tolist() for (x,) in batches] == [[0, 1], [2, 3], [4, 5]]


def test_a_state_of_another_loader_is_refused(message):
    state = loader().state_dict()
    assert (
        message(nn.StateDictError, lambda: nn.Loader(np.zeros(3)).load_state_dict(state))
        == "Loader.load_state_dict: the state is of rows 23, this loader has rows 3"
    )
    assert (
        message(
            nn.StateDictError, lambda: nn.Loader(np.zeros(23), batch_size=5).load_state_dict(state)
        )
        == "Loader.load_state_dict: the state is of batch_size 4, this loader has batch_size 5"
    )
    assert (
        message(
            nn.StateDictError, lambda: nn.Loader(np.zeros(23), batch_size=4).load_state_dict(state)
        )
        == "Loader.load_state_dict: the state is of a loader that shuffles"
    )


def test_collate_makes_the_batch():
    batches = nn.Loader(
        np.arange(4), np.arange(4.0), batch_size=2, collate=lambda n, x: {"n": n, "x": x.sum()}
    )
    assert [batch["x"] for batch in batches] == [1.0, 5.0]


@pytest.mark.parametrize(
    ("inputs", "found"),
    [
        ([[1.0, "red"], [2.0, "blue"]], "holds text, such as 'red'"),
        ([[1.0, 2.0], [3.0, None]], "holds Python objects"),
    ],
)
def test_python_objects_are_refused_unless_collate_takes_them(inputs, found):
    array = np.array(inputs, dtype=object)
    with pytest.raises(ag.DTypeError, match=f"Loader: array 0 {found}.*array.astype"):
        nn.Loader(array, np.arange(2))
    collated = nn.Loader(array, batch_size=2, collate=lambda rows: rows[:, 0].astype(np.float32))
    assert next(iter(collated)).dtype == np.float32


def test_an_array_may_be_a_list_of_equal_rows():
    (batch,) = next(iter(nn.Loader([np.zeros(3), np.ones(3)])))
    assert batch.shape == (2, 3)
