"""Who sees what: every role, marking and need to know, at every place where a row could show."""
