"""Turn back-care exercise advice into a plan people follow."""

__all__ = ["__version__"]

__version__ = "0.1.0"
