"""What heads and coordinators see of their sections: who is late, who is away this week."""
