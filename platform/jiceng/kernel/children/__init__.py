"""Code that is not ours computes in a child process with limits: its accidents stay there.

This contains accidents; it is not a security boundary.
"""

from jiceng.kernel.children.asking import ask
from jiceng.kernel.children.computing import ChildFault, Computing
from jiceng.kernel.children.protocol import Answer, Limits, Request

__all__ = ["Answer", "ChildFault", "Computing", "Limits", "Request", "ask"]
