"""Who has an account here: their names, and which part of the tenant an account belongs to."""

from jiceng.accounts.queries import account_info, names_of
from jiceng.accounts.schemas import AccountInfo

__all__ = ["AccountInfo", "account_info", "names_of"]
