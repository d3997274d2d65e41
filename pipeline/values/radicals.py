"""Radicals that look like characters and are none to NFKC (Unicode's EquivalentUnifiedIdeograph)."""

from __future__ import annotations

# from U+2E80 on, CJK Radicals Supplement; Kangxi radicals (U+2F00 on) NFKC knows. What stands for no
# character that is typed (〔〕 strokes, forms beyond the basic plane) is left as it is.
_PAIRS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺"
    "⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫罒⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳㓁⺶羊⺷羊⺸羋⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤"
    "⻃覀⻄西⻅见⻆角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣"
    "⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_CHARACTERS = {
    ord(radical): character for radical, character in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)
}


def unified(text: str) -> str:
    """The text with characters for the radicals that look like them.

    >>> unified("⻄安区")
    '西安区'
    """
    return text.translate(_CHARACTERS)
