"""How numbers and lines are shown to people, in all stages alike: colours, and claimed bounds."""
