"""The words a roster may use; the same words fill drop-downs, filters and the database's checks."""

import datetime as dt

BEGINNING = dt.date(1900, 1, 1)
"""What was so before the first roster said anything counts from here."""

ORGANIZATION_KINDS = ("党委", "党总支", "党支部", "联合支部", "党小组", "派出党工委")
FIELDS = ("农村", "社区", "机关", "学校", "国企", "非公企业", "社会组织", "系统", "园区")
UNIT_KINDS = ("机关", "学校", "国企", "非公企业", "社会组织", "村", "社区", "其他")
COVERAGE = ("单独组建", "联合组建", "仅有个别党员", "无党员")
COVERED = ("单独组建", "联合组建")
SEXES = ("男", "女")
EDUCATION = ("研究生", "大学本科", "大专", "中专", "高中", "初中", "小学", "其他")
CATEGORIES = ("机关(学校)", "社区", "农村", "两新", "特殊群体")
STATES = ("正式", "预备")
EMPLOYMENT = ("在职", "离退休", "下岗", "大学生", "务农", "灵活就业", "其他")
JOINED_BY = ("发展", "转入")
LEFT_BY = ("转出", "出党", "去世")
POSTS = ("书记", "副书记", "第一书记", "组织委员", "宣传委员", "纪检委员", "统战委员", "委员", "组长")
