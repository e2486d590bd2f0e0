"""How good it is: measures, and the runs that they are taken of."""
