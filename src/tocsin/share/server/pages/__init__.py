"""The server for people: pages drawn here, with little JavaScript and nothing from outside."""
