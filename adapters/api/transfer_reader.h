#pragma once
#include "adapters/http/ids.h"
#include "base/result.h"
#include "ledger/command.h"
#include <memory>
#include <string>
#include <vector>

namespace cho40::http {

template <>
struct IdPrefix<ledger::Transfer> {
    static constexpr std::string_view value = "trf";
};

}  // namespace cho40::http

namespace cho40::api {

// Most transfers, or accounts, in one request.
inline constexpr std::size_t ledger_lines_max = 8'000;
inline constexpr std::size_t bulk_bytes_max = 4 * 1024 * 1024;  // 8,000 lines with every member at its longest

// Greatest amount, account number and limit, and the least limit below zero: what every JSON reader keeps exactly.
inline constexpr std::int64_t whole_max = 9'007'199'254'740'991;

// What may not stand in a reference.
[[nodiscard]] constexpr bool is_control_character(char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }

// Codes below are reasons of the product's own; those above do not fit the journal's column.
inline constexpr std::int64_t general_code_min = 1'000;
inline constexpr std::int64_t general_code_max = 32'767;

// What one transfer of a request says.
struct TransferLine {
    ledger::Transfer transfer;
    // Chained with the next one. What cannot be read counts as linked: the end of a chain is seen only where a line that
    // is readable so far says so, and half a chain is never posted.
    bool linked = false;
    std::vector<FieldError> faults;  // pointers from the line's own object: "/amount/amount"
};

struct OneTransfer {
    ledger::BookId book;
    TransferLine line;
};

struct BulkTransfers {
    ledger::BookId book;
    std::vector<TransferLine> lines;
};

// A book's number as it stands in addresses and bodies: decimal digits. Error: not_found.
[[nodiscard]] Result<ledger::BookId> parse_book(std::string_view text);

// Reads transfers out of JSON, straight into what the ledger takes. As strict as JsonBody - no unknown member, none twice,
// whole numbers only - and an order of magnitude quicker, because no tree is built: 8,000 lines may not hold up the loop
// that everybody else is waiting for.
class TransferReader {
public:
    explicit TransferReader(Clock const& clock);
    ~TransferReader();
    TransferReader(TransferReader const&) = delete;
    TransferReader& operator=(TransferReader const&) = delete;

    // The body is left as it was but for its capacity: the parser reads a little beyond the end.
    // Errors: invalid_json, wrong_type (not an object), and of members: validation_failed, unknown_field.
    [[nodiscard]] Result<OneTransfer> read_one(std::string& body);
    // What is wrong with one line stands in the line; what is wrong with the whole fails it.
    [[nodiscard]] Result<BulkTransfers> read_bulk(std::string& body);

private:
    // Nothing has happened later than this: our clock, and what those of callers may be ahead of it.
    [[nodiscard]] Instant latest() const;

    struct Inside;
    std::unique_ptr<Inside> inside_;
    Clock const& clock_;
};

}  // namespace cho40::api
