"""The clerk's side of redemption: the pick-up desk, gifts and their stock, the rule, who is paused."""
