"""What threatens: supply, spread and use of technology, armed groups, incidents and their harm."""
