"""Class trips: which class goes to which venue on which day, with the pupils' wishes in view."""
