import pytest

from baiye.core import clock, todos
from baiye.core.hooks import Hook
from baiye.core.todos import Todo


@pytest.fixture(autouse=True)
def _no_others(monkeypatch):
    monkeypatch.setattr(todos, "PROVIDERS", Hook("a provider"))


def test_todos_come_in_order_from_every_room():
    late, soon = Todo("迟", "", "/", order=60), Todo("早", "", "/", order=10)
    todos.PROVIDERS.add("a", lambda _pupil, _by, _at: [late])
    todos.PROVIDERS.add("b", lambda pupil, _by, _at: [soon] if pupil == 7 else [])

    assert todos.todos(7, None, clock.now()) == [soon, late]
    assert todos.todos(8, None, clock.now()) == [late]


def test_register_under_a_name_that_is_taken_is_an_error():
    todos.PROVIDERS.add("a", lambda _pupil, _by, _at: [])

    with pytest.raises(ValueError, match="there is a provider a already"):
        todos.PROVIDERS.add("a", lambda _pupil, _by, _at: [])
