"""Say where the catalogue and the templates are: in an installed wheel or in a checkout."""

from __future__ import annotations

from pathlib import Path

__all__ = ["catalogue_dir", "templates_dir"]

_PACKAGE = Path(__file__).resolve().parent


def _data_dir(name: str) -> Path:
    """Return the wheel's copy of a data folder, or the checkout's beside the package."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def catalogue_dir() -> Path:
    """Return the folder of the TOML files that say what can be prescribed."""
    return _data_dir("catalogue")


def templates_dir() -> Path:
    """Return the folder of the Jinja2 templates, one folder a language inside it."""
    return _data_dir("templates")
