"""Families of units that differ by powers of ten: 350 m and 1.2 km are converted to one unit."""

from __future__ import annotations

from collections.abc import Mapping, Set

IN = "all in "  # starts the unit of numbers that have several units of one quantity: "all in km"
_FAMILIES: tuple[Mapping[str, int], ...] = (
    {"nm": -9, "µm": -6, "mm": -3, "cm": -2, "dm": -1, "m": 0, "km": 3},
    {"µg": -6, "mcg": -6, "mg": -3, "g": 0, "kg": 3, "t": 6},
    {"µl": -6, "ml": -3, "mL": -3, "cl": -2, "dl": -1, "l": 0, "L": 0, "hl": 2},
    {"mm²": -6, "cm²": -4, "m²": 0, "ha": 4, "km²": 6},
    {"mm2": -6, "cm2": -4, "m2": 0, "ha": 4, "km2": 6},
    {"mW": -3, "W": 0, "kW": 3, "MW": 6, "GW": 9, "TW": 12},
    {"Wh": 0, "kWh": 3, "MWh": 6, "GWh": 9, "TWh": 12},
    {"kVA": 3, "MVA": 6, "GVA": 9},
    {"J": 0, "kJ": 3, "MJ": 6, "GJ": 9, "TJ": 12, "PJ": 15},
    {"cal": 0, "kcal": 3},
    {"µV": -6, "mV": -3, "V": 0, "kV": 3, "MV": 6},
    {"µA": -6, "mA": -3, "A": 0, "kA": 3},
    {"Hz": 0, "kHz": 3, "MHz": 6, "GHz": 9},
    {"Pa": 0, "hPa": 2, "kPa": 3, "MPa": 6},
    {"mbar": -3, "bar": 0},
    {"Ω": 0, "kΩ": 3, "MΩ": 6},
    {"mOhms": -3, "Ohms": 0, "kOhms": 3, "MOhms": 6},
    {"mOhm": -3, "Ohm": 0, "kOhm": 3, "MOhm": 6},
    {"pF": -12, "nF": -9, "µF": -6, "mF": -3},
    {"ns": -9, "µs": -6, "us": -6, "ms": -3, "s": 0},
    {"N": 0, "kN": 3, "MN": 6},
    {"B": 0, "kB": 3, "KB": 3, "MB": 6, "GB": 9, "TB": 12},
    {"bps": 0, "kbps": 3, "Kbps": 3, "Mbps": 6, "Gbps": 9},
    {"bits/sec": 0, "Kbits/sec": 3, "Mbits/sec": 6, "Gbits/sec": 9},
    {"B/s": 0, "kB/s": 3, "KB/s": 3, "MB/s": 6, "GB/s": 9},
    {"bit/s": 0, "kbit/s": 3, "Mbit/s": 6, "Gbit/s": 9},
    {"ng/ml": -9, "ng/mL": -9, "µg/ml": -6, "µg/mL": -6, "mg/ml": -3, "mg/mL": -3, "g/ml": 0, "g/mL": 0},
    {"ng/L": -9, "µg/L": -6, "mg/L": -3, "g/L": 0, "ng/l": -9, "µg/l": -6, "mg/l": -3, "g/l": 0},
    {"nmol/L": -9, "µmol/L": -6, "mmol/L": -3, "mol/L": 0},
    {"µg/m³": -6, "mg/m³": -3, "g/m³": 0},
    {"µg/kg": -9, "mg/kg": -6, "g/kg": -3},
)
_MICROS = ("\u00b5", "\u03bc")  # the sign of micro, and the Greek letter


def family_of(units: Set[str]) -> Mapping[str, int] | None:
    """Return the powers of ten of the quantity that has all these units; None if none has.

    >>> family_of({"kg", "mg"})["mg"], family_of({"kg", "lb"}), family_of({"MW", "mW"})["MW"]
    (-3, None, 6)
    """
    plain = {unit.replace(_MICROS[1], _MICROS[0]) for unit in units}
    return next((family for family in _FAMILIES if plain <= family.keys()), None)


def relative_powers(unit: str) -> Mapping[str, int]:
    """Return the power of ten that converts each unit of the same quantity to ``unit``.

    >>> relative_powers("kW")["GW"], relative_powers("kW")["W"]
    (6, -3)
    """
    family = family_of({unit}) or {unit: 0}
    base = family[unit.replace(_MICROS[1], _MICROS[0])]
    powers = {name: power - base for name, power in family.items()}
    return powers | {name.replace(*_MICROS): power for name, power in powers.items()}
