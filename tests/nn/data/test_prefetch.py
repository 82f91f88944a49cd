"""Batches made ahead by a thread."""

import threading

import numpy as np
import pytest

import nn
from nn.data.prefetch import ahead


def threads():
    return [t for t in threading.enumerate() if t.name == "nn.Loader prefetch"]


def test_the_same_batches_in_the_same_order():
    x = np.arange(50)
    plain = nn.Loader(x, batch_size=3, shuffle=True, rng=np.random.default_rng(0))
    early = nn.Loader(x, batch_size=3, shuffle=True, rng=np.random.default_rng(0), prefetch=2)
    for _ in range(2):
        for (a,), (b,) in zip(plain, early, strict=True):
            np.testing.assert_array_equal(a, b)
    assert not threads()


def test_no_more_than_so_many_wait():
    made = []

    def batches():
        for n in range(100):
            made.append(n)
            yield n

    several = ahead(batches(), 3)
    assert next(several) == 0
    # One handed out, three waiting, one in the hand of the thread.
    assert len(made) <= 5
    several.close()
    assert not threads()


def test_an_error_comes_in_its_place():
    def batches():
        yield 1
        raise OSError("the disk is gone")

    several = ahead(batches(), 2)
    assert next(several) == 1
    with pytest.raises(OSError, match="the disk is gone"):
        next(several)
    assert not threads()


def test_breaking_off_ends_the_thread():
    for _ in nn.Loader(np.arange(1000), batch_size=1, prefetch=4):
        break
    assert not threads()
