#pragma once
#include "adapters/rails/rail.h"
#include <map>

namespace cho40::rails::vnpay {

// VNPAY's IPN (https://sandbox.vnpayment.vn/apis): a GET whose query tells of one payment to a merchant account
// (vnp_TmnCode) for an order of ours (vnp_TxnRef), with vnp_SecureHash over it. The secret is the hash secret. Amounts are
// đồng times 100.
//
// The answer is always 200 with an RspCode. VNPAY stops at 00 and 02 and calls again, at most ten times, five minutes
// apart, at everything else. What it prescribes for 01 (order not found), 04 (amount differs) and 02 (order already
// confirmed) is about the order; by the time VNPAY calls, the payer's money has been taken, and VNPAY settles it to the
// merchant by its own files, whatever the answer says. So the money is made durable and booked first, as nameless, short, over
// or second money where need be, and the answer then tells truly how the order stood. An 01 or 04 brings one more call, five
// minutes later; that is a repeat, answered with 02, and VNPAY is done. Refusing the money because of its order would only
// leave our books without what the settlement will hold. A merchant account that is nobody's here is answered with 01 too; its
// money is kept and booked once somebody has it. Where the order is not found in time, the answer is 00: it is recorded.
//
// What is not kept at all: a payment that failed (00), a wrong hash (97), and what cannot be read or written (99).
//
// vnp_PayDate is the time of the payment, the same in each call; there is no time of signing, so a late repeat is heard.
[[nodiscard]] Rail const& rail();

// What is signed: all of the query but vnp_SecureHash, vnp_SecureHashType and what is empty, sorted by name, each name and
// value form-encoded, joined by "=" and "&".
[[nodiscard]] std::string canonical(std::map<std::string, std::string> const& query);

// The provider's side: the query that tells of a payment of `credit`. provider_order is the order, provider_id VNPAY's own
// number (what is read has both: NUMBER/ORDER). `response_code` other than "00" is a payment that failed.
[[nodiscard]] RawNotification notification(qr_pay::BankCredit const& credit, RailSecret const& secret, Instant sent_at,
                                           std::string_view response_code = "00");

}  // namespace cho40::rails::vnpay
