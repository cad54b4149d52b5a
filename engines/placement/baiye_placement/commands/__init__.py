"""The commands of ``baiye-placement``, one module each; ``add`` of each puts it on the command line."""
