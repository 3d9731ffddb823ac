"""Quarterly dispatch 季调度: the list of who is late, what is told, what is answered."""
