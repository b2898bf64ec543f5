#pragma once
#include "adapters/pages/parts.h"

namespace cho40::pages {

// What a receipt is worth today, as a colour, an icon and words.
struct ReceiptWorth {
    Tone tone;
    Icon icon;
    std::string title, text;
};

// The way to the proof that the ledger holds the receipt's money; nothing for receipts that have none.
[[nodiscard]] Html proof_button(Page const& page, fees::Receipt const& receipt);
[[nodiscard]] ReceiptWorth state_of(Page const& page, fees::Receipt const& receipt);

}  // namespace cho40::pages
