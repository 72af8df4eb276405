"""Every address of the site, filled in with values that fit."""

from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from app.web.access import Declared, access_of

READING = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Address:
    """One way to ask for an endpoint."""

    endpoint: str
    rule: str
    method: str
    path: str
    access: Declared | None
    in_workshop: bool

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


def list_addresses(app: Flask, slug: str) -> list[Address]:
    """Each rule with each of its methods, within this workshop."""
    return [
        Address(
            endpoint=rule.endpoint,
            rule=rule.rule,
            method=method,
            path=_path(app, rule, slug),
            access=access_of(app, rule.endpoint),
            in_workshop="slug" in rule.arguments,
        )
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def _path(app: Flask, rule: Rule, slug: str) -> str:
    values = {name: _value(converter) for name, converter in rule._converters.items()}
    if "slug" in values:
        values["slug"] = slug
    built = rule.build(values)
    assert built is not None, rule
    return built[1]


def _value(converter: BaseConverter) -> object:
    if isinstance(converter, IntegerConverter):
        return 1
    if isinstance(converter, AnyConverter):
        return max(converter.items)  # the first one is often the default, which redirects
    return "x"
