"""Templates to text. Everything put into HTML is escaped."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from products.cloudsuite.app import release

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals.update(asset=release.asset, release=release.NAME)


def render(template: str, **values: object) -> str:
    """A template filled in; a value it lacks is an error."""
    return _templates.get_template(template).render(**values)
