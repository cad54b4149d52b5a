"""Pages of the room for tests: their addresses, and what somebody is shown there."""

from django.urls import reverse


def url(name, *args):
    return reverse(f"schools:{name}", args=args)


def page(client, user, address):
    client.force_login(user)
    return client.get(address)
