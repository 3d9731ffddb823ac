"""The database: tenant context, transactions, tables that PostgreSQL itself keeps apart, bulk in and out."""
