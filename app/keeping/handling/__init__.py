"""One person's data as the office handles it: disclosure, restriction (利用停止), hold."""
