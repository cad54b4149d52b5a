"""工票: a visit as a work ticket, with a stub to tear off."""

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = Library()


class TicketNode(Node):
    """What stands between ``{% ticket lift=True labelledby="id" css="" %}``, ``{% stub %}`` and ``{% endticket %}``."""

    child_nodelists = ("main", "stub")

    def __init__(self, main: NodeList, stub: NodeList | None, options: dict[str, FilterExpression]) -> None:
        self.main = main
        self.stub = stub or NodeList()
        self.options = options

    def render(self, context: Context) -> SafeString:
        given = {name: expression.resolve(context) for name, expression in self.options.items()}
        css = " ".join(
            ["ticket", *(["ticket--lift"] if given.get("lift") else []), *([given["css"]] if given.get("css") else [])]
        )
        name = format_html(' aria-labelledby="{}"', given["labelledby"]) if given.get("labelledby") else ""
        stub = self.stub.render(context)
        below = format_html('<div class="ticket__stub">{}</div>', stub) if stub.strip() else ""
        inside = self.main.render(context)
        return format_html(
            '<article class="{}"{}><div class="ticket__main">{}</div>{}</article>', css, name, inside, below
        )


@register.tag
def ticket(parser: Parser, token: Token) -> TicketNode:
    """A work ticket; what follows ``{% stub %}`` lies below the perforation."""
    bits = token.split_contents()[1:]
    options = token_kwargs(bits, parser)
    if bits or set(options) - {"lift", "labelledby", "css"}:
        raise TemplateSyntaxError("ticket takes lift=, labelledby= and css=")
    main = parser.parse(("stub", "endticket"))
    stub = None
    if parser.next_token().contents == "stub":
        stub = parser.parse(("endticket",))
        parser.delete_first_token()
    return TicketNode(main, stub, options)
