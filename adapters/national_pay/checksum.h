#pragma once
#include "base/secret.h"
#include <initializer_list>
#include <string>
#include <string_view>

namespace cho40::national_pay {

// MaXacThuc: lower-case hex SHA-256 of the fields joined by '|', the secret as the last of them. A plain hash.
[[nodiscard]] std::string checksum(std::initializer_list<std::string_view> fields, Secret const& secret);

// In constant time; hex in either case is the same.
[[nodiscard]] bool fits(std::string_view expected, std::string_view given);

}  // namespace cho40::national_pay
