#include "etax/filing_number.h"
#include <fmt/format.h>

namespace cho40::etax {

std::string idempotency_key(FilingKey const& key)
{
    return fmt::format("{}|{}|{}:{}|{}|{}", key.tax_code, key.form_code, key.period.form_kind(), key.period.form_text(),
                       key.number.letter(), key.number.number);
}

SameKey compare(std::optional<Sha256> const& stored, Sha256 const& about_to_send)
{
    if (!stored) return SameKey::new_key;
    return *stored == about_to_send ? SameKey::identical : SameKey::differs;
}

}  // namespace cho40::etax
