"""The words of the library: kinds of projects, how long texts may be."""

from enum import StrEnum

PLUGIN = "project_ledger"


class Kind(StrEnum):
    """What a project is to the district."""

    MAIN = "main"
    DEMONSTRATION = "demonstration"
    LOCAL = "local"


KIND_WORDS: dict[Kind, str] = {
    Kind.MAIN: "主体项目",
    Kind.DEMONSTRATION: "示范项目",
    Kind.LOCAL: "特色项目",
}
KIND_EXPLAINED: dict[Kind, str] = {
    Kind.MAIN: "本地统一实施",
    Kind.DEMONSTRATION: "镇街、系统和单位带头，供各处对照",
    Kind.LOCAL: "本单位自己的做法",
}
LONGEST_TEXT, LONGEST_TITLE, LONGEST_NAME, LONGEST_UNIT = 2000, 100, 60, 20
