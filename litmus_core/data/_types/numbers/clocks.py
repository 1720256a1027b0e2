"""Tell durations such as 36:24 from times of day."""

from __future__ import annotations

import re
from collections.abc import Sequence

from litmus_core.frame import COMPOUND_UNITS

_TIME = re.compile(COMPOUND_UNITS["h:mm:ss"].shape, re.ASCII)
_PACE = re.compile(r"\d{1,3}:[0-5]\d(?P<tail> ?(?:min)?/(?:km|mi|mile|100 ?m|500 ?m))", re.ASCII)
_SIGNED, _RACE, _GAP = (
    re.compile(COMPOUND_UNITS[unit].shape, re.ASCII) for unit in ("±h:mm", "s or m:ss", "h ' ''")
)
_FIRST = re.compile(r"(\d+):", re.ASCII)
_HOURS_OF_A_DAY, _FEWEST = 24, 3
_KINDS_OF_TIME = (
    "run(ning)?|lap|round|moving|total|net|chip|gun|wait(ing)?|travel|flight|flying|journey|transit|response|reaction"
    "|processing|handl(e|ing)|hold|talk|call|lead|cook(ing)?|prep(aration)?|play(ing|ed)?|screen|hang|cycle|idle"
    "|dwell|worked|working|session|air|exposure|recovery"
)
_DURATION = re.compile(
    rf"(^|[\W_])(durations?|elapsed|pace|minutes[\W_]?played|mins[\W_]?played|time[\W_]on[\W_](ice|court|page|site)|toi"
    rf"|({_KINDS_OF_TIME})[\W_]?times?|runtime|run[\W_]?length|length|uptime|downtime|stint|(hours|hrs)[\W_]?(worked|flown|slept)?"
    r"|(lauf|spiel|fahr|flug|bearbeitungs|warte|arbeits|rechen|reise|fahrt|geh|renn|brutto|netto|end)-?zeit"
    r"|[^\W_]*dauer|(arbeits|flug|betriebs)?stunden|durée|duree|temps[\W_](écoulé|de[\W_].*)|heures|rythme|allure|duración|duracion"
    r"|horas[\W_](trabajadas|extra)|tiempo[\W_](de|total)[\W_]?.*|ritmo|duração|duracao|durata|tempo[\W_](di|de|total)[\W_]?.*"
    r"|czas[\W_](trwania|pracy)|длительность|продолжительность|тривалість|süre(si)?|duur|speelduur|varighed|varighet"
    r"|varaktighet|længde|kesto|trvání|délka|dĺžka|időtartam|durată)($|[\W_])"
    r"|所要時間|時間数|再生時間|演奏時間|上映時間|时长|時長|持续时间|用时|소요시간|재생시간|상영시간"
    r"|thời lượng|thời gian chạy",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"(^|[\W_])(hours?|hrs|h:mm|hh:mm|heures|horas|ore|uren|timer|timmar|godziny|(arbeits|flug|betriebs)?stunden"
    r"|(arbeits|flug)zeit|flight[\W_]?time|uptime|czas[\W_]pracy)($|[\W_])",
    re.IGNORECASE,
)
_NO_DURATION = re.compile(
    r"(^|[\W_])(ratio|aspect|score|result|odds|mix|verse|chapter|passage|ergebnis|resultado?|résultat|verhältnis"
    r"|spielstand|punktestand|marcador|wynik|счет|счёт|address|port)($|[\W_])",
    re.IGNORECASE,
)


def are_times(texts: Sequence[str], name: str) -> bool:
    """Return whether all texts, and at least three, look like times of day or durations: 5:14, 00:52:31."""
    return (
        len(texts) >= _FEWEST and all(map(_TIME.fullmatch, texts)) and not _NO_DURATION.search(name)
    )  # 28:25 is a score, too


def clock_unit(texts: Sequence[str], name: str) -> str:
    """Return the compound unit of durations; "" if the texts are none, or could be times of day.

    They are durations if the column's name says so, or if one begins with 24 or more or with days, or has
    fractions of a second after a single colon, as lap times do.

    >>> clock_unit(["36:24", "5:09", "0:47"], "MP"), clock_unit(["5:14", "5:47", "4:58"], "Avg Pace")
    ('mm:ss', 'mm:ss')
    >>> clock_unit(["08:14:52", "23:59:04", "00:12:40"], "Time")
    ''
    >>> clock_unit(["0:52:31", "26:00:05", "1:00:00"], "Time")
    'h:mm:ss'
    >>> clock_unit(["1:25.187", "1:25.315", "1:26.259"], "q2")
    'h:mm:ss'
    """
    if not are_times(texts, name):
        return _other_clock(texts, name)
    has_duration = _DURATION.search(name) is not None
    if not (has_duration or any(map(_is_no_time_of_day, texts))):
        return ""
    if any("." in text or text.count(":") > 1 for text in texts):
        return "h:mm:ss"
    return "h:mm" if _HOURS.search(name) else "mm:ss"


def _other_clock(texts: Sequence[str], name: str) -> str:
    """Return the compound unit of durations with a sign, of races, some under a minute, and of gaps in them.

    >>> _other_clock(["+01:15", "-00:30", "+12:40"], "Saldo (hh:mm)"), _other_clock(["+01:00"] * 3, "offset")
    ('±h:mm', '')
    >>> _other_clock(["47.84", "1:43.21", "48.10"], "Time"), _other_clock(["1.5", "1:43.21", "2.25"], "x")
    ('s or m:ss', '')
    """
    marks = "".join(texts)
    if len(texts) < _FEWEST or not (":" in marks or "'" in marks) or _NO_DURATION.search(name):
        return ""
    if all(map(_SIGNED.fullmatch, texts)) and _HOURS.search(name):
        return "±h:mm"
    n_decimals = {len(text.rpartition(".")[2]) for text in texts}
    if all(map(_RACE.fullmatch, texts)) and len(n_decimals) == 1 and ":" in marks:
        return "s or m:ss"
    return "h ' ''" if all(map(_GAP.fullmatch, texts)) and "h" in marks else ""


def without_pace(texts: Sequence[str]) -> str:
    """Return the unit behind all paces; "" if the texts are not all paces of one unit.

    >>> without_pace(["3:12/km", "4:02/km", "5:12/km"]), without_pace(["3:12/km", "4:02/mi", "5:12/km"])
    ('/km', '')
    """
    if not texts or "/" not in texts[0]:
        return ""
    matches = [_PACE.fullmatch(text) for text in texts]
    tails = {None if match is None else match["tail"].strip() for match in matches}
    return (tails.pop() or "") if len(texts) >= _FEWEST and len(tails) == 1 else ""


def _is_no_time_of_day(text: str) -> bool:
    first = _FIRST.search(text)
    if "day" in text or ("." in text and text.count(":") == 1):
        return True
    return first is not None and int(first[1]) >= _HOURS_OF_A_DAY
