"""A picture that stands, and new reports that join it one by one."""
