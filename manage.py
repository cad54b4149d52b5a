#!/usr/bin/env python
"""The same as the command `baiye`, from a checkout."""

import sys

from baiye.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
