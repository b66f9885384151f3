"""What a change of one seat sets off: the other seat, the order's next version, who moves up."""
