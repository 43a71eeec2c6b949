"""What rules ask of classes: what is above them, what their instances hold, and what other packages give them."""
