"""Containers of records: text tables, Excel, Parquet, JSON and XML, packed or not."""
