"""What the route matrix sends to the pages of accounts, tokens, imports and runs, and of the frame."""

FORMS: dict[str, dict[str, str]] = {
    "/t/{tenant:str}/import/{upload_id:uuid}/titles": {"table": "member", "title": "代号", "field": ""},
    "/t/{tenant:str}/imports/{brought:uuid}/undo": {"reason": "传错了"},
    "/language": {"to": "zh", "back": "/"},
    "/t/{tenant:str}/language": {"to": "zh", "back": "/"},
    "/t/{tenant:str}/find": {"page_": "members", "name": "林", "category": "社区"},
    "/t/{tenant:str}/members/optional": {"fields": ""},
    "/t/{tenant:str}/members/find": {"number": "13900000000"},
    "/t/{tenant:str}/members/{member:uuid}/label": {"level": "0", "reason": "核对"},
    "/t/{tenant:str}/accounts": {"login": "new", "name": "新人", "role": "unassigned"},
    "/t/{tenant:str}/accounts/{account:uuid}/role": {"role": "viewer", "scope": "all"},
    "/t/{tenant:str}/security": {"policy": "asvs", "admins_prove": "no"},
    "/t/{tenant:str}/tokens": {"name": "对接程序", "scopes": "view_runs", "days": "30"},
    "/t/{tenant:str}/runs": {
        "scheme": "points",
        "day": "2027-06-30",
    },  # a year that no request before this one has opened
}
FILES = {
    "/t/{tenant:str}/import": "roster.xlsx",
    "/t/{tenant:str}/facts/import/{key:str}": "facts/points.xlsx",
    "/t/{tenant:str}/attachments/{subject:uuid}": "roster.xlsx",
}
ANSWERED: dict[str, set[int]] = {
    "/t/{tenant:str}/members/find": {404},  # nobody has the number
    "/t/{tenant:str}/imports/{brought:uuid}/undo": {409},  # everything was built on it
    "/t/{tenant:str}/login": {401},
    "/t/{tenant:str}/login/code": {401},
    "/t/{tenant:str}/tokens": {422},  # the security administrator has no permission that a token may have
    "/t/{tenant:str}/password": {401},
    "/t/{tenant:str}/invitation/{token:str}": {422},
    "/t/{tenant:str}/accounts/{account:uuid}/enable": {409},  # the one before enabled it
    "/t/{tenant:str}/second-factor": {409},  # those who must have one have it
    "/t/{tenant:str}/second-factor/confirm": {401, 409},
    "/t/{tenant:str}/second-factor/recovery": {401},
    "/t/{tenant:str}/second-factor/remove": {401},
    "/t/{tenant:str}/security/three": {422},
    "/t/{tenant:str}/security/one": {409},
}
"""Forms whose content is refused here; that they are answered at all is what counts."""
NO_ID = {"tenant", "rest", "file_path", "key"}
FIXED = {"rest": "api/user/", "file_path": "console.css"}
