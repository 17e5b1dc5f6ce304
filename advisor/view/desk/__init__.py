"""The front desk: the list of clients, a client's page, the forms of both."""
