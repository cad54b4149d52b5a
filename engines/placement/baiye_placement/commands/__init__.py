"""The commands of ``baiye-placement``: ``add`` of each puts it on the command line. What they share has no ``add``."""
