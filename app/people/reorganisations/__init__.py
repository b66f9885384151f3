"""Files of sections: what each row would do to the organisation, and doing it (改組の取込)."""
