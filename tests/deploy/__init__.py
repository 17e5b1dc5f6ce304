"""What is installed and how it is run: wheels, recipes, nginx, a Hub."""
