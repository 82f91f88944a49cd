"""Dates and times as people write them are known for what they are."""

import pytest

from nn.cli.dates import DATE
from tests.nn.cli.flowers import HEADER, flowers

pytestmark = pytest.mark.usefixtures("no_pictures")


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05", "2024-01-05 10:30", "2024-01-05T10:30:00.250Z", "2024/1/5", "5.1.2024",
        "01/05/24", "01/05/2024 10:30 PM", "10:30", "10:30:15", "9:05 am", "Jan 5, 2024",
        "January 5 2024", "jan. 5th, 2024", "5 January 2024", "5-Jan-24", "05-JAN-2024",
        "5 Jan '24", "5th of January, 2024", "5Jan2024", "2024-Jan-05", "Jan 2024", "Sept-24",
        "May 5", "31 Dec", "Fri, Jan 5, 2024", "Friday 5 January 2024 10:30",
        "Fri, 5 Jan 2024 10:30:00 +0000", "Jan 5, 2024, 10:30",
    ],
)  # fmt: skip
def test_a_date_is_known(text):
    assert DATE.fullmatch(text)


@pytest.mark.parametrize(
    "text",
    ["January", "May", "Fri", "12a", "A1", "2024", "5", "1.5", "12-14", "March of Ides",
     "Jan Meier", "Decker 5", "12 marbles", "5 mai 2024", "10:1"],
)  # fmt: skip
def test_a_name_is_not(text):
    assert not DATE.fullmatch(text)


@pytest.mark.parametrize("other", ["Jan 6, 2024", "-", "later"])
def test_dates_are_refused_in_training(command, write, tmp_path, other):
    seen = [f"Jan {n % 28 + 1}, 2024" if n % 5 else other for n in range(60)]
    rows = [[day, *row] for day, row in zip(seen, flowers(), strict=True)]
    table = write("t.csv", rows, ["seen", *HEADER])
    options = ("--target", "species", "--out", tmp_path / "model", "--epochs", "1")
    done = command("train", table, *options)
    assert done.status == 2
    assert "column A (seen) is 'Jan " in done.err
    assert "dates and times are not understood" in done.err
    assert "--ignore 'seen'" in done.err
    assert "--ignore" not in command("train", table, *options, "--target", "seen").err
