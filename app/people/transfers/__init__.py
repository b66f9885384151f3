"""Files of staff: what each row would do to the register on a day, and doing it (異動の取込)."""
