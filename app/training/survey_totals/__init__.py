"""所属長に見せるアンケートの集計: what a run's survey adds up to, for the heads of its people."""
