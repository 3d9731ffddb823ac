"""What `jiceng check` tells: where, what is wrong, what to do; one entry per rule, in both languages."""

import msgspec


class Rule(msgspec.Struct, frozen=True):
    """One thing the lint looks for (tenancy.md rule 6, threats T01–T24)."""

    zh: str
    en: str
    todo_zh: str


class Finding(msgspec.Struct, frozen=True):
    """One defect: the rule's name, the table, role or function, and the words for a person."""

    rule: str
    where: str
    what_zh: str
    what_en: str
    todo_zh: str

    def __str__(self) -> str:
        """Return one line: where, what, what to do."""
        return f"{self.where}：{self.what_zh}。{self.todo_zh}（{self.rule}: {self.what_en}）"


_MIGRATE = "运行 jiceng migrate 让保护步骤补齐"
_DERIVE = "让它继承 TenantTable（租户数据）或 GlobalTable（公共字典），并登记在 piccolo_app.py"

RULES = {
    "row-security-off": Rule("没有启用行级安全", "row security is off", _MIGRATE),
    "row-security-not-forced": Rule(
        "没有强制行级安全（所有者不受限）", "row security is not forced", _MIGRATE
    ),
    "policy-missing": Rule("缺少租户策略", "the tenant policy is missing", _MIGRATE),
    "policy-without-check": Rule(
        "策略没有 WITH CHECK，可写入别的租户", "policy without WITH CHECK", _MIGRATE
    ),
    "policy-true": Rule("策略恒为真，所有租户都可见", "a policy is always true", "删除该策略后" + _MIGRATE),
    "policy-foreign": Rule(
        "有一条不认识的策略（策略之间是“或”）", "an unexpected policy", "删除该策略后" + _MIGRATE
    ),
    "moment-fixed": Rule(
        "时间列的默认值是建表那一刻，漏填的记录会写错时间",
        "a column of moments has the moment of the migration as its default",
        _MIGRATE,
    ),
    "tenant-id-missing": Rule(
        "表没有 tenant_id，也不是公共表", "no tenant_id and not a global table", _DERIVE
    ),
    "tenant-id-nullable": Rule("tenant_id 可为空或不是整数", "tenant_id is nullable or no integer", _DERIVE),
    "table-undeclared": Rule("表有 tenant_id 却没有登记", "a table with tenant_id is not declared", _DERIVE),
    "table-absent": Rule("已登记的表不存在", "a declared table does not exist", "运行 jiceng migrate"),
    "primary-key": Rule("主键不是 (tenant_id, id)", "the primary key is not (tenant_id, id)", _MIGRATE),
    "index-without-tenant": Rule(
        "索引不以 tenant_id 开头", "an index does not start with tenant_id", "改用 _indexes"
    ),
    "unique-without-tenant": Rule(
        "唯一约束不以 tenant_id 开头，会泄露别的租户是否存在",
        "a unique index leaves tenant_id out",
        "改用 Unique(['tenant_id', …])",
    ),
    "foreign-key-without-tenant": Rule(
        "外键不含 tenant_id，可指向别的租户",
        "a foreign key leaves tenant_id out",
        "改用 TenantKey 后" + _MIGRATE,
    ),
    "view-of-owner": Rule(
        "视图没有 security_invoker，会看到所有租户", "a view without security_invoker", "删除视图或设置它"
    ),
    "materialised-view": Rule("物化视图不受行级安全约束", "a materialised view", "删除它"),
    "foreign-table": Rule("外部表不受行级安全约束", "a foreign table", "删除它"),
    "definer-function": Rule("SECURITY DEFINER 函数不在允许名单内", "a SECURITY DEFINER function", "删除它"),
    "definer-search-path": Rule(
        "SECURITY DEFINER 函数没有固定 search_path", "no pinned search_path", "加 set search_path"
    ),
    "granted-to-public": Rule(
        "权限授予了所有人（PUBLIC）", "something is granted to PUBLIC", "revoke … from public"
    ),
    "right-beyond-plan": Rule("角色的权限多于声明", "a role has rights beyond the declaration", _MIGRATE),
    "right-missing": Rule("角色缺少声明的权限", "a role lacks a declared right", _MIGRATE),
    "granted-by-default": Rule(
        "今后新建的对象会自动授权", "default privileges grant rights", "alter default privileges … revoke"
    ),
    "column-granted": Rule(
        "单列授权，绕过了表的声明", "a column has rights of its own", "revoke … (列) on …"
    ),
    "outside-public": Rule(
        "表不在 public 中，保护和检查都看不到它", "a relation outside schema public", "移到 public 并登记"
    ),
    "sequence-usable": Rule(
        "服务角色可用序列，会泄露数量", "a service role may use a sequence", "revoke … on sequence"
    ),
    "schema-create": Rule(
        "服务角色可在 public 中建对象", "a service role may create in schema public", "revoke create"
    ),
    "owner-wrong": Rule(
        "表的所有者不是 jiceng_owner", "the owner is not jiceng_owner", "alter table … owner to jiceng_owner"
    ),
    "role-too-strong": Rule(
        "服务角色是超级用户、可绕过行级安全或可建角色",
        "a service role is superuser, BYPASSRLS or CREATEROLE",
        "alter role … nosuperuser nobypassrls nocreaterole",
    ),
    "role-member": Rule(
        "服务角色属于别的角色，可借用其权限", "a service role is a member of another", "revoke … from …"
    ),
    "trigger-missing": Rule(
        "触发器缺失、被停用或被改过，记录可能被改动", "a trigger is missing, off or changed", _MIGRATE
    ),
    "routine-changed": Rule(
        "数据库函数缺失或与声明不同", "a function is missing or not as declared", _MIGRATE
    ),
    "pooler-undeclared": Rule(
        "地址经过连接池，却没有声明",
        "a pooler stands before the database and JICENG_POOLER does not say so",
        "设置 JICENG_POOLER=transaction，或直连 PostgreSQL",
    ),
    "pooler-not-allowed": Rule(
        "升级、补数、备份的地址不能经过连接池",
        "this URL must not lead through a pooler",
        "把这个地址改为直连 PostgreSQL",
    ),
    "pooler-splits-transactions": Rule(
        "连接池不保持事务（statement 模式），租户设置会丢失",
        "the pooler does not keep transactions together",
        "把连接池改为 transaction 模式（pool_mode = transaction）",
    ),
    "login-changed": Rule(
        "连接池用别的角色登录，各角色的权限不再分开",
        "the pooler logs in as another role than the URL names",
        "去掉连接池配置中的 user=，让每个角色以自己的名字登录",
    ),
    "server-too-old": Rule(
        "服务器缺少安全更新", "the server lacks a security release", "升级到该大版本的最新小版本"
    ),
}


def finding(rule: str, where: str) -> Finding:
    """Return one finding of `rule` at `where`."""
    text = RULES[rule]
    return Finding(rule, where, text.zh, text.en, text.todo_zh)
