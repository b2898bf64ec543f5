#pragma once
#include "base/result.h"
#include "fees/receipt.h"
#include <optional>
#include <string>
#include <string_view>

namespace cho40::documents {

// A receipt to print or to keep: sheets, and slips for the two widths of receipt printers.
enum class ReceiptPaper { a5, a4, slip_80mm, slip_58mm };
[[nodiscard]] std::optional<ReceiptPaper> receipt_paper_named(std::string_view name);  // "a5", "a4", "80mm", "58mm"

struct ReceiptPrint {
    fees::Receipt const& receipt;
    std::string verify_url;  // in the QR code: "https://cho40.example/verify?code=W3HT9KQ27MPA"
    std::string signed_by;   // subject of the certificate; "" while nobody has signed it
};

// One page: everything that NĐ 254/2026 asks for, what became of the receipt since it was issued, and the code by which anybody
// may verify it. Text can be selected, fonts are within. Nothing is cut: a slip is as long as it has to be, and on a sheet letters
// get smaller. The same receipt gives the same bytes until something becomes of it. Errors: invalid_input (a link that no
// symbol carries), internal_error.
[[nodiscard]] Result<std::string> receipt_pdf(ReceiptPrint const& print, ReceiptPaper paper);

}  // namespace cho40::documents
