#include "adapters/postgres/copy.h"
#include "base/check.h"
#include <cstring>
#include <endian.h>
#include <limits>

namespace cho40::postgres {

CopyRows::CopyRows(int columns, std::size_t bytes_expected) : expected_(bytes_expected), columns_(columns)
{
    CHO_CHECK(columns > 0);
    CHO_CHECK(columns <= 1600);
}

void CopyRows::begin_stream()
{
    static constexpr char signature[] = "PGCOPY\n\377\r\n";  // and the NUL that ends the literal: eleven bytes
    static_assert(sizeof signature == 11);
    bytes_.reserve(expected_);
    bytes_.append(signature, sizeof signature);
    bytes_.append(8, '\0');  // flags, length of the header extension
}

void CopyRows::begin_row()
{
    CHO_CHECK(fields_left_ == 0);
    if (bytes_.empty()) begin_stream();
    append_be16(bytes_, static_cast<std::uint16_t>(columns_));
    fields_left_ = columns_;
    ++rows_;
}

void CopyRows::null()
{
    CHO_CHECK(fields_left_ > 0);
    --fields_left_;
    append_be32(bytes_, 0xffffffff);
}

void CopyRows::end_field(std::size_t at)
{
    CHO_CHECK(fields_left_ > 0);
    --fields_left_;
    auto const size = bytes_.size() - at - 4;
    CHO_CHECK(size <= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()));
    auto const length = htobe32(static_cast<std::uint32_t>(size));
    std::memcpy(bytes_.data() + at, &length, sizeof length);
}

std::vector<std::string> CopyRows::finish()
{
    CHO_CHECK(fields_left_ == 0);
    if (bytes_.empty()) begin_stream();
    append_be16(bytes_, 0xffff);
    rows_ = 0;
    std::vector<std::string> chunks;
    chunks.push_back(std::move(bytes_));
    bytes_ = {};
    return chunks;
}

}  // namespace cho40::postgres
