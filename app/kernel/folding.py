"""The key that a name is searched by: variants of a character, widths and spaces count as one.

The key is for looking up and never shown; the name itself is kept code point by code point.
"""

from __future__ import annotations

import unicodedata

#: Shapes that people type for one another, and the one that stands for them in the key.
_SHAPES = {
    "高": "髙",
    "崎": "﨑碕嵜",
    "吉": "𠮷",
    "辺": "邊邉",
    "斉": "齋齊斎",
    "浜": "濵濱",
    "徳": "德",
    "柳": "栁",
    "瀬": "瀨",
    "広": "廣",
    "沢": "澤",
    "国": "國",
    "真": "眞",
    "恵": "惠",
    "栄": "榮",
    "島": "嶋嶌",
    "桜": "櫻",
    "関": "關",
    "学": "學",
    "条": "條",
    "富": "冨",
    "万": "萬",
    "与": "與",
    "宝": "寶",
    "静": "靜",
    "滝": "瀧",
    "寿": "壽",
    "豊": "豐",
    "竜": "龍",
    "桧": "檜",
    "曽": "曾",
    "塩": "鹽",
    "団": "團",
    "黒": "黑",
    "増": "增",
    "横": "橫",
    "巻": "卷",
    "蔵": "藏",
    "薮": "藪",
    "渕": "淵渊",
}
_FOLDED = {ord(shape): usual for usual, shapes in _SHAPES.items() for shape in shapes}
#: Variation selectors choose a shape of the character before them, and nothing else; characters
#: that steer a terminal mean nothing, and PostgreSQL takes no NUL.
_SELECTORS = dict.fromkeys(
    [*range(0x09), *range(0x0E, 0x1C), 0x7F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
)


def name_key(name: str) -> str:
    """Return the search key of a name, or of what somebody typed to find one.

    Folding a key again changes nothing.
    """
    key = _fold(name)
    while (
        again := _fold(key)
    ) != key:  # leaving out a space can bring two parts of a letter together
        key = again
    return key


def _fold(text: str) -> str:
    shown = unicodedata.normalize("NFKC", text.translate(_SELECTORS))
    return "".join(shown.translate(_FOLDED).casefold().split())


def code_key(text: str) -> str:
    """Return a code as it is meant: 全角 letters and digits as 半角, nothing around it."""
    return unicodedata.normalize("NFKC", text.translate(_SELECTORS)).strip()
