"""Who takes part and who acts: members and organizations as of today, accounts and whom they stand for."""
