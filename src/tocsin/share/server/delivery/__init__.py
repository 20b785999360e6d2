"""What goes out by itself: webhooks to programs, and the text of a daily digest to people.

Each is made for one reader, of what that reader may see at the moment of sending.
"""
