"""House numbers with their street, such as 12 Main St: they are not numbers with a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HOUSE = re.compile(
    r"(no\.? ?)?\d{1,5} ?[a-z]?([-/\u2013]\d{1,5} ?[a-z]?)?,? (?P<street>[^\W\d_].*)", re.IGNORECASE
)
_END = (
    "st|street|ave|avenue|av|road|rd|blvd|boulevard|drive|dr|lane|ln|court|ct|circle|cir|terrace|ter|highway|hwy"
    "|parkway|pkwy|place|pl|square|close|crescent|gardens|grove|mews|hill|row|walk|way|vej|gade|gata|gatan|gate"
    "|vägen|veien|utca|út|tér|caddesi|sokak|straat|laan|plein"
)
_STREET = re.compile(
    rf"\S.* ({_END})\.?(,? ?(n|s|e|w|ne|nw|se|sw|north|south|east|west)\.?)?(,.*)?"
    r"|\S*[^\W\d_](str\.?|straße|strasse|weg|gasse|platz|allee|ufer|damm|straat|laan|gracht|plein|gatan|vägen|gade|vej|katu)"
    r"(,.*)?"
    r"|(rue|avenue|av\.?|boulevard|bd|chemin|impasse|allée|quai|place|cours|route|via|viale|piazza|corso|calle|plaza"
    r"|rua|avenida|ulica|ul\.?|ulice|улица|ул\.?) \S.*",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(^|[\W_])(addr(ess)?(e|es)?([\W_]?(line)?[\W_]?\d)?|streets?([\W_]?(name|address))?|adresse|anschrift"
    r"|stra(ß|ss)e|rue|voie|calle|direcci[oó]n|domicilio|indirizzo|via|endere[cç]o|rua|straat|adres|ulica|adresa"
    r"|адрес|улица)$",
    re.IGNORECASE,
)


def are_addresses(texts: Sequence[str], name: str) -> bool:
    """Return whether all texts are a house number with a street, by their words or the column's name.

    >>> are_addresses(["12 Main St", "14 Main St"], "x"), are_addresses(["12 Main", "9 Main"], "Street")
    (True, True)
    >>> are_addresses(["12 rue Foch", "9 rue Foch"], "x"), are_addresses(["12 sq ft", "9 sq ft"], "area")
    (True, False)
    """
    if not texts or _HOUSE.fullmatch(texts[0]) is None:
        return False
    matches = [_HOUSE.fullmatch(text) for text in texts]
    streets = [match["street"] for match in matches if match is not None]
    is_named = _NAME.search(name) is not None
    return len(streets) == len(texts) and (is_named or all(map(_STREET.fullmatch, streets)))
