"""The screens: widgets that draw a session or the desk. No rule of advising stands here."""
