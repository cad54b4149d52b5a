"""The opening minute: the same presses as `POST /bookings/presses/`, taken in batches by one process of its own.

`asgi.Rush` is what a web server calls; `docs/howto/opening-minute.md` says how it is put in front of the site.
"""
