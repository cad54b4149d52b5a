"""All parts of the look under one name; the settings make them builtins: no {% load %}.

marks: icon, tag, tile, bar, ring · frames: shells, files, crumbs, dialog · rows: notes, filters, tables, steps ·
questions: forms · charts · ticket · text: names, numbers and times.
"""

from django.template import Library

from baiye.core.templatetags import charts, frames, marks, questions, rows, text, ticket

register = Library()
for part in (charts, frames, marks, questions, rows, text, ticket):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
