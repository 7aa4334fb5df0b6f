"""What runs the night: dagster definitions, the steps between them and the command line."""
