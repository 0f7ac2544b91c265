"""Builds the requests of the developer portal and reads its answers (contract, section Developer portal). Pure."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from mosaic_desktop.api import calls
from mosaic_desktop.api.calls import post, read_success, segment
from mosaic_desktop.api.errors import unreadable
from mosaic_desktop.api.fields import Fields, number, optional_text, required_objects, text
from mosaic_desktop.api.wire import Answer, Request, encode
from mosaic_desktop.core.account import ApiKey, NewKey
from mosaic_desktop.core.errors import Code, ProtocolError
from mosaic_desktop.core.secrets import Secret

# A key that is whole: masked forms have dots, stars or an ellipsis in them.
_KEY = re.compile(r"mk_[A-Za-z0-9_-]{8,500}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{0,30})?", re.ASCII)

# --- Requests ---------------------------------------------------------------------------------------------------------


def list_keys() -> Request:
    """GET /dev/keys."""
    return Request("GET", "/dev/keys")


def create_key(webhook_url: str | None) -> Request:
    """POST /dev/keys/create."""
    return post("/dev/keys/create", {} if webhook_url is None else {"webhook_url": webhook_url})


def set_webhook(key_id: str, url: str | None) -> Request:
    """PATCH /dev/keys/{key_id}. None takes the address away."""
    return Request("PATCH", f"/dev/keys/{segment(key_id)}", body=encode({"webhook_url": url}))


def revoke(key_id: str) -> Request:
    """DELETE /dev/keys/{key_id}."""
    return Request("DELETE", f"/dev/keys/{segment(key_id)}")


def balance() -> Request:
    """GET /dev/credits/balance."""
    return Request("GET", "/dev/credits/balance")


# --- Answers ----------------------------------------------------------------------------------------------------------


def read_keys(answer: Answer) -> tuple[ApiKey, ...]:
    """Entries without an id are left out; other fields that are missing or odd are None."""

    def read(fields: Fields) -> tuple[ApiKey, ...]:
        return tuple(_key(entry) for entry in required_objects(fields, "keys") if _id(entry))

    return read_success(answer, read)


def read_new_key(answer: Answer) -> NewKey:
    """The key is the one string that starts with ``mk_``, wherever it stands. The id is empty where it is not told."""

    def read(fields: Fields) -> NewKey:
        found = [(value, owner) for value, owner in _texts(fields) if _KEY.fullmatch(value)]
        # An id may look like a key; it is not one while there is another.
        found = [pair for pair in found if pair[0] != _id(pair[1])] or found
        # A form for screens may show how the key begins.
        found = [(key, owner) for key, owner in found if not any(_begins(key, longer) for longer, _ in found)]
        if len({value for value, _ in found}) != 1:
            raise ProtocolError(Code.UNREADABLE_ANSWER, "A key was created, but the answer does not show which.")
        value, owner = found[0]
        url = optional_text(owner, "webhook_url") or optional_text(fields, "webhook_url")
        return NewKey(_id(owner) or _id(fields), Secret(value), url)

    return read_success(answer, read)


def read_webhook(answer: Answer, url: str | None) -> None:
    """Raises ProtocolError where the key that came back has a webhook though none was to be left, or the other way."""
    fields = read_done(answer)
    if "webhook_url" in fields and bool(fields["webhook_url"]) != bool(url):
        raise unreadable(answer, "The key did not take its new webhook.")


def read_done(answer: Answer) -> Fields:
    """Of a change and of a revocation, which may answer without a body. Raises MosaicError where it was not done."""
    if answer.succeeded and not answer.body.strip() and not answer.looks_like_markup:
        return {}
    return calls.read_done(answer)


def read_balance(answer: Answer) -> float:
    """Credits, below zero too."""

    def read(fields: Fields) -> float:
        value = number(fields, "credits_remaining")
        words = text(fields, "credits_remaining")
        if value is None and _NUMBER.fullmatch(words):
            value = float(words)
        if value is None:
            raise ProtocolError(Code.UNREADABLE_ANSWER, "The answer has no usable “credits_remaining”.")
        return float(value)

    return read_success(answer, read)


def _key(fields: Fields) -> ApiKey:
    return ApiKey(
        id=_id(fields),
        created_at=_seconds(fields, "created_at"),
        last_used_at=_seconds(fields, "last_used_at"),
        webhook_url=optional_text(fields, "webhook_url"),
    )


def _id(fields: Fields) -> str:
    value = fields.get("id", fields.get("key_id"))
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text({"id": value}, "id")


def _seconds(fields: Fields, name: str) -> float | None:
    """Since the epoch, from ISO 8601; without a zone it is UTC."""
    try:
        when = datetime.fromisoformat(text(fields, name))
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _begins(key: str, longer: str) -> bool:
    return longer != key and longer.startswith(key)


def _texts(fields: Fields) -> Iterator[tuple[str, Fields]]:
    """Every string in ``fields``, with the object that it belongs to; answers are never deep."""
    for value in fields.values():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, str):
                yield inner.strip(), fields
            elif isinstance(inner, dict):
                yield from _texts(inner)
