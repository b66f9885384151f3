"""受講率: how many of each section have completed what they are to take, and how that grew."""
