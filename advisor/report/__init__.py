"""What leaves the room: the client's handout, the adviser's edition, everything kept about a client, and their PDFs."""
