#pragma once
#include "reconcile/records.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cho40::statements {

// A provider's daily file, whichever of its two forms it has.
struct ProviderFile {
    std::string partner;                    // the CSV does not say more than its file id
    std::optional<Day> business_date;       // always there in the pipe form; the CSV has none without lines
    int revision = 1;
    std::optional<Instant> created_at;
    std::vector<reconcile::ProviderLine> lines;
};

// Columns file_id, line_no, business_date, provider_txn_id, order_ref, type (PAY, REFUND), amount_vnd, fee_vnd, net_vnd,
// status (SUCCESS, FAILED), txn_time (local), settlement_batch, settlement_date.
// Errors: invalid_csv, invalid_utf8, invalid_input, invalid_date, with pointer "line N".
[[nodiscard]] Result<ProviderFile> read_provider_csv(std::string_view bytes);
[[nodiscard]] std::string write_provider_csv(std::vector<reconcile::ProviderLine> const& lines);

// The platform's own profile for partners without one: UTF-8, LF,
//   H|CHO40|DS|partner|yyyymmdd|revision|created_at
//   D|seq|order_ref|provider_txn_id|PAY or REFUND|amount|fee|net|status|yyyyMMddHHmmss|batch|settle_yyyymmdd
//   T|count|sum_gross|sum_fee|sum_net|sha256 of all bytes before this line
// created_at is local yyyyMMddHHmmss or RFC 3339. count is of all D lines; the sums are of the successful ones, refunds
// with a minus. The file id of its lines is partner-yyyymmdd-revision.
// Errors: invalid_input, invalid_date, invalid_utf8 with pointer "line N"; file_integrity when the trailer is missing or
// does not agree.
[[nodiscard]] Result<ProviderFile> read_provider_pipe(std::string_view bytes);
// Errors: invalid_input (a field holds '|' or a line break), amount_overflow.
[[nodiscard]] Result<std::string> write_provider_pipe(ProviderFile const& file);

// Reads either form out of blocks of the file and tells which it is by the first bytes.
class ProviderFileReader {
public:
    // `bytes_in_all`: the size of the file where it is known.
    explicit ProviderFileReader(std::uint64_t bytes_in_all = 0);
    ~ProviderFileReader();
    ProviderFileReader(ProviderFileReader&&) noexcept;
    ProviderFileReader& operator=(ProviderFileReader&&) noexcept;

    // Errors: those of the two forms. After an error nothing more may be fed.
    [[nodiscard]] Result<Done> feed(std::string_view block);
    [[nodiscard]] Result<ProviderFile> finish();

private:
    struct Form;
    void choose(std::string_view first_bytes);
    std::uint64_t bytes_in_all_;
    std::string head_;  // the first bytes until the form is known
    std::unique_ptr<Form> form_;
};

// The same at once.
[[nodiscard]] Result<ProviderFile> read_provider_file(std::string_view bytes);

}  // namespace cho40::statements
