#pragma once
#include "base/uuid.h"
#include "fees/tables.h"
#include <memory>

namespace cho40::fees {

struct FeeSchedule {};  // tag of an imported schedule's id

// The tables by which everything is assessed at this moment, for all who assess in this process. What one assessment looks into
// is one and the same: take current() once and keep it until the answer is there.
class TablesInForce {
public:
    // `number` counts the schedules approved so far; 0 is the one that belongs to the program.
    struct Source {
        std::int64_t number = 0;
        std::optional<Id<FeeSchedule>> id;
    };

    explicit TablesInForce(FeeTables embedded) : tables_(std::make_shared<FeeTables const>(std::move(embedded))) {}

    [[nodiscard]] std::shared_ptr<FeeTables const> current() const { return tables_; }
    [[nodiscard]] Source const& source() const { return source_; }
    // An older schedule than the one that is here changes nothing: whoever reads slowly does not turn time back.
    void put(FeeTables tables, Source source);

private:
    std::shared_ptr<FeeTables const> tables_;
    Source source_;
};

}  // namespace cho40::fees
