"""What Google promises of its Calendar API: the discovery document that ships in its client library, errors, fields masks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema
import googleapiclient

from fakes.server import Answer, Trouble


@cache
def discovery() -> dict[str, Any]:
    folder = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
    return json.loads((folder / "calendar.v3.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def is_moment(text: str) -> bool:
    return len(text) >= 19 and bool(datetime.fromisoformat(text))


def _json_schema(node: Any) -> Any:
    """A discovery schema as JSON Schema: closed to fields that it does not name."""
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": f"#/definitions/{node['$ref']}"}
    schema = {key: node[key] for key in ("type", "enum") if key in node and node[key] != "any"}
    if "format" in node and node["format"] in ("date", "date-time"):
        schema["format"] = node["format"]
    if "items" in node:
        schema["items"] = _json_schema(node["items"])
    if "properties" in node:
        schema["properties"] = {name: _json_schema(child) for name, child in node["properties"].items()}
        schema["additionalProperties"] = False
    elif "additionalProperties" in node:
        schema["additionalProperties"] = _json_schema(node["additionalProperties"])
    return schema


@cache
def validator(name: str) -> Callable[[Any], Any]:
    """Raises `fastjsonschema.JsonSchemaValueException` for what is not a `name` of the discovery document."""
    definitions = {key: _json_schema(schema) for key, schema in discovery()["schemas"].items()}
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": definitions, **definitions[name]}
    return fastjsonschema.compile(schema, formats={"date-time": is_moment}, use_default=False)  # type: ignore[no-any-return]


def method_named(path: str) -> dict[str, Any]:
    node = discovery()
    for name in path.split(".")[:-1]:
        node = node["resources"][name]
    return node["methods"][path.rpartition(".")[2]]  # type: ignore[no-any-return]


class RefusedError(Exception):
    def __init__(self, status: int, reason: str, message: str = "no") -> None:
        super().__init__(message)
        self.answer = refusal(status, reason, message)


def refusal(status: int, reason: str, message: str = "no", **headers: str) -> Answer:
    """An error answer in Google's format."""
    errors = [{"domain": "global", "reason": reason, "message": message}]
    return Answer.json({"error": {"code": status, "message": message, "errors": errors}}, status, **headers)


def refuse(status: int, reason: str = "backendError", **headers: str) -> Trouble:
    """The same as something that goes wrong."""
    return Trouble(refusal(status, reason, **headers))


def parse_mask(text: str) -> dict[str, Any]:
    """A fields mask, "a,b(c,d/e)", as nested dicts. Raises `RefusedError` where it makes no sense."""
    mask: dict[str, Any] = {}
    stack, path, word = [mask], mask, ""
    for sign in text + ",":
        if sign in ",()/":
            if word:
                path = path.setdefault(word, {})
            word = ""
            if sign == "(":
                stack.append(path)
            elif sign == ")":
                stack.pop()
                if not stack:
                    raise RefusedError(400, "invalidParameter", "Invalid field selection")
            if sign in ",)":
                path = stack[-1]
        else:
            word += sign
    if len(stack) != 1:
        raise RefusedError(400, "invalidParameter", "Invalid field selection")
    return mask


def check_mask(mask: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    while "$ref" in schema or "items" in schema:
        schema = discovery()["schemas"][schema["$ref"]] if "$ref" in schema else schema["items"]
    for name, rest in mask.items():
        if name not in schema.get("properties", {}):
            raise RefusedError(400, "invalidParameter", f"Invalid field selection {name}")
        check_mask(rest, schema["properties"][name])


def masked(value: Any, mask: Mapping[str, Any]) -> Any:
    if not mask:
        return value
    if isinstance(value, list):
        return [masked(part, mask) for part in value]
    return {name: masked(value[name], rest) for name, rest in mask.items() if name in value}
