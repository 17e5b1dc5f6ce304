"""The desk: the list of clients, the page of one client, the forms of clients and of the office's contacts."""
