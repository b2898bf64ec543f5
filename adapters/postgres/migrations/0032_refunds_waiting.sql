-- What a second person has to decide about is listed for whole markets: an index of the refunds that await approval, which are few.
-- Locks: writes to refund, for as long as it takes to read it once. Back: drop the index.

CREATE INDEX refund_waiting_idx ON refund (refund_id) WHERE state = 0;
