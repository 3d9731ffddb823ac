"""The burden rules: what must not be asked of people, with the document and the telltale words."""

import re
from typing import Literal

from msgspec import Struct

APP_RULES = "《政务移动互联网应用程序规范化管理办法》（国务院办公厅）"
FINGERTIPS = "《关于防治“指尖上的形式主义”的若干意见》（中央网络安全和信息化委员会）"
ENGLISH = {
    APP_RULES: "the rules for government mobile applications (General Office of the State Council)",
    FINGERTIPS: "the opinions against “formalism at the fingertips” (Central Cyberspace Affairs Commission)",
}
"""What the documents are called in English."""
Severity = Literal["refuse", "warn"]


class BurdenRule(Struct, frozen=True, kw_only=True):
    """One rule. `zh`: Chinese words (a pattern) in titles; `names`: words of ASCII names.

    `spared`: words that excuse a text. `scored`: severity when points or grades depend on it.
    """

    key: str
    title: str
    document: str
    zh: str
    names: frozenset[str]
    spared: str = ""
    scored: Severity = "refuse"
    todo: str = ""
    title_en: str
    todo_en: str

    def hit(self, text: str) -> str:
        """The words in `text` that the rule forbids, or ""."""
        if self.spared and re.search(self.spared, text):
            return ""
        found = re.search(self.zh, text)
        return found.group() if found else ""

    def hit_name(self, name: str) -> str:
        """The word of an ASCII name that the rule forbids, or ""."""
        words = [word for word in re.split(r"[_\W\d]+", name.lower()) if word]
        return next((word for word in words if word in self.names), "")


RULES: tuple[BurdenRule, ...] = (
    BurdenRule(
        key="check_in",
        title="强制打卡签到",
        document=FINGERTIPS,
        zh=r"打卡|签到|签退|签阅",
        spared=r"会议签到|签到表|签到册",
        names=frozenset({"checkin", "punch", "signin"}),
        todo="请去掉这一项，不以打卡、签到计分",
        title_en="forced check-ins",
        todo_en="Leave this item out: no points for checking in",
    ),
    BurdenRule(
        key="login",
        title="以安装、登录、使用率为指标",
        document=APP_RULES,
        zh=r"登录|登陆|安装率|注册率|激活率|活跃度|日活|月活|下载量|关注率|使用率",
        names=frozenset({"login", "install", "installs", "downloads", "logins"}),
        spared=r"登录在册|登录入册|场地使用率|阵地使用率|经费使用率|资金使用率",
        todo="请去掉这一项，不以登录、安装情况计分",
        title_en="installing, logging in, rates of use as a measure",
        todo_en="Leave this item out: no points for logging in or installing",
    ),
    BurdenRule(
        key="online_time",
        title="以在线时长为指标",
        document=APP_RULES,
        zh=r"(在线|上线|阅读|浏览|观看|停留|视听|刷课)(学习)?(时长|时间|秒数|分钟)|视听学习|在线时长",
        names=frozenset({"seconds", "online", "watch", "duration"}),
        todo="请去掉这一项，不以在线、阅读、观看时长计分",
        title_en="time spent online as a measure",
        todo_en="Leave this item out: no points for time online, reading or watching",
    ),
    BurdenRule(
        key="likes",
        title="以点赞、转发等为指标",
        document=FINGERTIPS,
        zh=r"点赞|转发|集赞|拉票|收藏|跟帖|刷屏|网络投票|阅读量|点击量",
        names=frozenset(
            {"like", "likes", "favourite", "favourites", "favorite", "favorites", "repost", "forward"}
        ),
        spared=r"文物收藏",
        todo="请去掉这一项，不以点赞、转发、收藏计分",
        title_en="likes, reposts and the like as a measure",
        todo_en="Leave this item out: no points for likes, reposts, favourites",
    ),
    BurdenRule(
        key="points_ranking",
        title="积分排名",
        document=FINGERTIPS,
        zh=r"积分排名|积分排行|排行榜|龙虎榜|积分榜|积分通报",
        names=frozenset({"leaderboard"}),
        todo="请去掉积分排名；名单只列等次，不列名次",
        title_en="ranking by points",
        todo_en="Leave the ranking out: lists name grades, no places",
    ),
    BurdenRule(
        key="tracks",
        title="不必要的轨迹定位",
        document=FINGERTIPS,
        zh=r"轨迹|定位打点|实时定位|GPS|行程上传",
        names=frozenset({"gps", "track", "tracks", "geolocation"}),
        todo="请去掉轨迹、定位要求",
        title_en="needless tracking of places",
        todo_en="Leave tracks and positions out",
    ),
    BurdenRule(
        key="photos",
        title="过度留痕：照片、截图",
        document=FINGERTIPS,
        zh=r"照片|拍照|截图|截屏|留痕|上传图片",
        names=frozenset({"photo", "photos", "screenshot", "screenshots"}),
        scored="warn",
        todo="请确认确有必要，能用已有材料的不要再拍照、截图",
        title_en="too many traces: photos, screenshots",
        todo_en="Make sure that it is needed; ask for none where there is material already",
    ),
)

TWICE = BurdenRule(
    key="twice",
    title="重复填报同一数据",
    document=FINGERTIPS,
    zh="(?!)",
    names=frozenset(),
    scored="warn",
    todo="请只填报一次，或改从名册、其他事实取得",
    title_en="the same data asked for twice",
    todo_en="Ask once only, or take it from the roster or another fact",
)
UNUSED = BurdenRule(
    key="unused",
    title="填报了却没有用处的数据",
    document=FINGERTIPS,
    zh="(?!)",
    names=frozenset(),
    scored="warn",
    todo="请去掉这项填报",
    title_en="data asked for that nothing uses",
    todo_en="Leave this fact out",
)
