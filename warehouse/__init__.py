"""What serves the figures: the home and its paths, publication, releases and walled-in reading."""
