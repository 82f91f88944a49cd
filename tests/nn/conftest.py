"""What the tests of `nn` share."""

from collections.abc import Callable

import pytest


@pytest.fixture
def message() -> Callable[[type[Exception], Callable[[], object]], str]:
    """The whole text of the exception that a call raises."""

    def of(error: type[Exception], call: Callable[[], object]) -> str:
        with pytest.raises(error) as caught:
            call()
        return str(caught.value)

    return of
