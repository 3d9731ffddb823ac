"""Invented names, put together from common characters; no person, place or firm is meant."""

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程"
    "吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万覃武钱严"
)
_FIRST = (
    "文明志建国海春秋冬雪玉秀丽淑兰桂芳美晓小永长庆德福光振学思子雨欣佳俊宇浩泽景云书清若安和昭听望远星辰"
)
_SECOND = (
    "华军平英红梅芬霞萍娟敏静洁琴珍莲生民安宁康健伟强刚勇斌涛波峰林森杰超鹏飞龙成才良"
    "善义信然怡琪瑶萱涵轩阳晨曦舟岸澜"
)
_ONE_CHARACTER = 0.15
"""Share of given names of one character."""

VILLAGES = _words(
    "上圩 柳河 石门 杏岭 渡口 南塘 青坪 白沙 大槐 桥头 新屋 双溪 竹园 长岗 梅林 "
    "水东 西坡 高桥 古井 茶亭 枫树 樟木 月塘 平田 北坑 龙潭 清泉 马路口 松山 莲塘 "
    "沙洲 东阳 万家 石桥 罗湾 旗岭 兴隆 荷叶 三合 幸福 下庄 前进"
)
COMMUNITIES = _words(
    "春晖 书院 临江门 文庙 望湖 光明 和平 新华 学府 锦绣 滨河 朝阳 团结 中山 永安 "
    "建设 花园 东风 长青 育才 金桥 康乐 双桥 百合 紫荆 明珠 南湖 北苑 向阳 玉带 "
    "天桥 鼓楼"
)
FIRM_WORDS = _words("恒 泰 盛 宏 鑫 瑞 嘉 达 源 通 华 信 诚 顺 丰 茂 锦 悦 启 卓 云 澄 溪 星 川 岳")
FIRM_TRADES = _words("机械 纺织 食品 建材 物流 电子 包装 商贸 家具 印刷 环保 科技 化工 农业 医疗器械 旅游")
SOCIETIES = _words(
    "志愿服务协会 养老服务中心 律师事务所 会计师事务所 民办幼儿园 行业商会 文化艺术协会 青少年社工中心"
)
OFFICES = _words(
    "办公室 组织 宣传 统战 政法 纪检监察 发改 财政 教育 科技 工信 民政 司法 人社 "
    "自然资源 住建 交通 水利 农业农村 商务 文旅 卫健 应急 审计 市场监管 统计 医保 "
    "信访 林业 城管 行政审批 退役军人 档案 党校 总工会 团委 妇联 科协 残联 工商联 "
    "供销 气象 税务"
)


def person(random: Random) -> str:
    """A name of two or three characters."""
    given = random.choice(_FIRST)
    if random.random() >= _ONE_CHARACTER:
        given += random.choice(_SECOND)
    return random.choice(_SURNAMES) + given


def firm(random: Random, number: int) -> str:
    """A firm's name; the number makes it one of its kind."""
    first, second = random.sample(FIRM_WORDS, 2)
    trade = FIRM_TRADES[number % len(FIRM_TRADES)]
    return f"澄溪{first}{second}{trade}有限公司（{number:03d}）"
