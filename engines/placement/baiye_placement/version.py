"""The version that certificates name."""

VERSION = "0.1.0"
