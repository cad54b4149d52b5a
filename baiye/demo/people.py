"""Generated people: plausible names, roll numbers that can belong to no real child, phones that ring nowhere."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

UNASSIGNED = (
    "154"  # a mobile range that no carrier holds; the area codes below begin with 99, which is no province (GB/T 2260)
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECKS = "10X98765432"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
GIRLS = "欣怡雨涵诗语梓萱梦瑶可馨思琪佳宁若汐心悦子晴一诺书妍安然清妍晓雯静姝沐兰念初芷若婉清"
BOYS = "子轩浩宇宇航博文俊杰天佑明哲思远嘉树一鸣睿泽承志景行逸飞梓睿皓轩子墨泽宇文轩启航立诚致远"
ELDERS = "建国丽华志强秀英伟芳敏静军洋勇艳杰涛超霞平刚桂兰海燕晓明文斌慧琴国栋"


@dataclass(frozen=True, slots=True)
class Child:
    """A generated pupil with the guardian whom the roster names."""

    roll_number: str
    name: str
    sex: str
    born_on: date
    guardian: str
    phone: str


def check_digit(body: str) -> str:
    """The 18th character of an identity number for its first seventeen digits."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def children(count: int, *, born_in: int, seed: str, first: int) -> Iterator[Child]:
    """``count`` children of one school year (born September of ``born_in`` to the next August).

    ``first`` numbers them: no two runs with disjoint numbers give the same roll number or phone.
    """
    rng = random.Random(f"baiye people {seed}")
    opening = date(born_in, 9, 1)
    for n in range(first, first + count):
        born_on = opening + timedelta(days=rng.randrange(365))
        sex = rng.choice("FM")
        surname = rng.choice(SURNAMES)
        # The sequence number must be even for girls and odd for boys; the area code's free digits keep it unique.
        body = f"99{n // 500:04d}{born_on:%Y%m%d}{(n % 500) * 2 + (sex == 'M'):03d}"
        yield Child(
            roll_number=f"G{body}{check_digit(body)}",
            name=surname + _given(rng, GIRLS if sex == "F" else BOYS),
            sex=sex,
            born_on=born_on,
            guardian=(surname if rng.random() < 0.6 else rng.choice(SURNAMES)) + _given(rng, ELDERS),
            phone=f"{UNASSIGNED}{n:08d}",
        )


def adult(rng: random.Random) -> str:
    """A name for a generated member of staff."""
    return rng.choice(SURNAMES) + _given(rng, ELDERS)


def _given(rng: random.Random, characters: str) -> str:
    start = rng.randrange(len(characters) // 2) * 2
    return characters[start : start + 2] if rng.random() < 0.7 else rng.choice(characters)
