"""Trades at which no pupil is received.

Sources: 《未成年人保护法》 art. 58 and 59 (dance halls, bars, internet cafés, lotteries; tobacco and alcohol),
《娱乐场所管理条例》 art. 23, 《互联网上网服务营业场所管理条例》 art. 21, 《未成年人文身治理工作办法》 art. 5,
《未成年工特殊保护规定》 art. 3 (mines, explosives, poisons).
"""

BLOCKED = (
    *("酒吧", "夜店", "夜总会", "歌舞厅", "歌厅", "舞厅", "KTV", "迪厅", "洗浴", "桑拿"),
    *("网吧", "网咖", "上网服务", "游戏厅", "电玩城", "棋牌", "麻将"),
    *("彩票", "博彩", "赌场", "烟草", "卷烟", "电子烟", "烟酒", "白酒", "酒类"),
    *("文身", "纹身", "烟花爆竹", "爆破", "矿山", "剧毒"),
)


def blocked_in(*texts: str) -> str:
    """The first blocked trade that one of ``texts`` names, or ""."""
    said = " ".join(texts).upper()
    return next((trade for trade in BLOCKED if trade in said), "")
