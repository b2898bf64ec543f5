#include "adapters/national_pay/checksum.h"
#include "base/digest.h"

namespace cho40::national_pay {

std::string checksum(std::initializer_list<std::string_view> fields, Secret const& secret)
{
    std::string joined;
    for (auto const field : fields) {
        joined += field;
        joined += '|';
    }
    return to_hex(sha256(joined + secret.expose()));
}

bool fits(std::string_view expected, std::string_view given)
{
    std::string lower(given);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    }
    return equal_in_constant_time(expected, lower);
}

}  // namespace cho40::national_pay
