-- What a provider calls a stall's account in its notifications, where that is not the account's number: the terminal of VNPAY, the
-- partner code of MoMo, the app_id of ZaloPay. Codes name the account itself, which every bank's app can pay.
-- Locks: receiving_account for an instant (a constant default rewrites nothing); the index is built over what is there, thousands of
-- rows. Back: drop the column.

ALTER TABLE receiving_account ADD COLUMN provider_account text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX receiving_account_provider_key ON receiving_account (book_id, provider_account) WHERE provider_account <> '';
