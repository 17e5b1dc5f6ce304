"""What is on the screen: widgets that draw a session, and nothing that decides."""
