"""The pages of accounts, by whom they are about; `accounts/web.py` gathers their routes."""
