"""What goes between the server and a workspace: results come in, reports and corrections go."""
