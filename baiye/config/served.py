"""The site as `baiye serve` runs it: in a process that does not outlive the one that started it."""

import os

from baiye.config import running
from baiye.config.wsgi import application

__all__ = ["application"]

running.settle()
running.end_with(os.getppid(), grace_s=5)
