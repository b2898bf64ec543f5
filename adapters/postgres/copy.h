#pragma once
#include "adapters/postgres/types.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::postgres {

// Rows in the binary form COPY reads, written one after the other into one buffer. The columns' types must be exactly
// those of the table: COPY converts nothing (an int64 into an int4 column is 22P03).
//
//   CopyRows rows(9);                        // columns in each row
//   rows.begin_row(); rows.add(book); rows.add(seq); ... rows.null();
//   co_await connection.copy_in(sql, rows.finish());
class CopyRows {
public:
    explicit CopyRows(int columns, std::size_t bytes_expected = 64 * 1024);

    // Pre: the row before is complete (checked).
    void begin_row();
    template <Writable T>
    void add(T const& value)
    {
        auto const at = bytes_.size();
        append_be32(bytes_, 0);
        PgType<T>::write(bytes_, value);
        end_field(at);
    }
    template <Writable T>
    void add(std::optional<T> const& value)
    {
        if (value) add(*value);
        else null();
    }
    void add(char const* text) { add(std::string_view(text)); }
    void null();

    [[nodiscard]] std::size_t row_count() const { return rows_; }
    [[nodiscard]] std::size_t byte_count() const { return bytes_.size(); }

    // Ends the stream and gives it away; the builder is empty again and keeps nothing.
    [[nodiscard]] std::vector<std::string> finish();

private:
    void begin_stream();
    void end_field(std::size_t at);

    std::string bytes_;
    std::size_t rows_ = 0;
    std::size_t expected_;
    int columns_;
    int fields_left_ = 0;
};

}  // namespace cho40::postgres
