#include "adapters/postgres/params.h"
#include "base/check.h"
#include <cstring>
#include <endian.h>
#include <limits>

namespace cho40::postgres {

Params& Params::add_null(Oid type)
{
    fields_.push_back({type, 0, -1});
    return *this;
}

Params& Params::add_raw(Oid type, std::string_view value)
{
    auto const from = open(type);
    bytes_.append(value);
    close(from);
    return *this;
}

std::size_t Params::open(Oid type)
{
    CHO_CHECK(fields_.size() < 65535);
    auto const from = bytes_.size();
    fields_.push_back({type, static_cast<std::int32_t>(from), 0});
    return from;
}

void Params::close(std::size_t from)
{
    // libpq counts in int; requests and files are bounded far below this.
    CHO_CHECK(bytes_.size() <= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()));
    fields_.back().length = static_cast<std::int32_t>(bytes_.size() - from);
}

void Params::put_length(std::size_t at)
{
    auto const length = htobe32(static_cast<std::uint32_t>(bytes_.size() - at - 4));
    std::memcpy(bytes_.data() + at, &length, sizeof length);
}

}  // namespace cho40::postgres
