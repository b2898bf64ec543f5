#pragma once
#include "base/result.h"
#include <cstddef>
#include <functional>
#include <string_view>

namespace cho40::http {

// Undoes Content-Encoding: gzip (RFC 9110 §8.4.1.3) piece by piece: `take` gets at most 64 KiB at a time, so what is
// only counted or hashed takes no more memory than that.
// Errors: body_too_large as soon as more than `bytes_max` come out (a small body can hold any amount), invalid_input for
// what is no whole gzip member, for bytes behind it, and for a wrong check sum.
[[nodiscard]] Result<Done> gunzip(std::string_view coded, std::size_t bytes_max, std::function<void(std::string_view)> const& take);

}  // namespace cho40::http
