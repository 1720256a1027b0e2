"""Codes and symbols of currencies in columns of numbers."""

from __future__ import annotations

CURRENCY_CODES = (
    "AED", "ARS", "AUD", "BDT", "BGN", "BHD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK",
    "EGP", "EUR", "GBP", "GHS", "HKD", "HRK", "HUF", "IDR", "ILS", "INR", "ISK", "JOD", "JPY", "KES",
    "KRW", "KWD", "KZT", "LKR", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "OMR", "PEN", "PHP", "PKR",
    "PLN", "PYG", "QAR", "RMB", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TND", "TRY", "TWD", "TZS",
    "UAH", "UGX", "USD", "UYU", "VND", "XAF", "XOF", "ZAR",
)  # fmt: skip
CURRENCY_SYMBOLS = (
    "$", "¥", "￥", "¢", "kr.", "kr", "₡", "₢", "₣", "₤", "₥", "₨", "₭", "₮", "₯",
    "₰", "₲", "₳", "₵", "₶", "₷", "₼", "₾", "₿", "⃀", "৳", "៛", "﷼",
)  # fmt: skip
