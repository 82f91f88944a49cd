"""Numbers, arrays and names as a person reads them."""

import numpy as np
import pytest

from autograd_core.visualize.format import describe_value, format_number, shorten, visible


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (2.0, "2"),
        (24.70408163265306, "24.704"),
        (-6.000000001, "-6"),
        (1e308, "1e308"),
        (1e-5, "1e-5"),
        (123456.0, "1.2346e5"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (7, "7"),
        (123456789, "123456789"),
        (10**400, "inf"),
        (-(10**400), "-inf"),
        (10**12, "1e12"),
        (True, "True"),
        (np.bool_(False), "False"),
        (np.float32(0.1), "0.1"),
        (np.float16(0.5), "0.5"),
        (np.int8(-3), "-3"),
        (1 + 2j, "1+2j"),
        (np.complex64(1 - 2j), "1-2j"),
        ("x" * 100, "'" + "x" * 38 + "…"),
    ],
)
def test_one_number(value, text):
    assert format_number(value) == text


def test_more_digits():
    assert format_number(0.7064193203972352, 10) == "0.7064193204"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array(3.0), "3"),
        (np.array([1.0, -2.5]), "[1, -2.5]"),
        (np.array([[1, 2], [3, 4]]), "[[1, 2], [3, 4]]"),
        (np.arange(5.0), "0 to 4"),
        (np.full(9, 7.0), "all 7"),
        (np.zeros((0, 3)), "empty"),
        (np.zeros((2, 1, 1)), "all 0"),
        (np.array([np.nan, 1, 2, 3, 4, np.nan]), "2 of 6 nan, 1 to 4"),
        (np.full(5, np.nan), "all nan"),
        (np.array([np.inf, 1, 2, 3, -np.inf]), "-inf to inf"),
        (np.arange(6) > 2, "3 of 6 True"),
        (np.array([3 + 4j] * 5), "|z| all 5"),
        (np.array(["a"] * 5), "5 elements"),
    ],
)
def test_arrays(value, text):
    assert describe_value(value) == text


def test_what_does_not_show_is_made_visible():
    assert visible("a\nb\x00\u202e\ud800\u2028") == r"a\nb\x00\u202e\ud800\u2028"
    assert visible("größe 漢字 σ") == "größe 漢字 σ"


def test_long_text_is_cut():
    assert shorten("abc", 3) == "abc"
    assert shorten("abcd", 3) == "ab…"
