"""What is agreed with other portals: addresses, deployments, materials, limits, who approved it."""
