import pytest

from baiye.core.hooks import Hook


def test_in_order_is_by_name_whichever_came_first():
    hook = Hook("a number")
    hook.add("b", 2)
    hook.add("a", 1)

    assert hook.in_order() == [1, 2]


def test_add_the_same_again_is_nothing_and_another_of_that_name_an_error():
    hook = Hook("a number")
    hook.add("a", 1)
    hook.add("a", 1)

    with pytest.raises(ValueError, match="there is a number a already"):
        hook.add("a", 2)

    assert hook == {"a": 1}
