"""What a project costs and how good it is: budget, quotes and award, contract, certification, assessment."""
