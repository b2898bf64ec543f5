#pragma once
#include "fees/tables.h"
#include <gtest/gtest.h>

namespace cho40::fees {

// The tables of the binary, read once.
inline FeeTables const& embedded_tables()
{
    static FeeTables const tables = [] {
        auto read = FeeTables::embedded();
        EXPECT_TRUE(read) << read.error().pointer << ": " << read.error().detail;
        return *std::move(read);
    }();
    return tables;
}

}  // namespace cho40::fees
