"""The keys of encrypted columns: renewed, wrapped anew, values moved to the current one."""
