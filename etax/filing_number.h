#pragma once
#include "base/digest.h"
#include "etax/period.h"
#include <optional>
#include <string>
#include <vector>

namespace cho40::etax {

// loaiTKhai and soLan: the official return is C with number 0; corrections after acceptance are B with 1, 2, …
enum class FilingType { official, supplementary };

struct FilingNumber {
    FilingType type = FilingType::official;
    int number = 0;

    [[nodiscard]] char letter() const { return type == FilingType::official ? 'C' : 'B'; }
    friend bool operator==(FilingNumber const&, FilingNumber const&) = default;
};

// Which return this is, for one taxpayer: filings are numbered by (tax code, form, period) and never globally.
struct FilingKey {
    std::string tax_code;   // canonical
    std::string form_code;  // maTKhai
    Period period;
    FilingNumber number;
};

// "022080000000|1266|Q:3/2026|C|0". The platform sends one document under one key; a second with other bytes is refused.
[[nodiscard]] std::string idempotency_key(FilingKey const& key);

enum class SameKey { new_key, identical, differs };
// Compares what is about to be sent with the digest stored under its key.
[[nodiscard]] SameKey compare(std::optional<Sha256> const& stored, Sha256 const& about_to_send);

}  // namespace cho40::etax
