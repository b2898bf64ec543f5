#pragma once
#include "fees/ports.h"
#include "fees/unassigned_rules.h"

namespace cho40::fees {

// What one credit does to the notice its payment request was made for. The notice decides, not the request: two
// requests of one notice may both be paid, and the second payment is owed back though its request lacked it.
//
//   not enough yet        bank → unassigned
//   reaches what is due   bank → unassigned; unassigned → fees (phí), unassigned → charges (lệ phí); bank → refund due
//                         for what is too much; one receipt for each kind
//   nothing was due       bank → refund due
//
// Errors: stale when the credit was counted before.
[[nodiscard]] Result<qr_pay::Consequences> settle(NoticeWithAgency const& before, qr_pay::Booking const& booking, Instant now,
                                                  Random& random, bool somebody_is_told);

// Money to agencies. Money that names no notice goes by UnassignedRules.
class NoticeRules final : public qr_pay::PayeeRules {
public:
    // `somebody_is_told`: a portal is configured; otherwise a paid notice has no second tick to wait for.
    NoticeRules(Notices& notices, ReceiptNumbers& numbers, Clock const& clock, Random& random, bool somebody_is_told)
        : notices_(notices), numbers_(numbers), clock_(clock), random_(random), somebody_is_told_(somebody_is_told)
    {
    }

    // Errors: those of settle(); series_exhausted when a receipt would have no number.
    [[nodiscard]] boost::asio::awaitable<Result<qr_pay::Consequences>> consequences(qr_pay::Booking booking) override;
    // Those of consequences_for(). Pre: the step is of a refund of a notice.
    [[nodiscard]] boost::asio::awaitable<Result<qr_pay::Consequences>> consequences_of(qr_pay::RefundStep step) override;

private:
    Notices& notices_;
    ReceiptNumbers& numbers_;
    Clock const& clock_;
    Random& random_;
    bool somebody_is_told_;
    UnassignedRules unassigned_;
};

}  // namespace cho40::fees
