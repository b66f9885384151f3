"""What of an enrolment is still to be reported."""
