"""Acts that need a second person: asked for by one, approved or rejected by another (control 19)."""

from jiceng.accounts.second_person.asking import Awaiting, guarded, pass_once
from jiceng.accounts.second_person.kinds import KINDS, Act

__all__ = ["KINDS", "Act", "Awaiting", "guarded", "pass_once"]
