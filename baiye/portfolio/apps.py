from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "baiye.portfolio"

    def ready(self) -> None:
        from baiye.core import todos  # noqa: PLC0415 - models are there only now
        from baiye.portfolio.todos import reflections  # noqa: PLC0415

        todos.PROVIDERS.add("portfolio.reflections", reflections)
