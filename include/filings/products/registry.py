"""Which products there are: the folders beside this module, and those of `FILINGS_PRODUCTS`, one per data set."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from filings.products import Rows
from filings.products.definition import FILE, BadProduct, Product, load

if TYPE_CHECKING:
    from filings.products import Submission

HERE = Path(__file__).parent
Parse = Callable[["Submission"], Rows]


class NoSuchProduct(LookupError):
    """No folder has a product of that name."""


def folders() -> dict[str, Path]:
    """The products' folders by name, sorted; a name that two folders have is an error. Raises `BadProduct`."""
    from filings.settings import get_settings  # Airflow, which asks for `shipped`, has no use for it

    return _folders((HERE, *get_settings().products))


@cache
def shipped() -> dict[str, Product]:
    """The products that ship with this code, by name, without a look at the settings. Raises `BadProduct`."""
    return {name: load(folder) for name, folder in _folders((HERE,)).items()}


def _folders(places: tuple[Path, ...]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for place in places:
        for path in sorted(Path(place).glob(f"*/{FILE}")):
            folder = path.parent
            if folder.name in found:
                raise BadProduct(f"{folder} and {found[folder.name]} are products of the same name: rename one")
            found[folder.name] = folder
    return dict(sorted(found.items()))


def names() -> list[str]:
    """The names of all products."""
    return list(folders())


@cache
def product(name: str) -> Product:
    """One product. Raises `NoSuchProduct`, `BadProduct`."""
    folder = folders().get(name)
    if folder is None:
        raise NoSuchProduct(f"no product {name}; there are {', '.join(names())}")
    return load(folder)


def products() -> dict[str, Product]:
    """All products by name. Raises `BadProduct`."""
    return {name: product(name) for name in names()}


def made() -> list[str]:
    """The names of the products that are made here: all, or those of `FILINGS_ONLY_PRODUCTS`.

    Raises:
        NoSuchProduct: when the setting names one that there is not.
    """
    from filings.settings import get_settings

    only = get_settings().only_products
    for name in only or ():
        product(name)
    return names() if only is None else sorted(only)


@cache
def parser(name: str) -> Parse:
    """A product's `parse`. Raises `NoSuchProduct`, `BadProduct`."""
    folder = folders().get(name)
    if folder is None:
        raise NoSuchProduct(f"no product {name}; there are {', '.join(names())}")
    path = folder / "parse.py"
    module_name = f"filings.products.{name}.parse"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise BadProduct(f"{path} is not there: a product needs a parse.py with parse(submission)")
    module = sys.modules.get(module_name)
    if module is None:
        module = importlib.util.module_from_spec(spec)
        sys.modules[module_name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[module_name]
            raise
    parse = getattr(module, "parse", None)
    if not callable(parse):
        raise BadProduct(f"{path} has no function parse(submission)")
    checked: Parse = parse
    return checked
