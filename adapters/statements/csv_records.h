#pragma once
#include "base/csv.h"
#include <algorithm>
#include <memory>
#include <vector>

namespace cho40::statements {

// The records of a CSV file, a record a row, out of blocks of it: neither the file nor its cells are ever in memory whole.
template <class Record>
class CsvRecords {
public:
    using ReadRow = Result<Record> (*)(CsvRows::Row const& row);

    // `bytes_in_all` is the size of the file where it is known: room is made once for as many records as it will hold.
    CsvRecords(std::vector<std::string> columns, ReadRow read, std::uint64_t bytes_in_all)
        : state_(std::make_unique<State>()),
          rows_(std::move(columns), [state = state_.get(), read](CsvRows::Row const& row) -> Result<Done> {
              CHO_TRY(auto record, read(row));
              state->records.push_back(std::move(record));
              return Done{};
          })
    {
        state_->bytes_in_all = bytes_in_all;
    }

    // Errors: those of CsvRows and of reading a row.
    [[nodiscard]] Result<Done> feed(std::string_view block)
    {
        auto const before = state_->fed;
        state_->fed += block.size();
        CHO_TRY_DO(rows_.feed(block));
        if (before == 0 && state_->bytes_in_all > state_->fed) {
            // The first block tells how long a record is; one in sixty-four more for rows that are shorter.
            auto const expected = state_->records.size() * (state_->bytes_in_all / std::max<std::uint64_t>(state_->fed, 1) + 1);
            state_->records.reserve(expected + expected / 64);
        }
        return Done{};
    }

    [[nodiscard]] Result<std::vector<Record>> finish()
    {
        CHO_TRY_DO(rows_.finish());
        return std::move(state_->records);
    }

private:
    struct State {
        std::vector<Record> records;
        std::uint64_t bytes_in_all = 0;
        std::uint64_t fed = 0;
    };
    std::unique_ptr<State> state_;
    CsvRows rows_;
};

}  // namespace cho40::statements
